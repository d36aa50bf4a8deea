import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine } from 'xstate';
import { check, defineSystem, type Property, System, type SystemDefinition } from '../../src/engine/index.ts';
import { throwsMessage } from '../throws.ts';

type Fact = { readonly type: 'put' | 'take'; readonly user: number };
type Role = 'user' | 'shelf';

const DEFINITION: SystemDefinition<Fact, Role> = {
  facts: {
    put: { participants: ['user', 'shelf'], indices: ['user'] },
    take: { participants: ['user', 'shelf'], indices: ['user'] },
  },
  roles: { user: { indexedBy: 'user', quiescent: 'rests' }, shelf: {} },
  indices: { user: { values: 'users' } },
};
const SHELF = defineSystem(DEFINITION);

const user = createMachine({
  id: 'user',
  initial: 'rests',
  states: { rests: { tags: 'rests', on: { put: 'waits' } }, waits: { on: { take: 'rests' } } },
});
const shelf = createMachine({
  id: 'shelf',
  initial: 'empty',
  states: { empty: { on: { put: 'full' } }, full: { on: { take: 'empty' } } },
});
const part = (role: Role, index: number, machine = role === 'user' ? user : shelf) => ({
  ...{ role, index, machine, input: undefined, authors: {} },
});
const PARTS = [part('user', 0), part('user', 1), part('shelf', 0)];
const system = new System(SHELF, PARTS, { users: 2 });

const said = (clause: object): Property<Fact, Role> =>
  ({ id: 'said', speaksOf: () => true, clauses: [clause] }) as unknown as Property<Fact, Role>;

test('a system of somebody else is searched', async () => {
  const { covered, verdicts } = await check(system, [said({ kind: 'always', every: ['user'], holds: () => true })]);
  assert.is(covered.states, 3);
  assert.is(covered.transitions, 4);
  assert.equal(verdicts.get('said'), { verdict: 'holds' });
  assert.is((await check(system, [said({ kind: 'no deadlock' })], { symmetry: true })).covered.states, 2);
});

const define = (changed: object) => () => defineSystem({ ...DEFINITION, ...changed } as SystemDefinition<Fact, Role>);

const UNDEFINED: readonly [what: string, make: () => unknown, message: string][] = [
  [
    'a role that takes part',
    define({ facts: { put: { participants: ['usr'], indices: ['user'] } } }),
    'fact put: there is no role usr; there are user, shelf',
  ],
  [
    'a role that writes',
    define({ facts: { put: { participants: ['shelf'], authors: { size: 'shelv' } } } }),
    'fact put: there is no role shelv; there are user, shelf',
  ],
  [
    'an index of a fact',
    define({ facts: { put: { participants: ['shelf'], indices: ['usr'] } } }),
    'fact put: there is no index usr; there are user',
  ],
  [
    'an index of a role',
    define({ roles: { user: { indexedBy: 'usr' }, shelf: {} } }),
    'role user: there is no index usr; there are user',
  ],
  [
    'the index that selects who takes part',
    define({ facts: { put: { participants: ['user', 'shelf'] } } }),
    'fact put: without the index user, which user takes part is not known',
  ],
  ['somebody who takes part', define({ facts: { put: { participants: [] } } }), 'fact put: nobody takes part in it'],
  [
    'the role of a machine',
    () => new System(SHELF, [part('shelv' as Role, 0)], { users: 2 }),
    'there is no role shelv; there are user, shelf',
  ],
  [
    'a fact that a machine takes',
    () => new System(SHELF, [part('shelf', 0, createMachine({ on: { puts: {} } }) as never)], { users: 2 }),
    'the shelf takes puts, but there is no fact puts; there are put, take',
  ],
  [
    'the values of an index',
    () => new System(SHELF, PARTS, {}),
    'nothing says which users there are, of which the user is one',
  ],
];

for (const [what, make, message] of UNDEFINED)
  test(`an error says which: ${what} is not defined`, () => throwsMessage(make, message));

const UNKNOWN: readonly [clause: object, message: string][] = [
  [{ kind: 'always', own: ['shelv'], holds: () => true }, 'said: there is no role shelv; there are user, shelf'],
  [{ kind: 'always', every: ['shelv'], holds: () => true }, 'said: there is no role shelv; there are user, shelf'],
  [{ kind: 'whenever', facts: ['puts'], holds: () => true }, 'said: there is no fact puts; there are put, take'],
  [{ kind: 'can reach', each: 'usr', goal: () => true }, 'said: there is no index usr; there are user'],
];

for (const [clause, message] of UNKNOWN)
  test(`a property that names what is not defined is an error: ${message}`, async () => {
    const error = await check(system, [said(clause)]).catch(({ message }: Error) => message);
    assert.is(error, message);
  });

test.run();
