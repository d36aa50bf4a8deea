import { and, not } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_event_destroy';
const RELEASE = 'release_pmc_hardware';

/** `riscv_event_destroy`, with `release_pmc_hardware` in it. */
export const destroy = driverSetup.createStateConfig({
  id: 'destroy',
  initial: 'enter',
  meta: source(NAME, 376, 380),
  states: {
    enter: {
      meta: source(NAME, 376),
      always: [
        { guard: and([not('isOpen'), not('calledByInit'), variant('destroysOnce')]), target: 'out' },
        { guard: variant('destroysOnce'), target: 'begin', actions: 'clearDestroy' },
        { target: 'begin' },
      ],
    },
    begin: {
      meta: source(NAME, 378, 379),
      always: [{ guard: variant('countsUnderMutex'), target: 'release' }, { target: 'count' }],
    },
    count: {
      id: 'destroy.count',
      meta: source(NAME, 378),
      on: {
        'active_events.dec': [
          { guard: and(['last', variant('countsUnderMutex')]), target: 'release.locked', actions: 'drop' },
          { guard: variant('countsUnderMutex'), target: 'release.unlock', actions: 'drop' },
          { guard: 'last', target: 'release', actions: 'drop' },
          { target: 'out', actions: 'drop' },
        ],
      },
    },
    release: {
      initial: 'lock',
      meta: source(RELEASE, 363, 368),
      states: {
        lock: {
          meta: source(RELEASE, 365),
          on: {
            'mutex.wait': 'wait',
            'mutex.lock': [{ guard: variant('countsUnderMutex'), target: '#destroy.count' }, { target: 'locked' }],
          },
        },
        wait: {
          meta: source(RELEASE, 365),
          on: {
            'mutex.lock': [{ guard: variant('countsUnderMutex'), target: '#destroy.count' }, { target: 'locked' }],
          },
        },
        locked: {
          meta: source(RELEASE, 366),
          always: [
            { guard: and([not('hasInterrupt'), variant('requestsIrq')]), target: 'unlock' },
            { guard: variant('requestsIrq'), target: 'free' },
            { target: 'clear' },
          ],
        },
        free: {
          meta: source(RELEASE, 366),
          on: { free_irq: 'unlock' },
        },
        clear: { meta: source(RELEASE, 366), on: { 'perf_irq.write': 'unlock' } },
        unlock: { meta: source(RELEASE, 367), on: { 'mutex.unlock': '#destroy.out' } },
      },
    },
    out: {
      id: 'destroy.out',
      meta: source(NAME, 380),
      always: { guard: 'calledByInit', target: '#event_init.out', actions: 'comeBack' },
      on: { 'destroy.return': { target: '#idle', actions: 'finish' } },
    },
  },
});
