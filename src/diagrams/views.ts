import { AROUND, type AroundEntry } from '../../machines/core/index.ts';
import { CORES, type Core, type CoreName } from '../../machines/cores.ts';
import { DECISIONS } from '../../machines/driver/decisions.ts';
import { driver } from '../../machines/driver/index.ts';
import type { DriverMachine } from '../../machines/drivers.ts';
import { MACHINES, type MachineName, machineOf } from '../../machines/index.ts';
import { sbi } from '../../models/devices/sbi.ts';
import { noSuch } from '../outside/no-such.ts';
import { type Chart, chartOf } from './chart.ts';
import { graphOfChart, type Trail } from './chart-graph.ts';
import { foldCalls, foldLoners } from './folding.ts';
import { callGraph, functionChart, functionOf, functionsOf } from './functions.ts';
import type { Graph } from './graph.ts';
import { LIFECYCLE_WORDS } from './lifecycle-words.ts';

export interface ViewOptions {
  /** The driver to draw; the posted one if it is left out. */
  readonly driver?: DriverMachine;
  /** Draws also what this driver never does, because a decision is taken otherwise. */
  readonly allDecisions?: boolean;
  /** What is drawn stronger. */
  readonly trail?: Trail;
  /** The names of the models, which can be drawn too: for what is said of a name that is none. */
  readonly models?: readonly string[];
}

/** The names of all pictures of machines: a machine, or a part or a side of it after a slash. */
export function viewNames(): string[] {
  const functions = functionsOf(chartOf(MACHINES.driver.machine)).map(({ name }) => `driver/${name}`);
  const all = Object.keys(MACHINES).flatMap((machine) => {
    if (machine === 'lifecycle') return [machine, 'lifecycle/5.10', 'lifecycle/current', 'lifecycle/calls'];
    return machine === 'driver' ? [machine, ...functions, 'driver/all'] : [machine];
  });
  return [...all, ...Object.keys(AROUND).map((name) => `core/${name}`), 'device'];
}

/** A device has one machine, whatever its description; of those, one that firmware is asked about has all facts. */
const DEVICE: AroundEntry = {
  machine: sbi.machine,
  about: 'a described device: what it answers, and what writes, time and sleep do to its registers',
};

/** The machine of what is around a driver that a view is of: `core/power`, `device`. */
export function aroundOf(view: string): AroundEntry | undefined {
  if (view === 'device') return DEVICE;
  const [folder, name = ''] = view.split('/');
  return folder === 'core' && Object.hasOwn(AROUND, name) ? AROUND[name as keyof typeof AROUND] : undefined;
}

/** The machine that a view is of; undefined for one around a driver. */
export function machineOfView(view: string): MachineName | undefined {
  if (Object.hasOwn(MACHINES, view)) return view as MachineName;
  if (aroundOf(view) !== undefined) return undefined;
  if (viewNames().includes(view)) return view.split('/')[0] as MachineName;
  return functionOf(chartOf(MACHINES.driver.machine), view) ? 'driver' : undefined;
}

/**
 * The picture of a machine. Throws a RangeError that lists the names if there is none of that name;
 * a C function's own name (`riscv_pmu_add`) is one, too.
 */
export function graphOfView(view: string, options: ViewOptions = {}): Graph {
  const around = aroundOf(view);
  if (around !== undefined) return graphOfChart(chartOf(around.machine));
  const name = machineOfView(view);
  if (name === undefined) throw new RangeError(noSuch('picture', view, [...viewNames(), ...(options.models ?? [])]));
  const trail = options.trail === undefined ? {} : { trail: options.trail };
  if (name === 'driver') return driverView(view, options, trail);
  if (name !== 'lifecycle' || view === 'lifecycle/calls')
    return graphOfChart(chartOf(machineOf(name).machine), { ...trail, asTable: view === 'lifecycle/calls' });
  const chart = lifeChart((view.split('/')[1] ?? '4.16') as CoreName);
  return graphOfChart(chart, { ...trail, withoutActions: true, words: LIFECYCLE_WORDS });
}

function driverView(view: string, { driver: machine = driver, allDecisions }: ViewOptions, trail: { trail?: Trail }) {
  const guards = machine.implementations.guards as Record<string, unknown>;
  // A decision is a guard that asks nothing: it is what it is.
  const settled = (guard: string): boolean | undefined =>
    guard in DECISIONS && !allDecisions ? (guards[guard] as () => boolean)() : undefined;
  const chart = chartOf(machine, { settled });
  if (view === 'driver') return callGraph(chart);
  if (view === 'driver/all') return graphOfChart(chart, { ...trail, asTable: true });
  const called = functionOf(chart, view.replace('driver/', ''));
  if (called !== undefined) return graphOfChart(functionChart(chart, called), trail);
  // What this driver never calls is drawn as those have it that do.
  const whole = chartOf(machine);
  return graphOfChart(functionChart(whole, functionOf(whole, view.replace('driver/', ''))!), trail);
}

/**
 * The life of an event under one perf core, at a glance: a call and its return are one arrow, and which hart and which
 * flags are not asked. Everything is in `lifecycle/calls`.
 */
export function lifeChart(name: CoreName): Chart {
  const open = ['offered', 'sameEvent', 'reopens', 'onItsHart', 'noFlags', 'withStart', 'withUpdate', 'withReload'];
  const settled = (guard: string): boolean | undefined => (open.includes(guard) ? true : settledBy(name)(guard));
  return foldLoners(foldCalls(chartOf(MACHINES.lifecycle.machine, { settled })));
}

/** What a perf core never does, as the guards of the lifecycle say it. */
export function settledBy(name: CoreName): (guard: string) => boolean | undefined {
  const core: Core = CORES[name];
  const does: Readonly<Record<string, boolean>> = {
    asksOnceMore: core.asksTwice,
    cleansUp: core.destroysAfterFailure,
    throttled: core.throttlesGroups,
  };
  return (guard) => (does[guard] === false ? false : undefined);
}
