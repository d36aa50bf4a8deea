import { checkProof, defineSystem, type Property, prove, System } from 'hartproof/engine';
import { type AnyStateMachine, assign, setup } from 'xstate';

/**
 * Readers and writers, any number of them: the first reader takes the room and the last one gives it back, and who counts the
 * readers holds the lock. One that counts without it lets a writer in beside a reader. Proved for any number of threads, not
 * searched for some: the number of readers is a sum over the threads, and found to be one.
 */

type Fact =
  | { readonly type: 'lock' | 'unlock' | 'enter' | 'leave'; readonly thread: number }
  /** A thread changes the number of readers, and sees what it is then. */
  | { readonly type: 'count in' | 'count out'; readonly thread: number; readonly readers: number };
type Role = 'thread' | 'lock' | 'room' | 'readers';

const ROOM = defineSystem<Fact, Role>({
  facts: {
    lock: { participants: ['thread', 'lock'], indices: ['thread'] },
    unlock: { participants: ['thread', 'lock'], indices: ['thread'] },
    enter: { participants: ['thread', 'room'], indices: ['thread'] },
    leave: { participants: ['thread', 'room'], indices: ['thread'] },
    'count in': { participants: ['thread', 'readers'], indices: ['thread'], authors: { readers: 'readers' } },
    'count out': { participants: ['thread', 'readers'], indices: ['thread'], authors: { readers: 'readers' } },
  },
  roles: { thread: { indexedBy: 'thread' }, lock: {}, room: {}, readers: {} },
  indices: { thread: { values: 'threads' } },
});

/** What one thread has and no other: the lock, or the room. */
const taken = (by: string, back: string): AnyStateMachine =>
  setup({ types: { events: {} as Fact } }).createMachine({
    id: `taken by ${by}`,
    initial: 'free',
    states: { free: { on: { [by]: 'held' } }, held: { on: { [back]: 'free' } } },
  } as never) as unknown as AnyStateMachine;

const readers = setup({
  types: { context: {} as { readers: number }, events: {} as Extract<Fact, { readers: number }> },
  actions: { keep: assign({ readers: ({ event }) => event.readers }) },
}).createMachine({
  id: 'readers',
  context: { readers: 0 },
  on: { 'count in': { actions: 'keep' }, 'count out': { actions: 'keep' } },
});
const readersAuthors = {
  'count in': ({ context }: { context: { readers: number } }) => ({ readers: context.readers + 1 }),
  'count out': ({ context }: { context: { readers: number } }) => ({ readers: context.readers - 1 }),
};

/** A thread that reads or writes again and again; one that is careless gives the lock back before it has the room. */
const threadThat = (isCareless: boolean): AnyStateMachine =>
  setup({
    types: { events: {} as Fact, tags: {} as 'reads' | 'writes' },
    guards: {
      isFirst: ({ event }) => (event as Extract<Fact, { readers: number }>).readers === 1,
      isLast: ({ event }) => (event as Extract<Fact, { readers: number }>).readers === 0,
    },
  }).createMachine({
    id: 'thread',
    initial: 'outside',
    states: {
      outside: { on: { lock: 'comes', enter: 'writes' } },
      writes: { tags: 'writes', on: { leave: 'outside' } },
      comes: { on: { 'count in': [{ guard: 'isFirst', target: isCareless ? 'hurries' : 'first' }, { target: 'in' }] } },
      first: { on: { enter: 'in' } },
      hurries: { on: { unlock: 'late' } },
      late: { tags: 'reads', on: { enter: 'reads' } },
      in: { on: { unlock: 'reads' } },
      reads: { tags: 'reads', on: { lock: 'goes' } },
      goes: { on: { 'count out': [{ guard: 'isLast', target: 'last' }, { target: 'out' }] } },
      last: { on: { leave: 'out' } },
      out: { on: { unlock: 'outside' } },
    },
  }) as unknown as AnyStateMachine;

const composed = (thread: AnyStateMachine, threads: number): System<Fact, Role> =>
  new System(
    ROOM,
    [
      { role: 'lock', index: 0, machine: taken('lock', 'unlock'), input: undefined, authors: {} },
      { role: 'room', index: 0, machine: taken('enter', 'leave'), input: undefined, authors: {} },
      { role: 'readers', index: 0, machine: readers, input: undefined, authors: readersAuthors },
      ...Array.from({ length: threads }, (_, index) => {
        return { role: 'thread', index, machine: thread, input: undefined, authors: {} } as const;
      }),
    ],
    { threads },
  );

const PROPERTIES: readonly Property<Fact, Role>[] = [
  {
    id: 'alone',
    statement: 'who reads has the room',
    severity: 'high',
    source: 'Courtois, Heymans, Parnas, Concurrent control with readers and writers, 1971',
    consequence: 'a reader sees what is half written',
    speaksOf: ({ type }) => type === 'count in',
    vacuousWhen: 'nobody reads',
    clauses: [
      {
        kind: 'always',
        each: 'thread',
        own: ['thread', 'room'],
        holds: (view) => !view.own('thread').hasTag('reads') || view.own('room').matches('held'),
      },
    ],
  },
];

for (const [name, thread] of Object.entries({ careful: threadThat(false), careless: threadThat(true) })) {
  const { verdicts, text } = await prove((threads) => composed(thread, threads), PROPERTIES);
  for (const [id, found] of verdicts) {
    console.log(`${name}: ${id} is ${found.verdict}`);
    if (found.verdict === 'proved') {
      const { steps } = checkProof(text()!);
      console.log(`  for any number of ${found.proof.of}s, by ${found.proof.views} views; checked: ${steps} steps`);
    }
    if (found.verdict === 'violated')
      console.log(`  with ${found.size}: ${found.counterexample.facts.map(({ type }) => type).join(', ')}`);
  }
}
