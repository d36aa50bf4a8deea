import { check, defineSystem, type Property, pathTests, System, sequenceDiagram } from 'hartproof/engine';
import { type AnyStateMachine, assign, setup } from 'xstate';

/**
 * Two-phase commit: managers of resources vote, a coordinator decides, each manager learns the decision by itself. A manager
 * that has voted must not decide alone: one that gives up waiting breaks the transaction in two.
 */

type Fact =
  | { readonly type: 'vote yes' | 'vote no' | 'commit' | 'abort' | 'give up'; readonly manager: number }
  | { readonly type: 'decide'; readonly commits: boolean };
type Role = 'coordinator' | 'manager';

const COMMIT = defineSystem<Fact, Role>({
  facts: {
    'vote yes': { participants: ['manager', 'coordinator'], indices: ['manager'] },
    'vote no': { participants: ['manager', 'coordinator'], indices: ['manager'] },
    decide: { participants: ['coordinator'], authors: { commits: 'coordinator' } },
    commit: { participants: ['coordinator', 'manager'], indices: ['manager'] },
    abort: { participants: ['coordinator', 'manager'], indices: ['manager'] },
    'give up': { participants: ['manager'], indices: ['manager'] },
  },
  roles: { coordinator: {}, manager: { indexedBy: 'manager', final: 'done' } },
  indices: { manager: { values: 'managers' } },
});

interface Votes {
  readonly managers: number;
  readonly yes: number;
  readonly no: number;
}

const coordinator = setup({
  types: { context: {} as Votes, input: {} as { readonly managers: number }, events: {} as Fact },
  guards: {
    allVoted: ({ context: { managers, yes, no } }) => yes + no === managers,
    commits: ({ context }) => context.no === 0,
    aborts: ({ context }) => context.no > 0,
  },
  actions: {
    countYes: assign({ yes: ({ context }) => context.yes + 1 }),
    countNo: assign({ no: ({ context }) => context.no + 1 }),
  },
}).createMachine({
  id: 'coordinator',
  context: ({ input }) => ({ managers: input.managers, yes: 0, no: 0 }),
  initial: 'collects',
  states: {
    collects: {
      on: {
        'vote yes': { actions: 'countYes' },
        'vote no': { actions: 'countNo' },
        decide: { guard: 'allVoted', target: 'decided' },
      },
    },
    decided: { on: { commit: { guard: 'commits' }, abort: { guard: 'aborts' } } },
  },
});

const coordinatorAuthors = {
  decide: ({ context }: { readonly context: Votes }) => ({ commits: context.no === 0 }),
};

/** What a manager does; one that gives up no longer waits for the decision. */
const managerThat = (prepared: Readonly<Record<string, string>>) =>
  setup({ types: { events: {} as Fact } }).createMachine({
    id: 'manager',
    initial: 'works',
    states: {
      works: { on: { 'vote yes': 'prepared', 'vote no': 'refused' } },
      prepared: { on: prepared },
      refused: { on: { abort: 'aborted' } },
      committed: { tags: 'done' },
      aborted: { tags: 'done' },
    },
  } as never) as unknown as AnyStateMachine;
const patient = managerThat({ commit: 'committed', abort: 'aborted' });
const impatient = managerThat({ commit: 'committed', abort: 'aborted', 'give up': 'aborted' });

const composed = (manager: AnyStateMachine, managers: number): System<Fact, Role> =>
  new System(
    COMMIT,
    [
      { role: 'coordinator', index: 0, machine: coordinator, input: { managers }, authors: coordinatorAuthors },
      ...Array.from({ length: managers }, (_, index) => {
        return { role: 'manager', index, machine: manager, input: undefined, authors: {} } as const;
      }),
    ],
    { managers },
  );

const about = { severity: 'high', source: 'Gray, Notes on data base operating systems, 1978' } as const;
const PROPERTIES: readonly Property<Fact, Role>[] = [
  {
    ...about,
    id: 'atomic',
    statement: 'no manager commits what another one aborted',
    consequence: 'half a transaction is kept',
    speaksOf: ({ type }) => type === 'commit',
    vacuousWhen: 'nothing is committed',
    clauses: [
      {
        kind: 'always',
        every: ['manager'],
        holds: (view) => {
          const managers = view.every('manager');
          return !(managers.some((one) => one.matches('committed')) && managers.some((one) => one.matches('aborted')));
        },
      },
    ],
  },
  {
    ...about,
    id: 'ends',
    statement: 'every manager can always come to an end',
    consequence: 'a resource stays locked',
    speaksOf: () => true,
    vacuousWhen: 'nothing happens',
    clauses: [
      {
        kind: 'can reach',
        each: 'manager',
        own: ['manager'],
        goal: (view) => view.own('manager').hasTag('done'),
      },
    ],
  },
];

for (const [name, manager] of Object.entries({ patient, impatient })) {
  const system = composed(manager, 3);
  const { covered, verdicts } = await check(system, PROPERTIES);
  const { covered: merged } = await check(system, PROPERTIES.slice(0, 1), { symmetry: true });
  console.log(`${name}: ${covered.states} states, ${merged.states} but for which manager is which`);
  for (const [id, verdict] of verdicts) {
    console.log(`  ${id}: ${verdict.verdict}`);
    if (verdict.verdict === 'violated')
      console.log(sequenceDiagram(system, verdict.counterexample.facts, 'one committed, another one aborted'));
  }
}

const { tests, covered } = pathTests(composed(patient, 2));
console.log(`${tests.length} path tests take ${covered.length} transitions`);
