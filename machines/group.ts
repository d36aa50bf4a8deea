import { and, assign, not, setup } from 'xstate';
import { type Attribute, attributeKind, type Counter, type Fact } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';
import type { CountersOfKinds } from './count.ts';

interface Context {
  /** The events 0 to size - 1 are the members; event 0 leads. */
  size: number;
  /** For each open member, the counters of which it needs one; none if it needs none. */
  needs: (readonly Counter[])[];
  /** The counters of kinds of event for which none is made, or more than one. */
  counters: CountersOfKinds;
  open: boolean[];
  /** The member that is being opened: one at a time, since `event_init` of a sibling runs under the mutex of the leader's context. */
  opening: number | null;
  active: boolean[];
  /** The hart that the group is on. */
  hart: number | null;
}

type Member = Fact<'event_init.call' | 'event_init.return' | 'destroy.call' | 'add.call' | 'add.return' | 'del.call'>;

const number = (event: unknown): number => (event as Member).event;

/**
 * One perf group: the leader opens, is added first and goes last; siblings follow in order of opening.
 * At the first member that does not fit, those that were added are taken out again.
 */
export const group = setup({
  types: { context: {} as Context, events: {} as Member, input: {} as { size: number; counters?: CountersOfKinds } },
  guards: {
    stranger: ({ context, event }) => number(event) >= context.size,
    leads: ({ event }) => number(event) === 0,
    mayOpen: ({ context, event }) => context.opening === null && (number(event) === 0 || context.open[0] === true),
    /** Whoever opens a sibling holds the leader's file. */
    siblingsGone: ({ context }) => context.opening === null && !context.open.some((open, member) => member > 0 && open),
    accepted: ({ event }) => (event as Fact<'event_init.return' | 'add.return'>).answer === 0,
    leaderActiveThere: ({ context, event }) =>
      context.active[0] === true && context.hart === (event as Fact<'add.call'>).hart,
    /** Siblings are added in order of opening. */
    inOrder: ({ context, event }) => !context.active.some((active, member) => member > number(event) && active),
    othersActive: ({ context, event }) => context.active.some((active, member) => member !== number(event) && active),
    anyActive: ({ context }) => context.active.includes(true),
    /** Members are taken out in order of opening, the leader last. */
    nextOut: ({ context, event }) => {
      const sibling = context.active.indexOf(true, 1);
      return number(event) === (sibling === -1 ? 0 : sibling);
    },
  },
  actions: {
    keepNeed: assign({
      opening: ({ event }) => number(event),
      needs: ({ context, event }) =>
        context.needs.with(number(event), needOf(context, (event as Fact<'event_init.call'>).attribute)),
    }),
    settled: assign({ opening: null }),
    opened: assign({ open: ({ context, event }) => context.open.with(number(event), true) }),
    closed: assign({
      open: ({ context, event }) => context.open.with(number(event), false),
      needs: ({ context, event }) => context.needs.with(number(event), []),
    }),
    added: assign({
      active: ({ context, event }) => context.active.with(number(event), true),
      hart: ({ event }) => (event as Fact<'add.return'>).hart,
    }),
    deleted: assign(({ context, event }) => {
      const active = context.active.with(number(event), false);
      return { active, hart: active.includes(true) ? context.hart : null };
    }),
  },
}).createMachine({
  id: 'group',
  context: ({ input }) => ({
    size: input.size,
    needs: Array.from({ length: input.size }, () => []),
    counters: input.counters ?? {},
    open: Array.from({ length: input.size }, () => false),
    opening: null,
    active: Array.from({ length: input.size }, () => false),
    hart: null,
  }),
  initial: 'together',
  on: {
    'event_init.call': [{ guard: 'stranger' }, { guard: 'mayOpen', actions: 'keepNeed' }],
    'event_init.return': [
      { guard: 'stranger' },
      { guard: 'accepted', actions: ['settled', 'opened'] },
      { actions: ['settled', 'closed'] },
    ],
    'destroy.call': [
      { guard: 'stranger' },
      { guard: not('leads'), actions: 'closed' },
      { guard: 'siblingsGone', actions: 'closed' },
    ],
  },
  states: {
    together: {
      on: {
        'add.call': [
          { guard: 'stranger' },
          { guard: and(['leads', not('anyActive')]) },
          { guard: and([not('leads'), 'leaderActiveThere', 'inOrder']) },
        ],
        'add.return': [
          { guard: 'stranger' },
          { guard: 'accepted', actions: 'added' },
          { guard: 'anyActive', target: 'rollingBack' },
          {},
        ],
        'del.call': [
          { guard: 'stranger' },
          { guard: and(['leads', 'othersActive']), target: 'leaving', actions: 'deleted' },
          { actions: 'deleted' },
        ],
      },
    },
    /** A member did not fit: the siblings that were added go in order of opening, then the leader. */
    rollingBack: {
      always: { guard: not('anyActive'), target: 'together' },
      on: {
        'add.call': { guard: 'stranger' },
        'add.return': { guard: 'stranger' },
        'del.call': [{ guard: 'stranger' }, { guard: 'nextOut', actions: 'deleted' }],
      },
    },
    /** The leader is switched out: the siblings follow. */
    leaving: {
      always: { guard: not('anyActive'), target: 'together' },
      on: {
        'add.call': { guard: 'stranger' },
        'add.return': { guard: 'stranger' },
        'del.call': [{ guard: 'stranger' }, { guard: 'nextOut', actions: 'deleted' }],
      },
    },
  },
});

export const groupAuthors: Authors<Context> = {
  'event_init.call': ({ context }, { event, attribute }) => {
    if (event >= context.size) return { fits: true };
    const need = needOf(context, attribute);
    const others = context.needs.toSpliced(event, 1);
    return { fits: need.length === 0 || together([need, ...others]) > together(others) };
  },
};

function needOf({ counters }: Context, attribute: Attribute): readonly Counter[] {
  const { counter } = attributeKind(attribute);
  return counters[attribute] ?? (counter === undefined ? [] : [counter]);
}

/** How many of these needs can be met at once, each by a counter of its own. */
function together([first, ...others]: readonly (readonly Counter[])[]): number {
  if (first === undefined) return 0;
  const without = (counter: Counter) => others.map((need) => need.filter((other) => other !== counter));
  return Math.max(together(others), ...first.map((counter) => 1 + together(without(counter))));
}
