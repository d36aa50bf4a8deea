import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anyOrder } from '../../machines/any-order.ts';
import type { Attribute, Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const OFFERS: readonly Attribute[] = ['cycles', 'raw'];
const CALLBACKS = ['add', 'del', 'start', 'stop', 'read'] as const;

/** A caller who knows only that a call returns before the next one is made. */
function caller(): Oracle {
  let inside: string | null = null;
  let live = false;
  let added = false;
  let hart: number | null = null;
  return {
    accepts: (fact) => {
      const [name, step] = fact.type.split('.');
      if (step === 'return') return inside === name;
      return inside === null && (fact.type !== 'event_init.call' || OFFERS.includes(fact.attribute));
    },
    take: (fact) => {
      const [name, step] = fact.type.split('.') as [string, string];
      inside = step === 'call' ? name : null;
      if (fact.type === 'event_init.return' && fact.answer === 0) live = true;
      if (fact.type === 'destroy.call') live = false;
      if (fact.type === 'add.return' && fact.answer === 0 && !added) {
        added = true;
        hart = fact.hart;
      }
      if (fact.type === 'del.call') {
        added = false;
        hart = null;
      }
    },
    observe: () => ({
      live,
      added,
      hart,
      opening: inside === 'event_init',
      closing: inside === 'destroy',
      'in callback': CALLBACKS.some((name) => name === inside),
    }),
  };
}

const facts: Fact[] = [
  ...([...OFFERS, 'cache'] as const).map((attribute): Fact => ({ type: 'event_init.call', event: 0, attribute })),
  { type: 'event_init.return', event: 0, answer: 0, destroySet: true },
  { type: 'event_init.return', event: 0, answer: 'EBUSY', destroySet: false },
  { type: 'destroy.call', event: 0 },
  { type: 'destroy.return', event: 0 },
  ...[0, 1].flatMap((hart) => [
    ...CALLBACKS.flatMap((name) => [
      { type: `${name}.call`, event: 0, hart, flags: 0 } as Fact,
      { type: `${name}.return`, event: 0, hart, answer: 0 } as Fact,
    ]),
    { type: 'add.return', event: 0, hart, answer: 'ENOSPC' } as Fact,
  ]),
];

test('a caller without a contract makes any call in any state, one at a time', async () => {
  const coverage = new Coverage(anyOrder);
  await runPaths(
    {
      machine: anyOrder,
      input: { offers: OFFERS },
      facts,
      oracle: caller,
      observe: (snapshot) => ({
        live: snapshot.hasTag('live'),
        added: snapshot.hasTag('active'),
        hart: snapshot.context.hart,
        opening: snapshot.hasTag('opening'),
        closing: snapshot.hasTag('closing'),
        'in callback': snapshot.hasTag('in callback'),
      }),
    },
    coverage,
  );
  assert.equal(coverage.unreached(), []);
});

test.run();
