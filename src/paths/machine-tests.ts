import { createTestModel } from '@xstate/test';
import type { AnyMachineSnapshot } from 'xstate';
import { CORES, type CoreName } from '../../machines/cores.ts';
import { type MachineName, machineOf } from '../../machines/index.ts';
import type { LifecycleInput } from '../../machines/lifecycle.ts';
import { snapshotKey } from '../engine/compose/index.ts';
import { coveringTour } from '../engine/paths/covering-tour.ts';
import type { PathGraph, Transition } from '../engine/paths/path-graph.ts';
import type { Answer, Attribute, Fact } from '../facts/index.ts';
import { type Coverage, type Item, keyOfItem, universeOf } from './items.ts';
import { leavesOf, Stepper, type Steps } from './steps.ts';

/** The tests of one machine by itself: logs that it must accept. */
export interface MachineTests {
  readonly machine: string;
  readonly coverage: Coverage;
  readonly tests: readonly { readonly name: string; readonly facts: readonly Fact[] }[];
  readonly covers: readonly Item[];
  readonly steps: number;
  /** No set of tests that covers the same has fewer steps. */
  readonly lowerBound: number;
}

const OFFERS = ['cycles', 'sampling', 'cache'] as const satisfies readonly Attribute[];
const OPENED = [0, 'ENOENT', 'EOPNOTSUPP'] as const satisfies readonly Answer[];
const HARTS = [0, 1];

/** What the core and the driver can say to each other of one event. */
const CALLS: readonly Fact[] = [
  ...OFFERS.map((attribute): Fact => ({ type: 'event_init.call', event: 0, attribute })),
  ...OPENED.flatMap((answer) =>
    [true, false].map((destroySet): Fact => ({ type: 'event_init.return', event: 0, answer, destroySet })),
  ),
  { type: 'destroy.call', event: 0 },
  { type: 'destroy.return', event: 0 },
  { type: 'event.free', event: 0 },
  ...HARTS.flatMap((hart): Fact[] => [
    { type: 'add.call', event: 0, hart, flags: 1 },
    { type: 'add.return', event: 0, hart, answer: 0 },
    { type: 'add.return', event: 0, hart, answer: 'ENOSPC' },
    { type: 'del.call', event: 0, hart, flags: 0 },
    { type: 'del.return', event: 0, hart },
    ...[0, 2].map((flags): Fact => ({ type: 'start.call', event: 0, hart, flags })),
    { type: 'start.return', event: 0, hart },
    ...[0, 4].map((flags): Fact => ({ type: 'stop.call', event: 0, hart, flags })),
    { type: 'stop.return', event: 0, hart },
    { type: 'read.call', event: 0, hart },
    { type: 'read.return', event: 0, hart },
  ]),
];

const MACHINES: Partial<Record<MachineName, (core: CoreName) => { input: unknown; facts: readonly Fact[] }>> = {
  lifecycle: (core) => ({
    input: { core, offers: OFFERS, oddOpens: 2, reopens: true, grouped: true } satisfies LifecycleInput,
    facts: CALLS,
  }),
  'any-order': () => ({ input: { offers: OFFERS }, facts: CALLS }),
};

/**
 * Few and short logs that cover one XState machine, by the graph that `createTestModel` finds of it.
 * Throws a RangeError for a machine whose data come from others: that is covered through a model.
 */
export function machineTests(name: string, core: string, coverage: Coverage): MachineTests {
  const { machine } = machineOf(name);
  const made = MACHINES[name as MachineName];
  if (made === undefined)
    throw new RangeError(
      `what ${name} is told comes from other machines: cover it through a model (by themselves: ${Object.keys(MACHINES).join(', ')})`,
    );
  if (coverage === 'outcomes') throw new RangeError('outcomes are those of a whole driver: name a model');
  if (!Object.hasOwn(CORES, core))
    throw new RangeError(`there is no core ${core}; there are ${Object.keys(CORES).join(', ')}`);
  const { input, facts } = made(core as CoreName);
  const stepper = new Stepper(machine, input);
  const model = createTestModel(machine, {
    input,
    events: facts,
    serializeState: (snapshot: AnyMachineSnapshot) => snapshotKey(snapshot),
  } as never);
  const graph = graphOf(Object.values(model.getAdjacencyMap()) as never, stepper, coverage);
  const { tests, steps, lowerBound } = coveringTour(graph);
  return {
    machine: name,
    coverage,
    tests: tests.map((transitions, number) => ({
      name: `${name}, ${number + 1} of ${tests.length}`,
      facts: transitions.flatMap((transition) => transition.facts),
    })),
    covers: graph.items,
    steps,
    lowerBound,
  };
}

interface Adjacent {
  readonly state: AnyMachineSnapshot;
  readonly transitions: Readonly<Record<string, { readonly event: Fact; readonly state: AnyMachineSnapshot }>>;
}

function graphOf(found: readonly Adjacent[], stepper: Stepper, coverage: Coverage): PathGraph<Fact, Item> {
  const byKey = new Map(found.map((one) => [snapshotKey(one.state), one]));
  const universe = universeOf(stepper.machine);
  const items: Item[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (item: Item): number => {
    const key = keyOfItem(item);
    if (!numbers.has(key)) numbers.set(key, items.push(item) - 1);
    return numbers.get(key)!;
  };
  // What it did last is a part of the state only where pairs count.
  const nodes = new Map<string, number>();
  const open: { readonly state: string; readonly last: string }[] = [];
  const nodeOf = (state: string, last: string): number => {
    const key = `${state} ${last}`;
    if (!nodes.has(key)) nodes.set(key, open.push({ state, last }) - 1);
    return nodes.get(key)!;
  };
  nodeOf(snapshotKey(stepper.initial), '');
  const transitions: Transition<Fact>[][] = [];
  for (let from = 0; from < open.length; from++) {
    const { state, last } = open[from]!;
    const { state: before, transitions: leaving } = byKey.get(state)!;
    transitions.push(
      Object.values(leaving).flatMap(({ event: fact }) => {
        const steps = stepper.take(before, fact);
        if (steps === null) return [];
        const covers = itemsOf(steps, last).map(numberOf);
        const then = coverage === 'pairs' ? (steps.transitions.at(-1) ?? last) : '';
        return [{ from, to: nodeOf(snapshotKey(steps.after), then), facts: [fact], covers }];
      }),
    );
  }
  const atStart =
    coverage === 'states' ? leavesOf(stepper.initial).map((id) => numberOf(universe.states.get(id)!)) : [];
  return { transitions, items, atStart, clean: transitions.map(() => true) };

  function itemsOf({ states, transitions }: Steps, last: string): Item[] {
    if (coverage === 'states') return states.flatMap((id) => universe.states.get(id) ?? []);
    const taken = transitions.flatMap((key) => universe.transitions.get(key) ?? []);
    if (coverage === 'transitions') return taken;
    const before = universe.transitions.get(last);
    return [...(before ? [before] : []), ...taken].flatMap((item, index, all) => {
      const first = all[index - 1];
      return first ? { of: 'pairs', machine: item.machine, name: `${first.name}, then ${item.name}` } : [];
    });
  }
}
