import { type Core, refusesByItself } from '../../machines/cores.ts';
import type { Ghost } from '../../machines/driver/setup.ts';
import {
  type Attribute,
  answersOn,
  attributeKind,
  type Capabilities,
  type Fact,
  isImpossible,
  PERF_TYPE,
  type Pmu,
  type Property,
} from '../../src/facts/index.ts';
import { isLive } from './reservation.ts';

interface Left {
  core: Core;
  capabilities: Capabilities;
}
type Returned = Fact<'event_init.return'>;

const returns = (fact: Fact): fact is Returned => fact.type === 'event_init.return';

const isForThisPmu = (type: number): boolean =>
  type === PERF_TYPE.HARDWARE || type === PERF_TYPE.HW_CACHE || type === PERF_TYPE.RAW;

export const errnoContract: Property = {
  id: 'errno-contract',
  statement: 'each kind of attribute gets the errno that the contract gives it',
  severity: 'medium',
  source: 'include/linux/perf_event.h, the comment at pmu::event_init',
  consequence:
    'The perf core takes any answer but ENOENT as final: opening an event that another PMU would take fails, or the person who opens it is told the wrong reason.',
  vacuousWhen: 'no open returns',
  speaksOf: returns,
  shows: ['activeEvents', 'reservation'],
  clauses: [
    {
      kind: 'whenever',
      facts: ['event_init.return'],
      each: 'event',
      own: ['lifecycle', 'driver'],
      holds: (fact, view) => {
        const { event, answer } = fact as Returned;
        if (event !== view.index) return true;
        const attribute = view.own('lifecycle').context.attribute as Attribute | null;
        if (attribute === null) return true;
        const { pmu, fits } = view.own('driver').context as { pmu: Pmu; fits: boolean };
        const { type } = attributeKind(attribute);
        if (answersOn(pmu, attribute).includes(answer)) return true;
        if (answer === 'EBUSY') return isForThisPmu(type);
        // Admitting the impossible is a property of its own, and so is the group.
        if (answer === 0) return isImpossible(pmu, attribute);
        return answer === 'EINVAL' && !fits;
      },
    },
  ],
};

export const initAllOrNothing: Property = {
  id: 'init-all-or-nothing',
  statement: 'an event_init that fails leaves no trace: no reference, no destroy callback, no displaced owner',
  severity: 'high',
  source: 'PERF-CORE: after an error, 4.16 and 5.10 do not call destroy',
  consequence: 'Each failed perf_event_open leaves something behind that nobody will clean up, or cleans up twice.',
  vacuousWhen: 'no open fails',
  speaksOf: (fact) => returns(fact) && fact.answer !== 0,
  shows: ['driver', 'activeEvents', 'reservation'],
  clauses: [
    {
      kind: 'whenever',
      facts: ['event_init.return'],
      each: 'event',
      own: ['driver', 'lifecycle'],
      holds: (fact, view) => {
        const { event, answer, destroySet } = fact as Returned;
        if (event !== view.index || answer === 0) return true;
        const { held, displaced } = view.own('driver').context.ghost as Ghost;
        // Only a caller without a contract opens a live event: its destroy callback is no trace of this call.
        return held === 0 && (!destroySet || isLive(view.own('lifecycle'))) && !displaced;
      },
    },
  ],
};

export const noAdmissionOfTheImpossible: Property = {
  id: 'no-admission-of-the-impossible',
  statement:
    'event_init refuses what can never be honoured: sampling without an interrupt, exclusions that the counters cannot filter, a group that cannot fit',
  severity: 'medium',
  source: 'include/linux/perf_event.h, pmu::event_init: EINVAL and EOPNOTSUPP',
  consequence:
    'perf opens the event and shows numbers that are not what was asked for: no sample ever, kernel work counted as user work, or a group that never counts.',
  vacuousWhen: 'no open returns',
  speaksOf: returns,
  clauses: [
    {
      kind: 'whenever',
      facts: ['event_init.return'],
      each: 'event',
      own: ['lifecycle', 'driver'],
      holds: (fact, view) => {
        const { event, answer } = fact as Returned;
        if (event !== view.index || answer !== 0) return true;
        const attribute = view.own('lifecycle').context.attribute as Attribute | null;
        if (attribute === null) return true;
        const { pmu, fits } = view.own('driver').context as { pmu: Pmu; fits: boolean };
        // What the core refuses by itself, the driver may leave to it.
        const lifecycle = view.own('lifecycle').context as Partial<Left>;
        const left = 'capabilities' in lifecycle && refusesByItself(lifecycle as Left, attributeKind(attribute));
        return (left || !isImpossible(pmu, attribute)) && fits;
      },
    },
  ],
};

export const busyIsTrue: Property = {
  id: 'busy-is-true',
  statement: 'EBUSY only when another owner holds the PMC',
  severity: 'high',
  source: 'include/linux/perf_event.h, pmu::event_init: EBUSY',
  consequence: 'perf_event_open fails with EBUSY and the log blames oprofile, although nobody else uses the counters.',
  vacuousWhen: 'no open is answered EBUSY',
  speaksOf: (fact) => returns(fact) && fact.answer === 'EBUSY',
  shows: ['activeEvents', 'reservation'],
  clauses: [
    {
      kind: 'whenever',
      facts: ['event_init.return'],
      each: 'event',
      own: ['driver'],
      holds: (fact, view) => {
        const { event, answer } = fact as Returned;
        return event !== view.index || answer !== 'EBUSY' || (view.own('driver').context.ghost as Ghost).foreignHeld;
      },
    },
  ],
};
