import { and, not, or } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_event_init';
const RESERVE = 'reserve_pmc_hardware';

/** `riscv_event_init`, with `reserve_pmc_hardware` in it. */
export const eventInit = driverSetup.createStateConfig({
  id: 'event_init',
  initial: 'enter',
  meta: source(NAME, 382, 428),
  states: {
    enter: {
      meta: source(NAME, 382, 387),
      always: [
        {
          guard: and(['samplesInVain', variant('refusesSampling')]),
          target: 'out',
          actions: { type: 'answer', params: 'EOPNOTSUPP' },
        },
        {
          guard: and(['modifiesInVain', variant('refusesModifiers')]),
          target: 'out',
          actions: { type: 'answer', params: 'EINVAL' },
        },
        {
          guard: and(['groupUnfit', variant('refusesUnfitGroups')]),
          target: 'out',
          actions: { type: 'answer', params: 'EINVAL' },
        },
        {
          guard: and(['beyondMap', variant('mapsFirst'), variant('knowsWholeAbi')]),
          target: 'out',
          actions: { type: 'answer', params: 'EOPNOTSUPP' },
        },
        { guard: and(['mapRefuses', variant('mapsFirst')]), target: 'out', actions: 'answerOfMap' },
        { guard: and(['isOpen', variant('opensOnce')]), target: 'out' },
        { guard: variant('countsUnderMutex'), target: 'reserve' },
        { target: 'count' },
      ],
    },

    count: {
      id: 'event_init.count',
      meta: source(NAME, 389),
      on: {
        'active_events.inc': [
          { guard: and(['first', variant('countsUnderMutex')]), target: 'reserve.locked', actions: 'hold' },
          { guard: variant('countsUnderMutex'), target: 'reserve.unlock', actions: 'hold' },
          { guard: 'first', target: 'reserve', actions: 'hold' },
          { target: 'map', actions: 'hold' },
        ],
      },
    },

    reserve: {
      initial: 'lock',
      meta: source(RESERVE, 351, 361),
      states: {
        lock: {
          meta: source(RESERVE, 355),
          on: {
            'mutex.wait': 'wait',
            'mutex.lock': [{ guard: variant('countsUnderMutex'), target: '#event_init.count' }, { target: 'locked' }],
          },
        },
        wait: {
          meta: source(RESERVE, 355),
          on: {
            'mutex.lock': [{ guard: variant('countsUnderMutex'), target: '#event_init.count' }, { target: 'locked' }],
          },
        },
        locked: {
          meta: source(RESERVE, 356, 357),
          always: [
            { guard: and([not('hasInterrupt'), variant('requestsIrq')]), target: 'unlock' },
            { guard: variant('requestsIrq'), target: 'request' },
            { target: 'look' },
          ],
        },
        request: {
          meta: source(RESERVE, 356, 357),
          on: {
            request_irq: [
              {
                guard: and(['othersHandler', variant('countsUnderMutex')]),
                target: 'giveBack',
                actions: 'keepOldHandler',
              },
              { target: 'unlock', actions: 'keepOldHandler' },
            ],
          },
        },
        look: {
          meta: source(RESERVE, 356),
          on: {
            'perf_irq.read': [
              {
                guard: and(['othersHandler', variant('takesOnlyFreePmc'), variant('countsUnderMutex')]),
                target: 'giveBack',
                actions: 'keepOldHandler',
              },
              {
                guard: and(['othersHandler', variant('takesOnlyFreePmc')]),
                target: 'unlock',
                actions: 'keepOldHandler',
              },
              { target: 'take', actions: 'keepOldHandler' },
            ],
          },
        },
        take: { meta: source(RESERVE, 357), on: { 'perf_irq.write': { target: 'unlock', actions: 'noteDisplaced' } } },
        giveBack: { meta: source(NAME, 394), on: { 'active_events.dec': { target: 'unlock', actions: 'drop' } } },
        unlock: {
          meta: source(RESERVE, 358),
          on: { 'mutex.unlock': [{ guard: 'wasHeld', target: '#event_init.busy' }, { target: '#event_init.map' }] },
        },
      },
    },

    busy: {
      id: 'event_init.busy',
      initial: 'tell',
      meta: source(NAME, 392, 396),
      states: {
        tell: {
          meta: source(NAME, 393),
          on: {
            pr_warn: [
              {
                guard: and([or([variant('takesOnlyFreePmc'), variant('requestsIrq')]), variant('countsUnderMutex')]),
                target: '#event_init.out',
                actions: { type: 'answer', params: 'EBUSY' },
              },
              { target: 'giveBack' },
            ],
          },
        },
        giveBack: {
          meta: source(NAME, 394, 395),
          on: {
            'active_events.dec': {
              target: '#event_init.out',
              actions: ['drop', { type: 'answer', params: 'EBUSY' }],
            },
          },
        },
      },
    },

    map: {
      id: 'event_init.map',
      meta: source(NAME, 398, 409),
      always: [
        { guard: 'typeNotTaken', target: 'refuse', actions: 'answerOfMap' },
        {
          guard: and(['beyondMap', variant('knowsWholeAbi')]),
          target: 'fail',
          actions: { type: 'answer', params: 'EOPNOTSUPP' },
        },
        { guard: 'mapRefuses', target: 'fail', actions: 'answerOfMap' },
        { target: 'accept' },
      ],
    },
    refuse: {
      meta: source(NAME, 405, 408),
      always: [
        {
          guard: variant('givesReferenceBack'),
          target: '#destroy',
          actions: { type: 'callFrom', params: 'event_init' },
        },
        { target: 'out' },
      ],
    },
    fail: {
      meta: source(NAME, 411, 415),
      always: [
        { guard: variant('setsDestroyLast'), target: '#destroy', actions: { type: 'callFrom', params: 'event_init' } },
        { target: '#destroy', actions: ['setDestroy', { type: 'callFrom', params: 'event_init' }] },
      ],
    },
    accept: {
      meta: source(NAME, 424, 427),
      always: [
        { guard: variant('leavesIndex'), target: 'out', actions: 'accept' },
        { target: 'out', actions: ['accept', 'clearIndex'] },
      ],
    },

    out: {
      id: 'event_init.out',
      meta: source(NAME, 428),
      on: { 'event_init.return': { target: '#idle', actions: 'finish' } },
    },
  },
});
