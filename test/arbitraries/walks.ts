import fc from 'fast-check';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, type Scope } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { initialState, successors } from '../../src/engine/compose/index.ts';
import { type Fact, RISCV_BASE_PMU, type System, WIRING } from '../../src/facts/index.ts';
import { OF_ANY_ORDER, OF_CORES } from '../engine/check/scopes.ts';

/** Two events on two harts of a real RV64, whose counters also make great leaps. */
const REAL: Scope = {
  ...SMALLEST,
  events: [['cycles', 'raw'], ['instructions']],
  harts: 2,
  pmu: RISCV_BASE_PMU,
  ticks: ['cycle', 'instret'],
  tickSizes: [1, '9223372036854775807'],
  foreign: true,
};

const composed = (scope: Scope, environment: Environment): System => compose(scope, environment, DRIVERS['as-posted']);

/** Systems to walk through, by name. */
export const SYSTEMS: Readonly<Record<string, System>> = {
  'a real RV64 in 4.16': composed(REAL, '4.16'),
  'a real RV64 in any order': composed(REAL, 'any-order'),
  'a group in current': composed({ ...REAL, group: 2 }, 'current'),
  'two threads in 5.10': composed(OF_CORES['two threads']!, '5.10'),
  'a small hart in any order': composed(OF_ANY_ORDER['an event on a hart']!, 'any-order'),
};

/**
 * The log of a walk from state to state: each number picks one of the facts that can happen, until none can.
 * Three times of four it is one that does not happen by itself, so that a walk gets somewhere.
 */
export function walk(system: System, picks: readonly number[]): Fact[] {
  const offers = system.bareFacts();
  const log: Fact[] = [];
  let state = initialState(system);
  for (const pick of picks) {
    const open = successors(system, state, offers);
    const ahead = open.filter(([{ type }]) => WIRING[type].background !== true);
    const among = pick % 4 > 0 && ahead.length > 0 ? ahead : open;
    const step = among[Math.floor(pick / 4) % among.length];
    if (step === undefined) break;
    log.push(step[0]);
    state = step[1];
  }
  return log;
}

/** Logs of random walks. They shrink to shorter walks, and to facts that are offered earlier. */
export const walks = (system: System, maxLength = 80): fc.Arbitrary<Fact[]> =>
  fc.array(fc.nat(), { maxLength, size: 'max' }).map((picks) => walk(system, picks));
