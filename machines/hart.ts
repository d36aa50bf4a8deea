import { assign, setup } from 'xstate';
import { COUNTERS, type Counter, type Fact, minus, plus, type Word, word } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context extends Record<Counter, Word> {
  /** The event whose callback runs here with interrupts off. */
  runs: number | null;
  /** The width of the counters, and of what one `csr_read` returns. */
  wordBits: number;
  xlen: number;
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
>;

/**
 * One hart: its two counters, free-running, readable and not writable, and the one callback that it runs.
 *
 * A callback takes no time: the counters stand while the hart runs one. So the ticks of a callback itself,
 * which nobody promises to count or not to count, are neither praise nor blame of a driver.
 */
export const hart = setup({
  types: {
    context: {} as Context,
    events: {} as HartFact | Fact<'hart.tick'>,
    input: {} as { wordBits: number; xlen: number; counters?: readonly Counter[] },
  },
  guards: {
    ofItsCallback: ({ context, event }) => (event as HartFact).event === context.runs,
  },
  actions: {
    enter: assign({ runs: ({ event }) => (event as HartFact).event }),
    leave: assign({ runs: null }),
    advance: assign(({ context, event }) => {
      const { counter, ticks } = event as Fact<'hart.tick'>;
      return { [counter]: plus(context[counter] ?? 0, ticks, context.wordBits) };
    }),
  },
}).createMachine({
  id: 'hart',
  context: ({ input }) => ({
    ...(Object.fromEntries((input.counters ?? COUNTERS).map((counter) => [counter, 0])) as Record<Counter, Word>),
    runs: null,
    wordBits: input.wordBits,
    xlen: input.xlen,
  }),
  initial: 'outside',
  states: {
    outside: {
      on: {
        'hart.tick': { actions: 'advance' },
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

/** What is left of a word above the register's bits (`cycleh` on RV32). */
function upperHalf(context: Context, counter: Counter): Word {
  const { [counter]: value = 0, wordBits, xlen } = context;
  const above = BigInt(minus(value, word(value, xlen), wordBits));
  return word(above >> BigInt(xlen), wordBits);
}
