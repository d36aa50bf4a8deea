import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyStateMachine, assign, createMachine } from 'xstate';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../../models/index.ts';
import { anyOpens, scaledTo } from '../../../models/proofs.ts';
import { between, defineSystem, type ProofVerdict, type Property, prove, System } from '../../../src/engine/index.ts';

/** Threads that take one lock, and count themselves; a lock keeps who has it. */
type Fact = { readonly type: 'lock' | 'unlock' | 'in' | 'out'; readonly thread: number; readonly count?: number };
type Role = 'thread' | 'lock' | 'counter';

const LOCKS = defineSystem<Fact, Role>({
  facts: {
    lock: { participants: ['thread', 'lock'], indices: ['thread'] },
    unlock: { participants: ['thread', 'lock'], indices: ['thread'] },
    in: { participants: ['thread', 'counter'], indices: ['thread'], authors: { count: 'counter' } },
    out: { participants: ['thread', 'counter'], indices: ['thread'], authors: { count: 'counter' } },
  },
  roles: { thread: { indexedBy: 'thread' }, lock: {}, counter: {} },
  indices: { thread: { values: 'threads' } },
});

type Guard = (args: { context: { owner: number | null }; event: Fact }) => boolean;

const lockThat = (mayLock: Guard): AnyStateMachine =>
  createMachine({
    context: { owner: null },
    on: {
      lock: { guard: mayLock as never, actions: assign({ owner: ({ event }) => (event as Fact).thread }) },
      unlock: { actions: assign({ owner: null }) },
    },
  } as never) as never;
const counter = createMachine({
  context: { count: 0 },
  on: {
    in: { actions: assign({ count: ({ event }) => (event as never as { count: number }).count }) },
    out: { actions: assign({ count: ({ event }) => (event as never as { count: number }).count }) },
  },
} as never) as never as AnyStateMachine;
const counterAuthors = {
  in: ({ context }: { context: { count: number } }) => ({ count: context.count + 1 }),
  out: ({ context }: { context: { count: number } }) => ({ count: context.count - 1 }),
};
const threadOf = (...facts: string[]): AnyStateMachine =>
  createMachine({
    initial: 'at 0',
    states: Object.fromEntries(
      facts.map((type, at) => [
        `at ${at}`,
        { tags: at === 0 ? 'outside' : 'inside', on: { [type]: `at ${(at + 1) % facts.length}` } },
      ]),
    ),
  } as never) as never;

const free: Guard = ({ context }) => context.owner === null;
const systemOf =
  (lock: AnyStateMachine, thread: AnyStateMachine, input?: (threads: number) => unknown) =>
  (threads: number): System<Fact, Role> =>
    new System(
      LOCKS,
      [
        { role: 'lock', index: 0, machine: lock, input: input?.(threads), authors: {} },
        { role: 'counter', index: 0, machine: counter, input: undefined, authors: counterAuthors },
        ...Array.from({ length: threads }, (_, index) => ({
          role: 'thread' as const,
          index,
          machine: thread,
          input: undefined,
          authors: {},
        })),
      ],
      { threads },
    );

const about = {
  severity: 'high',
  source: 'here',
  statement: '',
  consequence: '',
  vacuousWhen: 'never',
  speaksOf: () => true,
} as const;
const owned: Property<Fact, Role> = {
  ...about,
  id: 'owned',
  clauses: [
    {
      kind: 'always',
      each: 'thread',
      own: ['thread', 'lock'],
      holds: (view) => view.own('thread').hasTag('outside') || view.own('lock').context.owner === view.index,
    },
  ],
};
const counted: Property<Fact, Role> = {
  ...about,
  id: 'counted',
  clauses: [
    between<Role>({
      own: ['counter'],
      number: (view) => view.own('counter').context.count,
      over: 'thread',
      least: () => 0,
      most: (thread) => Number(thread.hasTag('inside')),
    }),
  ],
};
const CAREFUL = threadOf('lock', 'in', 'out', 'unlock');

const verdictOf = async (
  system: (threads: number) => System<Fact, Role>,
  property: Property<Fact, Role>,
): Promise<ProofVerdict<Fact>> => (await prove(system, [property], { states: 1000 })).verdicts.get(property.id)!;
const reasonOf = (verdict: ProofVerdict<Fact>): string => ('reason' in verdict ? verdict.reason : verdict.verdict);

test('a lock, and a count that is the sum of those inside, are proved', async () => {
  const system = systemOf(lockThat(free), CAREFUL);
  assert.is((await verdictOf(system, owned)).verdict, 'proved');
  assert.is((await verdictOf(system, counted)).verdict, 'proved');
});

test('a lock that lets everybody in is violated with two', async () => {
  const found = await verdictOf(
    systemOf(
      lockThat(() => true),
      CAREFUL,
    ),
    owned,
  );
  assert.is(found.verdict === 'violated' && found.size, 2);
});

test('a number that is more than compared is no name', async () => {
  for (const guard of [
    ({ context, event }) => context.owner === null && event.thread < 5,
    ({ context, event }) => context.owner === null && event.thread % 2 >= 0,
    ({ context, event }) => context.owner === null && ['a', 'b', 'c'][event.thread] !== undefined,
    // The first thread has the number zero.
    ({ context }) => !context.owner,
  ] as Guard[]) {
    const found = await verdictOf(systemOf(lockThat(guard), CAREFUL), owned);
    assert.ok(found.verdict === 'not applicable' || found.verdict === 'violated', found.verdict);
    if (found.verdict === 'not applicable') assert.match(found.reason, /lock .*number in lock/);
  }
});

test('one that is let in by a number that no small scope has is not proved', async () => {
  const found = await verdictOf(
    systemOf(
      lockThat(({ context, event }) => context.owner === null || event.thread === 1_000_003),
      CAREFUL,
    ),
    owned,
  );
  assert.is(found.verdict, 'not applicable');
});

test('a machine that is made for a number of threads is another one with more of them', async () => {
  const found = await verdictOf(
    systemOf(lockThat(free), CAREFUL, (threads) => ({ threads })),
    owned,
  );
  assert.match(reasonOf(found), /with more components, the lock is another one/);
});

test('what leaks has no weights, and the moves that say so are told', async () => {
  const found = await verdictOf(systemOf(lockThat(free), threadOf('lock', 'in', 'unlock')), counted);
  assert.is(found.verdict, 'violated');
  const { verdicts } = await prove(
    systemOf(lockThat(free), threadOf('lock', 'in', 'unlock')),
    [
      {
        ...counted,
        clauses: [
          between<Role>({
            own: ['counter'],
            number: (view) => view.own('counter').context.count,
            over: 'thread',
            least: () => 0,
          }),
        ],
      },
    ],
    { states: 300, sizes: 2 },
  );
  assert.match(reasonOf(verdicts.get('counted')!), /no sum over components: lock, in \(\+1\), unlock/);
});

test('what looks at all threads at once, or at what can be reached, is not for views', async () => {
  const all: Property<Fact, Role> = {
    ...owned,
    id: 'all',
    clauses: [
      {
        kind: 'always',
        every: ['thread'],
        holds: (view) => view.every('thread').filter((one) => one.hasTag('inside')).length < 2,
      },
    ],
  };
  assert.match(reasonOf(await verdictOf(systemOf(lockThat(free), CAREFUL), all)), /all looks at every thread at once/);
  const reach: Property<Fact, Role> = { ...owned, id: 'reach', clauses: [{ kind: 'no deadlock' }] };
  assert.match(
    reasonOf(await verdictOf(systemOf(lockThat(free), CAREFUL), reach)),
    /views do not say what can be reached/,
  );
});

test('a limit says so, and a group is not applicable', async () => {
  const systemFor = (size: number) => compose(scaledTo(anyOpens, size), '4.16', DRIVERS.repaired);
  const { verdicts } = await prove(systemFor as never, [propertyOf('busy-is-true')] as never, { views: 10, sizes: 2 });
  assert.match(reasonOf(verdicts.get('busy-is-true') as never), /a limit was reached: there are more than 10 views/);
  const grouped = (size: number) => compose(scaledTo(modelOf('group-of-two'), size), '4.16', DRIVERS.repaired);
  const found = await prove(grouped as never, [propertyOf('references-balance')] as never, { sizes: 1, states: 100 });
  assert.match(reasonOf(found.verdicts.get('references-balance') as never), /the group puts every event in an order/);
});

test.run();
