import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  check,
  LogMonitor,
  plainSearch,
  type TransitionSystem,
  violatedInState,
} from '../../../src/engine/check/index.ts';
import { initialState, Projection } from '../../../src/engine/compose/index.ts';
import { brokenInState as conditionBroken } from '../../../src/export/properties.ts';
import { relationsOf } from '../../../src/export/relations.ts';
import { StateSpace } from '../../../src/export/state-space.ts';
import type { Clause, Fact, Property, Role } from '../../../src/facts/index.ts';
import { counters } from './fixtures.ts';
import { property } from './property.ts';

const system = counters();

/** Properties that read a machine which they do not declare: by its index, and all of a role. */
const WRONG: readonly Property[] = [
  { kind: 'always', own: ['driver'], holds: (view) => view.own('activeEvents').context.value < 9 } as Clause,
  { kind: 'always', own: ['activeEvents'], holds: (view) => view.every('driver').length > 0 } as Clause,
  // There is no machine of that role at all.
  { kind: 'always', own: ['activeEvents'], holds: (view) => view.every('slots').length === 0 } as Clause,
].map((clause) => property([clause], { id: 'careless' }));

/** The first state of the system, as the search of C asks it. */
const asked: TransitionSystem<Fact, Role> = {
  width: system.parts.length,
  initial: new Int32Array(system.parts.length),
  vocabulary: system.vocabulary,
  countOf: (index) => system.countOf(index),
  facts: [],
  partOf: (role, index) => system.partOf(role, index),
  local: (part, row) => row[part]!,
  present: (part) => initialState(system)[part]!,
  successors: () => {},
};

const SEARCHES: Readonly<Record<string, (property: Property) => unknown>> = {
  'the search of machines': (property) => check(system, [property]),
  'the search of C': (property) => plainSearch(asked, [property]),
  'one state': (property) => violatedInState(system, property, initialState(system)),
  'a log': (property) =>
    new LogMonitor(new Projection(system), [property]).append({ type: 'active_events.inc', event: 0, value: 1 }),
  'an export': (property) => conditionBroken(relationsOf(new StateSpace(system)), property),
};

for (const [where, ask] of Object.entries(SEARCHES))
  test(`a property that reads what it does not declare is an error with its name and the role: ${where}`, async () => {
    for (const property of WRONG) {
      const message = await (async () => ask(property))().then(
        () => 'no error',
        (error: Error) => error.message,
      );
      assert.match(message, /^careless reads a (activeEvents|driver|slots) that it does not declare$/);
    }
  });

test.run();
