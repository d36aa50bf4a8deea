import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assign, setup } from 'xstate';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, propertyOf } from '../../../models/index.ts';
import { Searches } from '../../../src/engine/index.ts';
import type { System } from '../../../src/facts/index.ts';
import { DEFAULT, searched } from '../../models/searched.ts';
import { part, systemOf } from './fixtures.ts';
import { property } from './property.ts';

interface Person {
  /** How many opens fit before it rests; those after `patience` are not made. */
  readonly opens: number;
  readonly patience: number;
  readonly name: string;
}

/** Opens and frees an event over and over, at most as often as it has patience. */
const person = setup({ types: { context: {} as Person & { done: number }, input: {} as Person } }).createMachine({
  context: ({ input }) => ({ ...input, done: 0 }),
  initial: 'absent',
  states: {
    absent: {
      on: {
        'event_init.call': [
          { guard: ({ context }) => context.done >= context.patience, target: 'bored' },
          {
            guard: ({ context }) => context.done < context.opens,
            target: 'opening',
            actions: assign({ done: ({ context }) => context.done + 1 }),
          },
        ],
      },
    },
    opening: { on: { 'event_init.return': 'absent' } },
    bored: { entry: assign({ name: 'nobody' }), on: { 'event.free': 'absent' } },
  },
});

const of = (input: Person): System => systemOf({ ...part('lifecycle', 0, person, {}), input });
const ADA: Person = { opens: 3, patience: 9, name: 'Ada' };

const any = property([{ kind: 'always', own: ['lifecycle'], holds: () => true }]);
const looks = (see: (context: Person) => unknown) =>
  property([
    { kind: 'always', own: ['lifecycle'], holds: (view) => see(view.own('lifecycle').context as Person) !== null },
  ]);

/** Whether the second system needs a search of its own after the first. */
async function anew(first: System, second: System, property = any): Promise<boolean> {
  const searches = new Searches();
  const outcomes = [await searches.check(first, [property]), await searches.check(second, [property])];
  return outcomes[0] !== outcomes[1];
}

test('what is only carried along needs no search of its own', async () => {
  assert.is(await anew(of(ADA), of({ ...ADA, name: 'Grace' })), false);
  assert.is(await anew(of(ADA), of({ ...ADA, patience: 5 })), false);
});

test('what makes a difference does', async () => {
  assert.is(await anew(of(ADA), of({ ...ADA, opens: 2 })), true);
  assert.is(await anew(of(ADA), of({ ...ADA, opens: 4 })), true);
  assert.is(await anew(of(ADA), of({ ...ADA, patience: 2 })), true);
});

test('so does what a property looks at', async () => {
  const other = of({ ...ADA, name: 'Grace' });
  assert.is(
    await anew(
      of(ADA),
      other,
      looks(({ opens }) => opens),
    ),
    false,
  );
  assert.is(
    await anew(
      of(ADA),
      other,
      looks(({ name }) => name),
    ),
    true,
  );
  assert.is(
    await anew(
      of(ADA),
      other,
      looks((context) => 'name' in context),
    ),
    true,
  );
  assert.is(
    await anew(
      of(ADA),
      other,
      looks((context) => Object.keys(context)),
    ),
    true,
  );
});

test('and what changes on the way: two local states of one could come to one of the other', async () => {
  const bored = { ...ADA, patience: 2 };
  assert.is(await anew(of(bored), of({ ...bored, name: 'Grace' })), true);
  assert.is(await anew(of(bored), of(bored)), false);
});

test('and what is asked', async () => {
  const searches = new Searches();
  const outcome = await searches.check(of(ADA), [any]);
  assert.is.not(await searches.check(of(ADA), [looks(({ name }) => name)]), outcome);
  assert.is(await searches.check(of(ADA), [any]), outcome);
});

test('perf cores that do the same are searched once, and it is said of each what its own search says', async () => {
  const searches = new Searches();
  const outcomes = new Set<unknown>();
  let asked = 0;
  for (const model of DEFAULT)
    for (const environment of model.environments) {
      const system = compose(model.scope, environment, DRIVERS['as-posted']);
      const shared = await searches.check(system, model.properties.map(propertyOf));
      const own = await searched('as-posted', model, environment);
      assert.equal(shared.verdicts, own.verdicts);
      for (const what of ['states', 'transitions', 'depth'] as const)
        assert.is(shared.covered[what], own.covered[what]);
      outcomes.add(shared);
      asked++;
    }
  assert.ok(outcomes.size < asked * 0.6, `${outcomes.size} searches for ${asked} questions`);
});

test.run();
