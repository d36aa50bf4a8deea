import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { slots, slotsAuthors } from '../../machines/slots.ts';
import { counterAt, type Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const BITS = 3;
const COUNTERS = 2;

/** The memory of `struct cpu_hw_events`: `n_events` first, then `events[]`, then something else. */
function memory(): Oracle {
  const cells: (number | null)[] = Array.from({ length: COUNTERS }, () => null);
  const bits = new Set<number>();
  let nEvents = 0;
  let overrun = false;
  const counted = (step: number): number => {
    const half = 2 ** (BITS - 1);
    return ((nEvents + step + 3 * half) % (2 * half)) - half;
  };
  return {
    accepts: (fact) => {
      switch (fact.type) {
        case 'slots.read':
          return fact.nEvents === nEvents && fact.occupied.every((is, idx) => is === (cells[idx] !== null));
        case 'slots.compare':
          return fact.same === (cells[fact.idx] === fact.event);
        case 'used_mask.read':
          return fact.used.every((is, idx) => is === bits.has(idx));
        case 'overflow.call':
          return cells[counters.indexOf(fact.counter)] === fact.event;
        case 'overflow.stray':
          return cells[counters.indexOf(fact.counter)] === null;
        case 'n_events.inc':
          return fact.value === counted(1);
        case 'n_events.dec':
          return fact.value === counted(-1);
        default:
          return true;
      }
    },
    take: (fact) => {
      if (fact.type === 'n_events.inc') nEvents = counted(1);
      if (fact.type === 'n_events.dec') nEvents = counted(-1);
      if (fact.type === 'used_mask.set' || fact.type === 'used_mask.clear') {
        if (fact.idx < 0 || fact.idx >= COUNTERS) overrun = true;
        else if (fact.type === 'used_mask.set') bits.add(fact.idx);
        else bits.delete(fact.idx);
      }
      if (fact.type !== 'slots.write') return;
      const { idx, bound, event } = fact;
      if (idx >= 0 && idx < COUNTERS) cells[idx] = bound ? event : null;
      else if (idx === -1 && !bound) nEvents = 0;
      else overrun = true;
    },
    observe: () => ({ nEvents, events: [...cells], used: [...bits].sort(), overrun }),
  };
}

const counters = [counterAt(0), counterAt(1)];

const facts = [0, 1].flatMap((event): Fact[] => [
  { type: 'slots.read', event, hart: 0, nEvents: 0, occupied: [] },
  { type: 'n_events.inc', event, hart: 0, value: 0 },
  { type: 'n_events.dec', event, hart: 0, value: 0 },
  { type: 'slots.compare', event, hart: 0, idx: 0, same: true },
  { type: 'slots.compare', event, hart: 0, idx: 1, same: true },
  ...[-1, 0, 1, 2].flatMap((idx) =>
    [true, false].map((bound): Fact => ({ type: 'slots.write', event, hart: 0, idx, bound })),
  ),
]);

/** What a driver does that gives counters out, and the interrupt that looks for its event. */
const givingOut = [0, 1].flatMap((event): Fact[] => [
  ...[true, false].map((bound): Fact => ({ type: 'slots.write', event, hart: 0, idx: 1, bound })),
  { type: 'used_mask.read', event, hart: 0, used: [] },
  ...[-1, 0, 1, 2].flatMap((idx): Fact[] => [
    { type: 'used_mask.set', event, hart: 0, idx },
    { type: 'used_mask.clear', event, hart: 0, idx },
  ]),
  ...counters.flatMap((counter): Fact[] => [
    { type: 'overflow.call', event, hart: 0, counter },
    { type: 'overflow.stray', hart: 0, counter },
  ]),
]);

const run = (offered: readonly Fact[], coverage: Coverage) =>
  runPaths(
    {
      machine: slots,
      input: { maxCounters: COUNTERS, bits: BITS, hasUsedMask: true },
      authors: slotsAuthors,
      facts: offered,
      oracle: memory,
      observe: ({ context: { nEvents, events, used, overrun } }) => ({
        nEvents,
        events,
        used: used.flatMap((is: boolean, idx: number) => (is ? [idx] : [])),
        overrun,
      }),
    },
    coverage,
  );

test('the counter slots are an array beside an integer, and a write outside it hits what lies there', async () => {
  const coverage = new Coverage(slots);
  await run(facts, coverage);
  assert.equal(
    coverage.unreached().filter((name) => !/used_mask|overflow/.test(name)),
    [],
  );
  await run(givingOut, coverage);
  assert.equal(coverage.unreached(), []);
});

test.run();
