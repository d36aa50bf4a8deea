import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reservation, reservationAuthors } from '../../machines/reservation.ts';
import type { Fact, PmcOwner } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

/** A mutex as its owner and a queue, a pointer, and somebody else who may take it. */
function mutexAndPointer(foreign: boolean): Oracle {
  let owner: number | null = null;
  let queue: number[] = [];
  let perfIrq: PmcOwner = 'nobody';
  let foreignHolds = false;
  return {
    accepts: (fact) => {
      switch (fact.type) {
        case 'mutex.lock':
          return owner === null;
        case 'mutex.wait':
          return owner !== null;
        case 'perf_irq.read':
        case 'request_irq':
          return fact.owner === perfIrq && fact.foreignHolds === foreignHolds;
        case 'free_irq':
          return fact.owner === perfIrq;
        case 'foreign.take':
          return foreign && !foreignHolds && owner === null && perfIrq === 'nobody';
        case 'foreign.release':
          return foreignHolds && owner === null;
        default:
          return true;
      }
    },
    take: (fact) => {
      if (fact.type === 'mutex.lock') {
        owner = fact.event;
        queue = queue.filter((waiter) => waiter !== owner);
      }
      if (fact.type === 'mutex.wait') queue.push(fact.event);
      if (fact.type === 'mutex.unlock') owner = null;
      if (fact.type === 'perf_irq.write') perfIrq = fact.owner;
      if (fact.type === 'request_irq' && perfIrq === 'nobody') perfIrq = 'driver';
      if (fact.type === 'free_irq' && perfIrq === 'driver') perfIrq = 'nobody';
      if (fact.type === 'foreign.take') {
        perfIrq = 'foreign';
        foreignHolds = true;
      }
      if (fact.type === 'foreign.release') {
        perfIrq = 'nobody';
        foreignHolds = false;
      }
    },
    observe: () => ({ owner, queue: [...queue], perfIrq, foreignHolds }),
  };
}

const facts: Fact[] = [0, 1, 2].flatMap((event): Fact[] => [
  { type: 'mutex.lock', event },
  { type: 'mutex.wait', event },
  { type: 'mutex.unlock', event },
  { type: 'perf_irq.read', event, owner: 'nobody', foreignHolds: false },
  { type: 'request_irq', event, owner: 'nobody', foreignHolds: false },
  { type: 'free_irq', event, owner: 'nobody' },
  { type: 'perf_irq.write', event, owner: 'driver' },
  { type: 'perf_irq.write', event, owner: 'nobody' },
]);
const ofForeignOwner: Fact[] = [{ type: 'foreign.take' }, { type: 'foreign.release' }];

const run = (foreign: boolean, coverage: Coverage): Promise<number> =>
  runPaths(
    {
      machine: reservation,
      input: { foreign, reserves: 'perf_irq' },
      authors: reservationAuthors,
      facts: [...facts, ...ofForeignOwner],
      oracle: () => mutexAndPointer(foreign),
      observe: (snapshot) => {
        const { owner, waiters, perfIrq } = snapshot.context;
        return { owner, queue: waiters, perfIrq, foreignHolds: snapshot.hasTag('foreign holds') };
      },
      // A queue has no end: nobody here keeps a call from waiting twice.
      stopWhen: ({ context }) => context.waiters.length > 1,
    },
    coverage,
  );

test('the reservation is a mutex with a queue, and a pointer that another owner can hold', async () => {
  const coverage = new Coverage(reservation);
  await run(true, coverage);
  assert.equal(coverage.unreached(), []);
});

test('where no other owner is about, none comes', async () => {
  const coverage = new Coverage(reservation);
  await run(false, coverage);
  assert.equal(coverage.unreached(), [
    'PMC reservation.foreign.away on foreign.take [0]',
    'PMC reservation.foreign.holding on foreign.release [0]',
  ]);
});

test.run();
