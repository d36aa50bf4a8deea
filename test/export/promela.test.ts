import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import { asked } from '../../src/engine/check/predicate.ts';
import { snapshotKey } from '../../src/engine/compose/index.ts';
import type { Condition } from '../../src/export/condition.ts';
import { labelOf } from '../../src/export/label.ts';
import type { Variable } from '../../src/export/local-states.ts';
import { conditionOf } from '../../src/export/observed.ts';
import { promela } from '../../src/export/promela.ts';
import { type Relations, relationsOf, relationsOfTables } from '../../src/export/relations.ts';
import { StateSpace } from '../../src/export/state-space.ts';
import type { View } from '../../src/facts/index.ts';

const test = suite('promela');
const system = (name: string) => {
  const model = modelOf(name);
  return compose(model.scope, model.environments[0]!, DRIVERS['as-posted']);
};

/** A Promela condition as a function of the variables' values: its operators mean the same in JavaScript. */
function evaluator(variables: readonly Variable[], condition: Condition): (values: readonly number[]) => boolean {
  const constants = new Map(variables.flatMap(({ kind }) => kind.states.map(({ name }, number) => [name, number])));
  const body = condition.replaceAll(/\w+\[\d+\]|\b[a-z]\w*\b/gi, (word) => {
    const variable = variables.findIndex(({ name }) => name === word);
    return variable >= 0 ? `values[${variable}]` : String(constants.get(word) ?? word);
  });
  return new Function('values', `const between = (x, low, high) => low <= x && x <= high; return ${body};`) as never;
}

for (const [model, id] of [
  ['two-of-a-kind', 'slot-owner'],
  ['two-of-a-kind', 'slots-match-count'],
  ['refused-open-raw', 'references-balance'],
  ['migration', 'userpage-consistent'],
] as const)
  test(`${id} is written as a condition that is true in the same states`, () => {
    const space = new StateSpace(system(model));
    const { variables } = relationsOf(space);
    const answers = new Set<boolean>();
    for (const clause of propertyOf(id).clauses) {
      if (clause.kind !== 'always') continue;
      for (const where of asked(space.system, id, clause)) {
        const condition = evaluator(variables, conditionOf(space, variables, where, clause.holds));
        for (const { after } of space.transitions()) {
          const present = (part: number) => space.product.tables[part]!.snapshots[after[part]!]!;
          const view: View = {
            index: where.index,
            own: (role) => present(space.system.partOf(role, where.index)!),
            every: (role) => space.system.ofRole(role).map(present),
          };
          const expected = clause.holds(view);
          const values = [...after].map((local, part) => variables[part]!.fromTable.get(local)!);
          if (condition(values) !== expected) assert.unreachable(`it should be ${expected} in ${values}`);
          answers.add(expected);
        }
      }
    }
    assert.is(answers.size, 2, 'it should be true in some states and false in others');
  });

test('a property cannot read a machine that it does not declare', () => {
  const space = new StateSpace(system('foreign-owner'));
  const { variables } = relationsOf(space);
  const read = (view: View) => view.own('reservation').context.owner === null;
  assert.throws(
    () => conditionOf(space, variables, { property: 'it', index: 0, parts: [], roles: [] }, read),
    /it reads a reservation/,
  );
});

test('the text names states by their place in the chart, and facts by their label', () => {
  const { text, properties, complete } = promela(
    system('foreign-owner'),
    [propertyOf('foreign-owner-kept')],
    ['a head'],
  );
  assert.ok(complete);
  assert.equal(properties, ['foreign-owner-kept', 'tables_closed']);
  assert.match(text, / \* a head\n/);
  assert.match(
    text,
    /#define driver_event_init_reserve_look \d+ \/\* attribute cycles, ghost {held:1,foreignHeld:false,displaced:false} \*\//,
  );
  assert.match(text, /:: d_step { \/\* active_events\.inc event=0 value=1 \*\//);
  assert.match(text, /assert\(!foreign_owner_kept\)/);
});

test('what SPIN cannot decide is left out', () => {
  assert.equal(promela(system('foreign-owner'), [propertyOf('drains')]).properties, ['tables_closed']);
});

test('a walk that was cut short says so', () => {
  const { complete, text } = promela(system('two-threads'), [], [], 100);
  assert.not(complete);
  assert.match(text, /the first 10\d states: tables_closed says whether they are enough/);
});

test('what a search left in the tables says of each fact what a walk says', async () => {
  const name = 'two-of-a-kind';
  await check(system(name), [], { reduce: false });
  const tables = relationsOfTables(new StateSpace(system(name)));
  const walk = relationsOf(new StateSpace(system(name)));
  const text = ({ variables, facts }: Relations): Map<string, string[]> =>
    new Map(
      facts.map(({ fact, shares }) => [
        labelOf(fact),
        shares.flatMap(({ part, steps }) => {
          const key = (state: number): string => snapshotKey(variables[part]!.kind.states[state]!.snapshot);
          return [...steps].map(([from, to]) => `${part}: ${key(from)} ${key(to)}`);
        }),
      ]),
    );
  const known = text(tables);
  assert.ok(walk.facts.length > 50);
  for (const [label, steps] of text(walk)) for (const step of steps) assert.ok(known.get(label)!.includes(step), label);
});

test.run();
