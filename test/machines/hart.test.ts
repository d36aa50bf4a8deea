import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hart, hartAuthors } from '../../machines/hart.ts';
import { COUNTERS, type Counter, type Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const CALLBACKS = ['add', 'del', 'start', 'stop', 'read'] as const;

/** Two counters that turn over, and a CPU that runs one callback at a time while they stand. */
function cpu(wordBits: number, xlen: number): Oracle {
  const counters = { cycle: 0n, instret: 0n } as Record<(typeof COUNTERS)[number], bigint>;
  const of = (counter: Counter) => counter as (typeof COUNTERS)[number];
  let running: number | null = null;
  const register = ({ counter, half }: Fact<'csr.read'>): bigint =>
    half === 'low' ? BigInt.asUintN(xlen, counters[of(counter)]) : counters[of(counter)] >> BigInt(xlen);
  return {
    accepts: (fact) => {
      if (fact.type === 'hart.tick' || fact.type.endsWith('.call')) return running === null;
      if (fact.type === 'csr.read' && BigInt(fact.value) !== register(fact)) return false;
      return running === (fact as Fact<'add.return'>).event;
    },
    take: (fact) => {
      if (fact.type === 'hart.tick')
        counters[of(fact.counter)] = BigInt.asUintN(wordBits, counters[of(fact.counter)] + BigInt(fact.ticks));
      if (fact.type.endsWith('.call')) running = (fact as Fact<'add.call'>).event;
      if (fact.type.endsWith('.return')) running = null;
    },
    observe: () => ({ cycle: Number(counters.cycle), instret: Number(counters.instret), running }),
  };
}

const facts: Fact[] = [
  ...COUNTERS.flatMap((counter) => [1, 3].map((ticks): Fact => ({ type: 'hart.tick', hart: 0, counter, ticks }))),
  ...[0, 1].flatMap((event) => [
    ...CALLBACKS.flatMap((name) => [
      { type: `${name}.call`, event, hart: 0, flags: 0 } as Fact,
      { type: `${name}.return`, event, hart: 0, answer: 0 } as Fact,
    ]),
    { type: 'slots.read', event, hart: 0, nEvents: 0, occupied: [] } as Fact,
    { type: 'slots.compare', event, hart: 0, idx: 0, same: true } as Fact,
    { type: 'slots.write', event, hart: 0, idx: 0, bound: true } as Fact,
    { type: 'n_events.inc', event, hart: 0, value: 1 } as Fact,
    { type: 'n_events.dec', event, hart: 0, value: 0 } as Fact,
    ...COUNTERS.flatMap((counter) =>
      (['low', 'high'] as const).map((half): Fact => ({ type: 'csr.read', event, hart: 0, counter, half, value: 0 })),
    ),
  ]),
];

const run = (wordBits: number, xlen: number, coverage: Coverage): Promise<number> =>
  runPaths(
    {
      machine: hart,
      input: { wordBits, xlen },
      authors: hartAuthors,
      facts,
      oracle: () => cpu(wordBits, xlen),
      observe: ({ context: { cycle, instret, runs } }) => ({ cycle, instret, running: runs }),
    },
    coverage,
  );

test('a hart is two counters that turn over, and runs one callback at a time while they stand', async () => {
  const coverage = new Coverage(hart);
  await run(2, 2, coverage);
  assert.equal(coverage.unreached(), []);
});

test('on RV32 one CSR read is half of a counter, and the upper half is another register', async () => {
  const coverage = new Coverage(hart);
  await run(2, 1, coverage);
  assert.equal(coverage.unreached(), []);
});

test.run();
