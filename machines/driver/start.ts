import { and, not, or } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_pmu_start';

/** Whether `prev_count` is set at each start. */
const setsAfresh = or([variant('startsFresh'), variant('writesCounter')]);

/** `riscv_pmu_start`. */
export const start = driverSetup.createStateConfig({
  id: 'start',
  initial: 'enter',
  meta: source(NAME, 266, 292),
  states: {
    enter: {
      meta: source(NAME, 270, 273),
      always: [
        { guard: and([not('isStopped'), variant('toleratesRunning')]), target: 'out' },
        { guard: not('isStopped'), target: 'warnNotStopped' },
        { guard: and(['reloads', not('isUpToDate')]), target: 'warnStale' },
        { target: 'run' },
      ],
    },
    warnNotStopped: { meta: source(NAME, 270, 271), on: { warn: 'out' } },
    warnStale: { meta: source(NAME, 274), on: { warn: 'run' } },
    run: {
      meta: source(NAME, 282),
      always: [
        { guard: and([variant('publishesLast'), setsAfresh]), target: 'sample', actions: 'markRunning' },
        { guard: variant('publishesLast'), target: 'look', actions: 'markRunning' },
        { target: 'publish', actions: 'markRunning' },
      ],
    },
    publish: {
      id: 'start.publish',
      meta: source(NAME, 283),
      on: {
        'userpage.update': [
          { guard: variant('publishesLast'), target: 'out' },
          { guard: setsAfresh, target: 'sample' },
          { target: 'look' },
        ],
      },
    },
    look: {
      meta: source(NAME, 290),
      on: {
        'prev_count.read': [
          { guard: 'previousIsZero', target: 'sample' },
          { guard: variant('publishesLast'), target: 'publish' },
          { target: 'out' },
        ],
      },
    },
    sample: {
      meta: source(NAME, 291),
      always: [
        { guard: and([variant('writesCounter'), variant('handlesOverflow')]), target: 'set', actions: 'startAtPeriod' },
        { guard: variant('writesCounter'), target: 'set', actions: 'startAtZero' },
        { target: '#read_counter', actions: { type: 'callFrom', params: 'start' } },
      ],
    },
    set: {
      id: 'start.set',
      meta: source(NAME, 291),
      on: {
        'prev_count.set': [
          { guard: variant('writesCounter'), target: 'write' },
          { guard: variant('publishesLast'), target: 'publish' },
          { target: 'out' },
        ],
      },
    },
    write: {
      meta: source(NAME, 291),
      always: { target: '#write_counter', actions: { type: 'callFrom', params: 'start' } },
    },
    written: {
      id: 'start.written',
      meta: source(NAME, 291),
      always: [{ guard: variant('publishesLast'), target: 'publish' }, { target: 'out' }],
    },
    out: {
      meta: source(NAME, 292),
      always: { guard: 'calledByAdd', target: '#add.out', actions: 'comeBack' },
      on: { 'start.return': { target: '#idle', actions: 'finish' } },
    },
  },
});
