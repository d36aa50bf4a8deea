import { type DecisionName, REPAIRS } from '../machines/driver/decisions.ts';
import { driver } from '../machines/driver/index.ts';
import { driverSetup } from '../machines/driver/setup.ts';
import type { DriverMachine } from '../machines/drivers.ts';

/** A state of a chart, as it was written down. */
export interface Chart {
  initial?: string;
  always?: unknown;
  on?: Record<string, unknown>;
  states?: Record<string, Chart>;
}

/** A copy of what a chart is written in; its functions are shared. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, copy(inside)])) as T;
}

/** A state by its path, as `event_init.reserve.lock`. Throws an Error if the chart has none. */
function stateAt(chart: Chart, path: string): Chart {
  let state = chart;
  for (const key of path.split('.')) {
    const child = state.states?.[key];
    if (child === undefined) throw new Error(`the driver has no state ${path}`);
    state = child;
  }
  return state;
}

/** The transitions of a state on a fact (or its `always`), each as an object. Throws an Error if there are none. */
function transitionsAt(state: Chart, type: string, path: string): Record<string, unknown>[] {
  const written = type === 'always' ? state.always : state.on?.[type];
  if (written === undefined) throw new Error(`the driver has no ${type} in ${path}`);
  const list = Array.isArray(written) ? written : [written];
  return list.map((one) => (typeof one === 'string' ? { target: one } : one));
}

/** One change of the driver's chart. */
export type Change = (chart: Chart) => void;

/** All transitions of a state on a fact lead elsewhere: so what lay between is left out. */
export const retarget =
  (path: string, type: string, target: string): Change =>
  (chart) => {
    const state = stateAt(chart, path);
    const changed = transitionsAt(state, type, path).map((transition) => ({ ...transition, target }));
    if (type === 'always') state.always = changed;
    else state.on = { ...state.on, [type]: changed };
  };

/** One of the transitions of a state on a fact, by its place among them, is left out. */
export const leaveOut =
  (path: string, type: string, which: number): Change =>
  (chart) => {
    const state = stateAt(chart, path);
    const left = transitionsAt(state, type, path).filter((_, place) => place !== which);
    if (type === 'always') state.always = left;
    else state.on = { ...state.on, [type]: left };
  };

/** A state that waits for a fact goes on at once instead. */
export const skip =
  (path: string, type: string): Change =>
  (chart) => {
    const state = stateAt(chart, path);
    state.always = transitionsAt(state, type, path);
    delete state.on;
  };

/** A state begins elsewhere. */
export const beginAt =
  (path: string, initial: string): Change =>
  (chart) => {
    const state = stateAt(chart, path);
    stateAt(state, initial);
    state.initial = initial;
  };

/** The driver with a change of its chart, and with these decisions taken otherwise than as posted (default: repaired). */
export function mutant(change: Change, decisions: readonly DecisionName[] = REPAIRS): DriverMachine {
  const chart = copy(driver.config) as Chart;
  change(chart);
  return driverSetup
    .createMachine(chart as never)
    .provide({ guards: Object.fromEntries(decisions.map((name) => [name, () => true])) }) as never;
}

/** The repaired driver without some of its repairs. */
export const repairsBut = (...left: DecisionName[]): DecisionName[] => REPAIRS.filter((name) => !left.includes(name));
