import { assign, setup } from 'xstate';
import {
  type Attribute,
  attributeKind,
  type Counter,
  counterAt,
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
   * modulo 2^countBits. Negative (in two's complement) when `count` has more than ran. Zero right after an exact update.
   */
  uncounted: Word;
  /** What the page published to user space lacks against `count - prev_count`, modulo 2^counterWidth. */
  unpublished: Word;
  /** The counters that could count this kind of event. */
  able: readonly Counter[];
  /** The one that does: the only one, or the one that the driver gave to the event, if that could. */
  counter: Counter | null;
  /** The hart on which the event runs: between the callback that started it and the one that stops it. */
  runsOn: number | null;
  /** Whether the `add` in flight starts the event. */
  starts: boolean;
  /** The counters of kinds of event for which none is made, or more than one. */
  counters: CountersOfKinds;
  wordBits: number;
  counterWidth: number;
  /** How many bits of a count are looked at: more than a counter has, where it comes round before a count does. */
  countBits: number;
}

export type CountersOfKinds = Partial<Record<Attribute, readonly Counter[]>>;

const blank = {
  prevCount: 0,
  uncounted: 0,
  unpublished: 0,
  able: [] as readonly Counter[],
  counter: null as Counter | null,
  runsOn: null,
  starts: false,
};

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
      | 'used_mask.set'
      | 'hart.tick'
      | 'prev_count.read'
      | 'prev_count.set'
      | 'prev_count.cmpxchg'
      | 'count.add'
      | 'userpage.update'
    >,
    input: {} as { wordBits: number; counterWidth: number; countBits?: number; counters?: CountersOfKinds },
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
    keepCounter: assign(({ context, event }) => {
      const { attribute } = event as Fact<'event_init.call'>;
      const { counter: made } = attributeKind(attribute);
      const able = context.counters[attribute] ?? (made === undefined ? [] : [made]);
      return { able, counter: able.length === 1 ? able[0]! : null };
    }),
    keepGiven: assign({
      counter: ({ context, event }) => {
        // An event that only one counter can count is on that one, wherever the driver looks.
        if (context.able.length === 1) return context.counter;
        const given = counterAt((event as Fact<'used_mask.set'>).idx);
        return context.able.includes(given) ? given : null;
      },
    }),
    free: assign(blank),
    keepStart: assign({ starts: ({ event }) => ((event as Fact<'add.call'>).flags & PERF_EF.START) !== 0 }),
    run: assign({ runsOn: ({ event }) => (event as Fact<'add.return' | 'start.return'>).hart, starts: false }),
    refuse: assign({ starts: false }),
    halt: assign({ runsOn: null }),
    tick: assign({
      uncounted: ({ context, event }) => plus(context.uncounted, (event as Fact<'hart.tick'>).ticks, context.countBits),
    }),
    setPrevious: assign(({ context, event }) => {
      const { value } = event as Fact<'prev_count.set' | 'prev_count.cmpxchg'>;
      const back = minus(context.prevCount, value, context.wordBits);
      return { prevCount: value, unpublished: plus(context.unpublished, back, context.counterWidth) };
    }),
    addDelta: assign(({ context, event }) => {
      const { delta } = event as Fact<'count.add'>;
      return {
        uncounted: minus(context.uncounted, delta, context.countBits),
        unpublished: plus(context.unpublished, delta, context.counterWidth),
      };
    }),
    publish: assign({ unpublished: 0 }),
  },
}).createMachine({
  id: 'event count',
  context: ({ input }) => ({ counters: {}, countBits: input.counterWidth, ...blank, ...input }),
  on: {
    'event_init.call': { actions: 'keepCounter' },
    'event.free': { actions: 'free' },
    'add.call': { actions: 'keepStart' },
    'add.return': [{ guard: 'startsNow', actions: 'run' }, { actions: 'refuse' }],
    'start.return': { actions: 'run' },
    'used_mask.set': { actions: 'keepGiven' },
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
