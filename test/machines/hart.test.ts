import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type HartInput, hart, hartAuthors } from '../../machines/hart.ts';
import { COUNTERS, type Counter, type Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const CALLBACKS = ['add', 'del', 'start', 'stop', 'read'] as const;

type Extra = Pick<HartInput, 'writable' | 'interrupts'>;

/** Two counters that turn over, and a CPU that runs one callback at a time while they stand. */
function cpu(wordBits: number, xlen: number, { writable, interrupts }: Extra): Oracle {
  /** A counter that was written will interrupt when it turns over, once; then the interrupt waits to be taken. */
  const armed = new Set<Counter>();
  const waits = new Set<Counter>();
  const counters = { cycle: 0n, instret: 0n } as Record<(typeof COUNTERS)[number], bigint>;
  const of = (counter: Counter) => counter as (typeof COUNTERS)[number];
  let running: number | null = null;
  const register = ({ counter, half }: Fact<'csr.read'>): bigint =>
    half === 'low' ? BigInt.asUintN(xlen, counters[of(counter)]) : counters[of(counter)] >> BigInt(xlen);
  return {
    accepts: (fact) => {
      if (fact.type === 'overflow.call' || fact.type === 'overflow.stray')
        return running === null && waits.has(fact.counter);
      if (fact.type === 'hart.tick') return running === null && waits.size === 0;
      if (fact.type.endsWith('.call')) return running === null;
      if (fact.type === 'csr.write' && writable !== true) return false;
      if (fact.type === 'csr.read' && BigInt(fact.value) !== register(fact)) return false;
      return running === (fact as Fact<'add.return'>).event;
    },
    take: (fact) => {
      if (fact.type === 'hart.tick') {
        const sum = counters[of(fact.counter)] + BigInt(fact.ticks);
        counters[of(fact.counter)] = BigInt.asUintN(wordBits, sum);
        if (sum >= 2n ** BigInt(wordBits) && armed.delete(fact.counter)) waits.add(fact.counter);
      }
      if (fact.type === 'csr.write') {
        const old = counters[of(fact.counter)];
        const low = BigInt.asUintN(xlen, fact.half === 'low' ? BigInt(fact.value) : old);
        const high = fact.half === 'high' ? BigInt(fact.value) : old >> BigInt(xlen);
        counters[of(fact.counter)] = BigInt.asUintN(wordBits, (high << BigInt(xlen)) | low);
        waits.delete(fact.counter);
        if (interrupts) armed.add(fact.counter);
      }
      if (fact.type === 'overflow.call' || fact.type === 'overflow.stray') waits.delete(fact.counter);
      if (fact.type.endsWith('.call')) running = (fact as Fact<'add.call'>).event;
      if (fact.type.endsWith('.return')) running = null;
    },
    observe: () => ({
      cycle: Number(counters.cycle),
      instret: Number(counters.instret),
      running,
      armed: [...armed].sort(),
      waits: [...waits].sort(),
    }),
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
    { type: 'used_mask.read', event, hart: 0, used: [] } as Fact,
    { type: 'used_mask.set', event, hart: 0, idx: 0 } as Fact,
    { type: 'used_mask.clear', event, hart: 0, idx: 0 } as Fact,
    ...COUNTERS.flatMap((counter) =>
      (['low', 'high'] as const).map((half): Fact => ({ type: 'csr.read', event, hart: 0, counter, half, value: 0 })),
    ),
  ]),
];

/** What there is beside, where the counters can be written and interrupt. */
const ofWritable: Fact[] = [
  ...(['low', 'high'] as const).map(
    (half): Fact => ({ type: 'csr.write', event: 0, hart: 0, counter: 'cycle', half, value: 1 }),
  ),
  { type: 'csr.write', event: 1, hart: 0, counter: 'instret', half: 'low', value: 1 },
  ...COUNTERS.flatMap((counter): Fact[] => [
    { type: 'overflow.call', event: 0, hart: 0, counter },
    { type: 'overflow.stray', hart: 0, counter },
  ]),
  { type: 'overflow.return', event: 0, hart: 0 },
];

/** The same of one counter and one event alone: their values and interrupts are many. */
const ofOne = [...facts, ...ofWritable].filter(
  (fact) => (!('counter' in fact) || fact.counter === 'cycle') && (!('event' in fact) || fact.event === 0),
);

const run = (
  wordBits: number,
  xlen: number,
  coverage: Coverage,
  offered: readonly Fact[],
  extra: Extra = {},
): Promise<number> =>
  runPaths(
    {
      machine: hart,
      input: { wordBits, xlen, ...extra },
      authors: hartAuthors,
      facts: offered,
      oracle: () => cpu(wordBits, xlen, extra),
      observe: ({ context: { cycle, instret, runs, armed, pending } }) => ({
        cycle,
        instret,
        running: runs,
        armed,
        waits: pending,
      }),
    },
    coverage,
  );

/** What happens only where the counters can be written, and interrupt. */
const OF_WRITABLE = [
  'hart.callback on csr.write [0]',
  'hart.callback on csr.write [1]',
  'hart.callback on overflow.return [0]',
  'hart.outside on hart.tick [0]',
  'hart.outside on overflow.call [0]',
  'hart.outside on overflow.stray [0]',
];

test('a hart is two counters that turn over, and runs one callback at a time while they stand', async () => {
  const coverage = new Coverage(hart);
  await run(2, 2, coverage, [...facts, ...ofWritable]);
  // The return alone is no overflow: any callback's return that is its own is taken.
  assert.equal(
    coverage.unreached(),
    OF_WRITABLE.filter((name) => !name.includes('return')),
  );
});

test('on RV32 one CSR read is half of a counter, and the upper half is another register', async () => {
  const coverage = new Coverage(hart);
  await run(2, 1, coverage, [...facts, ...ofWritable]);
  assert.equal(
    coverage.unreached(),
    OF_WRITABLE.filter((name) => !name.includes('return')),
  );
});

test('counters that can be written interrupt once after each time, and the interrupt waits for the callback that runs', async () => {
  const coverage = new Coverage(hart);
  await run(2, 2, coverage, ofOne, { writable: true });
  await run(2, 2, coverage, ofOne, { writable: true, interrupts: true });
  await run(2, 1, coverage, ofOne, { writable: true, interrupts: true });
  // Two that wait at once.
  const both = [...facts, ...ofWritable].filter(({ type }) => /tick|overflow|csr.write|add/.test(type));
  await run(1, 1, coverage, both, { writable: true, interrupts: true });
  assert.equal(coverage.unreached(), []);
});

test.run();
