import { check, defineSystem, type Property, pathTests, System, sequenceDiagram } from 'hartproof/engine';
import { type AnyStateMachine, assign, setup } from 'xstate';

/**
 * A bounded buffer with one condition variable: threads put and take, and sleep where they cannot; each put and each take
 * wakes one sleeper. With more than two threads for each place of the buffer it can stop for ever. Waking all of them mends it.
 */

type Fact =
  | { readonly type: 'put' | 'take' | 'wake'; readonly thread: number }
  /** A thread sleeps, and what it waits for. */
  | { readonly type: 'sleep'; readonly thread: number; readonly awaits: 'space' | 'items' };
type Role = 'thread' | 'buffer';

const BUFFER = defineSystem<Fact, Role>({
  facts: {
    put: { participants: ['thread', 'buffer'], indices: ['thread'] },
    take: { participants: ['thread', 'buffer'], indices: ['thread'] },
    sleep: { participants: ['thread', 'buffer'], indices: ['thread'], authors: { awaits: 'thread' } },
    wake: { participants: ['buffer', 'thread'], indices: ['thread'] },
  },
  roles: { thread: { indexedBy: 'thread' }, buffer: {} },
  indices: { thread: { values: 'threads' } },
});

interface Thread {
  readonly does: 'put' | 'take';
}

const thread = setup({
  types: { context: {} as Thread, input: {} as Thread, events: {} as Fact },
  guards: { puts: ({ context }) => context.does === 'put', takes: ({ context }) => context.does === 'take' },
}).createMachine({
  id: 'thread',
  context: ({ input }) => input,
  initial: 'ready',
  states: {
    ready: { on: { put: { guard: 'puts' }, take: { guard: 'takes' }, sleep: 'asleep' } },
    asleep: { on: { wake: 'ready' } },
  },
});

const threadAuthors = {
  sleep: ({ context }: { readonly context: Thread }) => ({ awaits: context.does === 'put' ? 'space' : 'items' }),
};

interface Buffer {
  readonly size: number;
  readonly items: number;
  readonly sleepers: number;
  /** How many of them are to be woken. */
  readonly due: number;
}

const buffer = setup({
  types: { context: {} as Buffer, input: {} as { readonly size: number }, events: {} as Fact },
  guards: {
    // Who put or took holds the lock until it has woken whom it wakes.
    hasSpace: ({ context: { items, size, due } }) => due === 0 && items < size,
    hasItems: ({ context: { items, due } }) => due === 0 && items > 0,
    isBlocked: ({ context: { items, size, due }, event }) =>
      due === 0 && ((event as Extract<Fact, { type: 'sleep' }>).awaits === 'space' ? items === size : items === 0),
    isDue: ({ context }) => context.due > 0,
  },
  actions: {
    add: assign({ items: ({ context }) => context.items + 1 }),
    remove: assign({ items: ({ context }) => context.items - 1 }),
    notify: assign({ due: ({ context: { due, sleepers } }) => Math.min(sleepers, due + 1) }),
    addSleeper: assign({ sleepers: ({ context }) => context.sleepers + 1 }),
    wakeOne: assign(({ context: { due, sleepers } }) => ({ due: due - 1, sleepers: sleepers - 1 })),
  },
}).createMachine({
  id: 'buffer',
  context: ({ input }) => ({ size: input.size, items: 0, sleepers: 0, due: 0 }),
  on: {
    put: { guard: 'hasSpace', actions: ['add', 'notify'] },
    take: { guard: 'hasItems', actions: ['remove', 'notify'] },
    sleep: { guard: 'isBlocked', actions: 'addSleeper' },
    wake: { guard: 'isDue', actions: 'wakeOne' },
  },
});

/** Wakes all that sleep, instead of one. */
const mended = buffer.provide({ actions: { notify: assign({ due: ({ context }) => context.sleepers }) } });

const composed = (machine: AnyStateMachine, threads: readonly Thread['does'][]): System<Fact, Role> =>
  new System(
    BUFFER,
    [
      { role: 'buffer', index: 0, machine, input: { size: 1 }, authors: {} },
      ...threads.map((does, index) => {
        return { role: 'thread', index, machine: thread, input: { does }, authors: threadAuthors } as const;
      }),
    ],
    { threads: threads.length },
  );

const about = { severity: 'high', source: 'the buffer', consequence: 'a thread waits for ever' } as const;
const PROPERTIES: readonly Property<Fact, Role>[] = [
  {
    ...about,
    id: 'never-stuck',
    statement: 'some thread can always go on',
    speaksOf: () => true,
    vacuousWhen: 'nothing happens',
    clauses: [{ kind: 'no deadlock' }],
  },
  {
    ...about,
    id: 'bounded',
    statement: 'the buffer never holds more than it has room for',
    speaksOf: ({ type }) => type === 'put',
    vacuousWhen: 'nothing is put',
    clauses: [
      {
        kind: 'always',
        own: ['buffer'],
        holds: (view) => {
          const { items, size } = view.own('buffer').context as Buffer;
          return items <= size;
        },
      },
    ],
  },
];

const THREADS = ['put', 'put', 'take'] as const;
for (const [name, machine] of Object.entries({ 'one is woken': buffer, 'all are woken': mended })) {
  const system = composed(machine, THREADS);
  const { covered, verdicts } = await check(system, PROPERTIES);
  console.log(`${name}: ${covered.states} states`);
  for (const [id, verdict] of verdicts) {
    console.log(`  ${id}: ${verdict.verdict}`);
    if (verdict.verdict === 'violated')
      console.log(sequenceDiagram(system, verdict.counterexample.facts, 'every thread sleeps'));
  }
}

/** What the machines are a model of. */
class RealBuffer {
  readonly #items: number[] = [];
  do({ type }: Fact): void {
    if (type === 'put') this.#items.push(0);
    else if (type === 'take') this.#items.pop();
  }
  get items(): number {
    return this.#items.length;
  }
}

const system = composed(mended, THREADS);
const { tests, covered } = pathTests(system);
for (const { facts, states } of tests) {
  const real = new RealBuffer();
  for (const [step, fact] of facts.entries()) {
    real.do(fact);
    const expected = states[step + 1]![0]!.context as Buffer;
    if (real.items !== expected.items) throw new Error(`${fact.type}: ${real.items} items, not ${expected.items}`);
  }
}
console.log(`${tests.length} path tests take ${covered.length} transitions; the buffer passes them`);
