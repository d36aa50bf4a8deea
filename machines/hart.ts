import { and, assign, setup } from 'xstate';
import { COUNTERS, type Counter, type Fact, minus, plus, type Word, word } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context extends Record<Counter, Word> {
  /** The event whose callback runs here with interrupts off. */
  runs: number | null;
  /** The counters that were set up to overflow and have not yet, and those whose overflow no handler has seen. */
  armed: readonly Counter[];
  pending: readonly Counter[];
  /** Whether the counters can be written, and whether one that then comes round raises an interrupt. */
  writable: boolean;
  interrupts: boolean;
  /** The width of the counters, and of what one `csr_read` returns. */
  wordBits: number;
  xlen: number;
}

/** What the counters of a hart are. */
export interface HartInput {
  /** The width of the counters, and of what one `csr_read` returns. */
  wordBits: number;
  xlen: number;
  counters?: readonly Counter[];
  /** Whether they can be written. */
  writable?: boolean;
  /** Whether one that was written and then comes round raises an interrupt. */
  interrupts?: boolean;
}

type Callback = 'add' | 'del' | 'start' | 'stop' | 'read';
type HartFact = Fact<
  | `${Callback}.call`
  | `${Callback}.return`
  | 'slots.read'
  | 'slots.compare'
  | 'slots.write'
  | 'n_events.inc'
  | 'n_events.dec'
  | 'csr.read'
  | 'csr.write'
  | 'used_mask.read'
  | 'used_mask.set'
  | 'used_mask.clear'
  | 'overflow.call'
  | 'overflow.return'
>;

/**
 * One hart: its counters, free-running and readable, and the one callback that it runs.
 *
 * A callback takes no time: the counters stand while the hart runs one. So the ticks of a callback itself,
 * which nobody says are to count or not, are neither praise nor blame of a driver.
 *
 * An overflow is taken before time goes on, but not before callbacks that are called at once. It comes once for each
 * time that a counter is written: what a handler does not set up anew does not interrupt again.
 */
export const hart = setup({
  types: {
    context: {} as Context,
    events: {} as HartFact | Fact<'hart.tick' | 'overflow.stray'>,
    input: {} as HartInput,
  },
  guards: {
    ofItsCallback: ({ context, event }) => (event as HartFact).event === context.runs,
    mayWrite: ({ context, event }) => context.writable && (event as HartFact).event === context.runs,
    interrupts: ({ context }) => context.interrupts,
    comesRound: ({ context, event }) => {
      const { counter, ticks } = event as Fact<'hart.tick'>;
      const value = context[counter] ?? 0;
      return context.armed.includes(counter) && BigInt(plus(value, ticks, context.wordBits)) < BigInt(value);
    },
    noneOverflowed: ({ context }) => context.pending.length === 0,
    overflowed: ({ context, event }) => context.pending.includes((event as Fact<'overflow.call'>).counter),
  },
  actions: {
    enter: assign({ runs: ({ event }) => (event as HartFact).event }),
    leave: assign({ runs: null }),
    advance: assign(({ context, event }) => {
      const { counter, ticks } = event as Fact<'hart.tick'>;
      return { [counter]: plus(context[counter] ?? 0, ticks, context.wordBits) };
    }),
    overflow: assign(({ context, event }) => {
      const { counter } = event as Fact<'hart.tick'>;
      return { armed: without(context.armed, counter), pending: [...context.pending, counter].sort() };
    }),
    write: assign(({ context, event }) => {
      const write = event as Fact<'csr.write'>;
      return { [write.counter]: joined(context, write) };
    }),
    arm: assign(({ context, event }) => {
      const { counter } = event as Fact<'csr.write'>;
      const armed = [...without(context.armed, counter), counter].sort();
      return { armed, pending: without(context.pending, counter) };
    }),
    acknowledge: assign({
      pending: ({ context, event }) => without(context.pending, (event as Fact<'overflow.call'>).counter),
    }),
  },
}).createMachine({
  id: 'hart',
  context: ({ input }) => ({
    ...(Object.fromEntries((input.counters ?? COUNTERS).map((counter) => [counter, 0])) as Record<Counter, Word>),
    runs: null,
    armed: [],
    pending: [],
    writable: input.writable ?? false,
    interrupts: input.interrupts ?? false,
    wordBits: input.wordBits,
    xlen: input.xlen,
  }),
  initial: 'outside',
  states: {
    outside: {
      on: {
        'hart.tick': [
          { guard: and(['noneOverflowed', 'comesRound']), actions: ['overflow', 'advance'] },
          { guard: 'noneOverflowed', actions: 'advance' },
        ],
        'overflow.call': { guard: 'overflowed', target: 'callback', actions: ['acknowledge', 'enter'] },
        'overflow.stray': { guard: 'overflowed', actions: 'acknowledge' },
        'add.call': { target: 'callback', actions: 'enter' },
        'del.call': { target: 'callback', actions: 'enter' },
        'start.call': { target: 'callback', actions: 'enter' },
        'stop.call': { target: 'callback', actions: 'enter' },
        'read.call': { target: 'callback', actions: 'enter' },
      },
    },
    callback: {
      tags: 'interrupts off',
      on: {
        'slots.read': { guard: 'ofItsCallback' },
        'slots.compare': { guard: 'ofItsCallback' },
        'slots.write': { guard: 'ofItsCallback' },
        'n_events.inc': { guard: 'ofItsCallback' },
        'n_events.dec': { guard: 'ofItsCallback' },
        'csr.read': { guard: 'ofItsCallback' },
        'csr.write': [
          { guard: and(['mayWrite', 'interrupts']), actions: ['write', 'arm'] },
          { guard: 'mayWrite', actions: 'write' },
        ],
        'used_mask.read': { guard: 'ofItsCallback' },
        'used_mask.set': { guard: 'ofItsCallback' },
        'used_mask.clear': { guard: 'ofItsCallback' },
        'overflow.return': { guard: 'ofItsCallback', target: 'outside', actions: 'leave' },
        'add.return': { guard: 'ofItsCallback', target: 'outside', actions: 'leave' },
        'del.return': { guard: 'ofItsCallback', target: 'outside', actions: 'leave' },
        'start.return': { guard: 'ofItsCallback', target: 'outside', actions: 'leave' },
        'stop.return': { guard: 'ofItsCallback', target: 'outside', actions: 'leave' },
        'read.return': { guard: 'ofItsCallback', target: 'outside', actions: 'leave' },
      },
    },
  },
});

export const hartAuthors: Authors<Context> = {
  'csr.read': ({ context }, { counter, half }) => ({
    value: half === 'low' ? word(context[counter] ?? 0, context.xlen) : upperHalf(context, counter),
  }),
};

const without = (counters: readonly Counter[], counter: Counter): readonly Counter[] =>
  counters.filter((other) => other !== counter);

/** What a counter holds once one of its registers is written. */
function joined(context: Context, { counter, half, value }: Fact<'csr.write'>): Word {
  const { [counter]: before = 0, wordBits, xlen } = context;
  const low = half === 'low' ? word(value, xlen) : word(before, xlen);
  const high = half === 'high' ? value : upperHalf(context, counter);
  return word((BigInt(high) << BigInt(xlen)) + BigInt(low), wordBits);
}

/** What is left of a word above the register's bits (`cycleh` on RV32). */
function upperHalf(context: Context, counter: Counter): Word {
  const { [counter]: value = 0, wordBits, xlen } = context;
  const above = BigInt(minus(value, word(value, xlen), wordBits));
  return word(above >> BigInt(xlen), wordBits);
}
