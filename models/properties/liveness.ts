import { type Attribute, answersOn, type Pmu, type Property } from '../../src/facts/index.ts';
import { isInFlight, isLive, takesPmc } from './reservation.ts';

export const recovers: Property = {
  id: 'recovers',
  statement: 'from every reachable state, a valid event_init can succeed again',
  severity: 'high',
  source: 'AG EF; what the users of a system that stays up expect',
  consequence: 'perf does not work any more until the machine is booted again.',
  vacuousWhen: 'no open returns',
  speaksOf: (fact) => fact.type === 'event_init.return',
  shows: ['reservation', 'activeEvents'],
  clauses: [
    {
      kind: 'can reach',
      every: ['driver'],
      goal: (view) =>
        view.every('driver').some((driver) => {
          // First what is seldom so: a search asks this of every state.
          if (!driver.matches({ event_init: 'out' })) return false;
          const { attribute, answer, pmu } = driver.context as {
            attribute: Attribute | null;
            answer: unknown;
            pmu: Pmu;
          };
          return attribute !== null && answer === 0 && answersOn(pmu, attribute).includes(0);
        }),
    },
  ],
};

export const drains: Property = {
  id: 'drains',
  statement: 'from every reachable state, the system can become idle and released',
  severity: 'high',
  source: 'AG EF; release_pmc_hardware, perf_event.c:363-368',
  consequence: 'After some sequence of opens the PMC is never given back, whatever is closed.',
  needsContract: 'a caller without a contract can destroy as often as it likes, and so set any count right again',
  vacuousWhen: 'the driver never takes the PMC',
  speaksOf: takesPmc,
  clauses: [
    {
      kind: 'can reach',
      own: ['reservation', 'activeEvents'],
      every: ['lifecycle'],
      goal: (view) =>
        view.own('activeEvents').context.value === 0 &&
        view.own('reservation').context.perfIrq !== 'driver' &&
        !view.every('lifecycle').some((event) => isLive(event) || isInFlight(event)),
    },
  ],
};

export const noDeadlock: Property = {
  id: 'no-deadlock',
  statement: 'there is no state without a next fact, except the declared final ones',
  severity: 'high',
  source: 'the system as a whole',
  consequence: 'Every open and close hangs.',
  vacuousWhen: 'nothing happens',
  speaksOf: () => true,
  clauses: [{ kind: 'no deadlock' }],
};
