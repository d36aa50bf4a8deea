import type { AnyMachineSnapshot } from 'xstate';
import type { CoreName } from '../../../machines/cores.ts';
import { chartOf, idOf } from '../../diagrams/chart.ts';
import { graphOfChart, type Trail } from '../../diagrams/chart-graph.ts';
import { functionsOf } from '../../diagrams/functions.ts';
import type { Graph } from '../../diagrams/graph.ts';
import { stepAlong } from '../../diagrams/trail.ts';
import { graphOfView, settledBy } from '../../diagrams/views.ts';
import type { Fact } from '../../facts/index.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

/** How far back the last step of a machine is looked for. */
const FAR = 4096;

/** The last fact in which a machine took part: its position (from 1), and the machine before it. */
export interface LastStep {
  readonly at: number;
  readonly fact: Fact;
  readonly before: AnyMachineSnapshot;
}

/** The last step of a machine in the first `at` facts; undefined if it did nothing, or nothing lately. */
export function lastStepOf(timeline: Timeline, part: number, at: number): LastStep | undefined {
  const { system } = timeline.world;
  for (let number = at; number > Math.max(0, at - FAR); number--) {
    const fact = timeline.facts[number - 1]!;
    if (system.participants(fact).includes(part))
      return { at: number, fact, before: timeline.momentAt(number - 1).state[part]! };
  }
  return undefined;
}

/** The chart of a machine after `at` facts: where it is, lit; the transition that led there, drawn stronger. */
export function chartAt(timeline: Timeline, part: number, at: number): Graph {
  const { world } = timeline;
  const { machine, input } = world.system.parts[part]!;
  const now = timeline.momentAt(at).state[part]!;
  const last = lastStepOf(timeline, part, at);
  const trail = last === undefined ? standing(now) : stepAlong(machine, input, last.before, last.fact);
  return chart(world, part, trail, [now, ...(last === undefined ? [] : [last.before])]);
}

const standing = (now: AnyMachineSnapshot): Trail => ({ states: new Set(now._nodes.map(idOf)), steps: new Set() });

function chart(world: World, part: number, trail: Trail, lately: readonly AnyMachineSnapshot[]): Graph {
  const { role, machine } = world.system.parts[part]!;
  if (role === 'driver') {
    // Of the whole driver that would be no picture: the function that runs, or the one that ran last.
    const running = lately.find((snapshot) => !snapshot.hasTag('idle'));
    const name = running === undefined ? undefined : Object.keys(running.value as object)[0];
    const { driver } = world;
    const isFunction = functionsOf(chartOf(driver)).some((state) => state.name === name);
    return graphOfView(isFunction ? `driver/${name}` : 'driver', { driver, trail });
  }
  if (role !== 'lifecycle') return graphOfChart(chartOf(machine), { trail });
  const { environment } = world.subject;
  const settled = environment === 'any-order' ? {} : { settled: settledBy(environment as CoreName) };
  return graphOfChart(chartOf(machine, settled), { trail, withoutActions: true });
}
