import { assign, setup } from 'xstate';
import {
  type Attribute,
  attributeKind,
  type Counter,
  type Fact,
  minus,
  PERF_EF,
  plus,
  type Word,
} from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context {
  /** `hw.prev_count`. */
  prevCount: Word;
  /**
   * The truth, held against the count: ticks of the event's counter while it ran that are not (yet) in `event->count`,
   * modulo 2^counterWidth. Negative (in two's complement) when `count` has more than ran. Zero right after an exact update.
   */
  uncounted: Word;
  /** What the page published to user space lacks against `count - prev_count`, modulo 2^counterWidth. */
  unpublished: Word;
  /** The counter that counts this kind of event. */
  counter: Counter | null;
  /** The hart on which the event runs: between the callback that started it and the one that stops it. */
  runsOn: number | null;
  /** Whether the `add` in flight starts the event. */
  starts: boolean;
  /** The counters of kinds of event for which none is made. */
  counters: Partial<Record<Attribute, Counter>>;
  wordBits: number;
  counterWidth: number;
}

const blank = { prevCount: 0, uncounted: 0, unpublished: 0, counter: null, runsOn: null, starts: false };

/**
 * The counting of one event: `prev_count`, `count`, and what should be in it.
 *
 * `count` itself is nowhere: it is the sum of the `count.add` facts, and the driver never reads it.
 * What decides the future is its distance from the truth.
 */
export const count = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<
      | 'event_init.call'
      | 'event.free'
      | 'add.call'
      | 'add.return'
      | 'del.call'
      | 'start.return'
      | 'stop.call'
      | 'hart.tick'
      | 'prev_count.read'
      | 'prev_count.set'
      | 'prev_count.cmpxchg'
      | 'count.add'
      | 'userpage.update'
    >,
    input: {} as { wordBits: number; counterWidth: number; counters?: Partial<Record<Attribute, Counter>> },
  },
  guards: {
    startsNow: ({ context, event }) => context.starts && (event as Fact<'add.return'>).answer === 0,
    itsTick: ({ context, event }) => {
      const tick = event as Fact<'hart.tick'>;
      return context.runsOn === tick.hart && context.counter === tick.counter;
    },
    exchanges: ({ event }) => {
      const { expected, found } = event as Fact<'prev_count.cmpxchg'>;
      return expected === found;
    },
  },
  actions: {
    keepCounter: assign({
      counter: ({ context, event }) => {
        const { attribute } = event as Fact<'event_init.call'>;
        return attributeKind(attribute).counter ?? context.counters[attribute] ?? null;
      },
    }),
    free: assign(blank),
    keepStart: assign({ starts: ({ event }) => ((event as Fact<'add.call'>).flags & PERF_EF.START) !== 0 }),
    run: assign({ runsOn: ({ event }) => (event as Fact<'add.return' | 'start.return'>).hart, starts: false }),
    refuse: assign({ starts: false }),
    halt: assign({ runsOn: null }),
    tick: assign({
      uncounted: ({ context, event }) =>
        plus(context.uncounted, (event as Fact<'hart.tick'>).ticks, context.counterWidth),
    }),
    setPrevious: assign(({ context, event }) => {
      const { value } = event as Fact<'prev_count.set' | 'prev_count.cmpxchg'>;
      const back = minus(context.prevCount, value, context.wordBits);
      return { prevCount: value, unpublished: plus(context.unpublished, back, context.counterWidth) };
    }),
    addDelta: assign(({ context, event }) => {
      const { delta } = event as Fact<'count.add'>;
      return {
        uncounted: minus(context.uncounted, delta, context.counterWidth),
        unpublished: plus(context.unpublished, delta, context.counterWidth),
      };
    }),
    publish: assign({ unpublished: 0 }),
  },
}).createMachine({
  id: 'event count',
  context: ({ input }) => ({ counters: {}, ...blank, ...input }),
  on: {
    'event_init.call': { actions: 'keepCounter' },
    'event.free': { actions: 'free' },
    'add.call': { actions: 'keepStart' },
    'add.return': [{ guard: 'startsNow', actions: 'run' }, { actions: 'refuse' }],
    'start.return': { actions: 'run' },
    'stop.call': { actions: 'halt' },
    'del.call': { actions: 'halt' },
    'hart.tick': [{ guard: 'itsTick', actions: 'tick' }, {}],
    'prev_count.read': {},
    'prev_count.set': { actions: 'setPrevious' },
    'prev_count.cmpxchg': [{ guard: 'exchanges', actions: 'setPrevious' }, {}],
    'count.add': { actions: 'addDelta' },
    'userpage.update': { actions: 'publish' },
  },
});

export const countAuthors: Authors<Context> = {
  'prev_count.read': ({ context }) => ({ value: context.prevCount }),
  'prev_count.cmpxchg': ({ context }) => ({ found: context.prevCount }),
};
