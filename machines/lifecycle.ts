import { and, assign, or, setup } from 'xstate';
import { type Attribute, attributeKind, type Capabilities, type Fact, PERF_EF, PERF_TYPE } from '../src/facts/index.ts';
import { CORES, type Core, type CoreName, offersType, refusesByItself } from './cores.ts';

export interface LifecycleInput {
  core: CoreName;
  /** The kinds of event that may be opened. */
  offers: readonly Attribute[];
  /** How many opens that should fail are tried, in the whole life of the scope. */
  oddOpens: number;
  /** Whether another event is opened after this one is gone. */
  reopens: boolean;
  /** Whether the event is in a group, which may have a member of another PMU that is throttled. */
  grouped: boolean;
  /** What the PMU says that it cannot do; nothing if it is left out. */
  capabilities?: Capabilities;
}

interface Context extends Omit<LifecycleInput, 'core'> {
  core: Core;
  capabilities: Capabilities;
  attribute: Attribute | null;
  /** The hart on which the event is added. */
  hart: number | null;
}

type Callback = 'add' | 'del' | 'start' | 'stop' | 'read';

const flagsOf = (event: unknown): number => (event as Fact<'stop.call'>).flags;

/**
 * What the perf core believes of one event, and so the contract of its callbacks: which may come next, with which flags.
 * The legal order is `event_init (add (stop start | read)* del)* destroy`, with refused `add`s anywhere outside add … del.
 */
export const lifecycle = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<
      | 'event_init.call'
      | 'event_init.return'
      | 'destroy.call'
      | 'destroy.return'
      | 'event.free'
      | `${Callback}.${'call' | 'return'}`
    >,
    input: {} as LifecycleInput,
    tags: {} as 'live' | 'opening' | 'closing' | 'active' | 'running' | 'in callback' | 'final',
  },
  guards: {
    offered: ({ context, event }) => {
      const { attribute } = event as Fact<'event_init.call'>;
      const { type, answers } = attributeKind(attribute);
      return (
        context.offers.includes(attribute) &&
        offersType(context.core, type) &&
        (answers.includes(0) || context.oddOpens > 0)
      );
    },
    sameEvent: ({ context, event }) => (event as Fact<'event_init.call'>).attribute === context.attribute,
    accepted: ({ event }) => (event as Fact<'event_init.return' | 'add.return'>).answer === 0,
    refusedByCore: ({ context, event }) =>
      (event as Fact<'event_init.return'>).answer === 0 &&
      refusesByItself(context, attributeKind(context.attribute ?? 'cycles')),
    destroySet: ({ event }) => (event as Fact<'event_init.return'>).destroySet,
    asksOnceMore: ({ context, event }) => {
      const { type } = attributeKind(context.attribute ?? 'cycles');
      return (
        context.core.asksTwice &&
        (event as Fact<'event_init.return'>).answer === 'ENOENT' &&
        (type === PERF_TYPE.HARDWARE || type === PERF_TYPE.HW_CACHE)
      );
    },
    cleansUp: ({ context, event }) =>
      context.core.destroysAfterFailure && (event as Fact<'event_init.return'>).destroySet,
    reopens: ({ context }) => context.reopens,
    onItsHart: ({ context, event }) => (event as Fact<'del.call'>).hart === context.hart,
    noFlags: ({ event }) => flagsOf(event) === 0,
    withStart: ({ event }) => flagsOf(event) === PERF_EF.START,
    withReload: ({ event }) => flagsOf(event) === PERF_EF.RELOAD,
    withUpdate: ({ event }) => flagsOf(event) === PERF_EF.UPDATE,
    samples: ({ context }) => attributeKind(context.attribute ?? 'cycles').sampling === true,
    /** A member of another PMU in the group may be throttled, and this event is stopped with it. */
    throttled: ({ context }) => context.core.throttlesGroups && context.grouped,
  },
  actions: {
    open: assign(({ context, event }) => {
      const { attribute } = event as Fact<'event_init.call'>;
      const odd = attributeKind(attribute).answers.includes(0) ? 0 : 1;
      return { attribute, oddOpens: context.oddOpens - odd };
    }),
    keepHart: assign({ hart: ({ event }) => (event as Fact<'add.call'>).hart }),
    leaveHart: assign({ hart: null }),
    forget: assign({ attribute: null }),
  },
}).createMachine({
  id: 'event lifecycle',
  context: ({ input }) => ({
    capabilities: { noInterrupt: false, noExclude: false },
    ...input,
    core: CORES[input.core],
    attribute: null,
    hart: null,
  }),
  initial: 'absent',
  states: {
    absent: { on: { 'event_init.call': { guard: 'offered', target: 'initialising', actions: 'open' } } },

    initialising: {
      tags: 'opening',
      initial: 'asked',
      on: {
        'event_init.return': [
          { guard: and(['refusedByCore', 'destroySet']), target: 'undone' },
          { guard: 'refusedByCore', target: 'refused' },
          { guard: 'accepted', target: 'inactive' },
          { guard: 'cleansUp', target: 'cleaning' },
          { target: 'refused' },
        ],
      },
      states: {
        asked: { on: { 'event_init.return': { guard: 'asksOnceMore', target: '#between asks' } } },
        askedAgain: {},
      },
    },
    betweenAsks: {
      id: 'between asks',
      on: { 'event_init.call': { guard: 'sameEvent', target: 'initialising.askedAgain' } },
    },
    /** Opened well, and not wanted by the core. */
    undone: { tags: 'closing', on: { 'destroy.call': 'destroying' } },
    cleaning: { on: { 'destroy.call': 'destroying' } },
    refused: { on: { 'event.free': { target: 'gone', actions: 'forget' } } },

    inactive: {
      id: 'inactive',
      tags: 'live',
      on: {
        'add.call': { guard: 'withStart', target: 'adding', actions: 'keepHart' },
        'destroy.call': 'destroying',
      },
    },
    adding: {
      tags: ['live', 'in callback'],
      on: {
        'add.return': [
          { guard: 'accepted', target: 'active' },
          { target: 'inactive', actions: 'leaveHart' },
        ],
      },
    },
    active: {
      tags: 'live',
      initial: 'running',
      states: {
        running: {
          tags: ['active', 'running'],
          on: {
            'read.call': { guard: 'onItsHart', target: 'reading' },
            'stop.call': [
              { guard: and(['onItsHart', 'withUpdate', 'samples']), target: 'stopping.updating' },
              { guard: and(['onItsHart', 'noFlags', 'throttled']), target: 'stopping.plain' },
            ],
            'del.call': { guard: and(['onItsHart', 'noFlags']), target: 'deleting' },
          },
        },
        reading: { tags: 'in callback', on: { 'read.return': 'running' } },
        stopping: {
          tags: 'in callback',
          initial: 'plain',
          states: {
            updating: { on: { 'stop.return': '#stopped.updated' } },
            plain: { on: { 'stop.return': '#stopped.plain' } },
          },
        },
        stopped: {
          id: 'stopped',
          tags: 'active',
          initial: 'plain',
          on: {
            'start.call': { guard: and(['onItsHart', 'noFlags']), target: 'starting' },
            // Only a group that is throttled stays stopped long enough for anything else.
            'stop.call': [
              { guard: and(['onItsHart', 'throttled', 'withUpdate', 'samples']), target: 'stopping.updating' },
              { guard: and(['onItsHart', 'throttled', 'noFlags']), target: 'stopping.plain' },
            ],
            'del.call': { guard: and(['onItsHart', 'throttled', 'noFlags']), target: 'deleting' },
          },
          states: {
            updated: {
              on: {
                'start.call': { guard: and(['onItsHart', or(['withReload', 'noFlags'])]), target: '#starting' },
                'read.call': { guard: and(['onItsHart', 'throttled']), target: '#readingStopped.updated' },
              },
            },
            plain: {
              on: { 'read.call': { guard: and(['onItsHart', 'throttled']), target: '#readingStopped.plain' } },
            },
          },
        },
        readingStopped: {
          id: 'readingStopped',
          tags: 'in callback',
          initial: 'plain',
          states: {
            updated: { on: { 'read.return': '#stopped.updated' } },
            plain: { on: { 'read.return': '#stopped.plain' } },
          },
        },
        starting: { id: 'starting', tags: 'in callback', on: { 'start.return': 'running' } },
        deleting: { tags: 'in callback', on: { 'del.return': { target: '#inactive', actions: 'leaveHart' } } },
      },
    },

    destroying: { tags: 'closing', on: { 'destroy.return': 'destroyed' } },
    destroyed: { on: { 'event.free': { target: 'gone', actions: 'forget' } } },
    gone: {
      always: { guard: 'reopens', target: 'absent' },
      tags: 'final',
    },
  },
});
