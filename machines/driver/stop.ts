import { and, not, or } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_pmu_stop';

/** `riscv_pmu_stop`. */
export const stop = driverSetup.createStateConfig({
  id: 'stop',
  initial: 'enter',
  meta: source(NAME, 250, 261),
  states: {
    enter: {
      meta: source(NAME, 254),
      always: [{ guard: and(['isStopped', not(variant('toleratesStopped'))]), target: 'warn' }, { target: 'mark' }],
    },
    warn: { meta: source(NAME, 254), on: { warn: 'mark' } },
    mark: {
      meta: source(NAME, 255, 258),
      always: [
        {
          guard: and([not('isUpToDate'), or(['updates', variant('updatesAtEachStop')])]),
          target: '#read',
          actions: ['markStopped', { type: 'callFrom', params: 'stop' }],
        },
        { target: 'out', actions: 'markStopped' },
      ],
    },
    updated: { id: 'stop.updated', meta: source(NAME, 259), always: { target: 'out', actions: 'markUpToDate' } },
    out: {
      meta: source(NAME, 261),
      always: { guard: 'calledByDel', target: '#del.publish', actions: 'comeBack' },
      on: { 'stop.return': { target: '#idle', actions: 'finish' } },
    },
  },
});
