import type { AnyMachineSnapshot } from 'xstate';
import { DECISIONS } from '../../machines/driver/decisions.ts';
import type { System } from '../compose/index.ts';
import { type Passage, type StateSpace, stateSpace } from '../diagrams/state-space.ts';
import type { Fact } from '../facts/index.ts';
import type { PathGraph, Way } from './graph.ts';
import { type Coverage, type Item, keyOfItem, outcomesOf, type Universe, universeOf } from './items.ts';
import { leavesOf, Stepper } from './steps.ts';

/** More states than this take longer than anybody waits. */
const LIMIT = 30_000;
const tooLarge = new RangeError(`the model has more than ${LIMIT} states, too many for path tests`);

/**
 * Where tests of a composition can go when its calls come one after the other: a way is one call that runs to its end,
 * or one thing that the world around the driver does. Throws a RangeError if it is too large.
 */
export function modelGraph(system: System, coverage: Coverage): PathGraph {
  const { product, states, passages } = ((): StateSpace => {
    try {
      return stateSpace(system, { sequential: true, limit: LIMIT });
    } catch (error) {
      throw error instanceof RangeError ? tooLarge : error;
    }
  })();
  const covering = new Covering(system, coverage);
  const from = new Map<number, Passage[]>();
  for (const passage of passages) from.set(passage.from, [...(from.get(passage.from) ?? []), passage]);
  // What a machine did last is a part of a state only where pairs count.
  const numbers = new Map<string, number>();
  const nodes: { readonly state: number; readonly last: readonly string[] }[] = [];
  const nodeOf = (state: number, last: readonly string[]): number => {
    const key = `${state} ${last.join()}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (nodes.length >= LIMIT) throw tooLarge;
    numbers.set(key, nodes.length);
    return nodes.push({ state, last }) - 1;
  };
  nodeOf(0, []);
  const ways: Way[][] = [];
  const snapshotsOf = (state: number) => states[state]!.map((local, part) => product.tables[part]!.snapshots[local]!);
  for (let node = 0; node < nodes.length; node++) {
    const { state, last } = nodes[node]!;
    ways.push(
      (from.get(state) ?? []).map(({ to, facts }) => {
        const { covers, last: then } = covering.of(snapshotsOf(state), facts, last);
        return { from: node, to: nodeOf(to, then), facts, covers };
      }),
    );
  }
  const atStart = coverage === 'states' ? covering.places(snapshotsOf(0)) : [];
  const clean = nodes.map(({ state }) => isClean(system, snapshotsOf(state)));
  return { ways, items: covering.items, atStart, clean };
}

/** No event is there any more, and nobody else has the PMC. */
function isClean(system: System, snapshots: readonly AnyMachineSnapshot[]): boolean {
  const isGone = (part: number) => snapshots[part]!.matches('absent') || snapshots[part]!.matches('gone');
  const reservation = snapshots[system.partOf('reservation', 0)!]!;
  return system.ofRole('lifecycle').every(isGone) && !reservation.hasTag('foreign holds');
}

/** The roles whose pairs of transitions are asked for: what the core does after what, and what the driver's code does. */
const PAIRED: readonly string[] = ['lifecycle', 'driver'];

/** Names what facts cover in the machines of a system. */
class Covering {
  readonly items: Item[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #steppers: readonly Stepper[];
  readonly #universes: readonly Universe[];

  constructor(
    readonly system: System,
    readonly coverage: Coverage,
  ) {
    const steppers = new Map<string, Stepper>();
    const universes = new Map<unknown, Universe>();
    this.#steppers = system.parts.map(({ role, machine, input }) => {
      const key = `${role} ${JSON.stringify(input)}`;
      const stepper = steppers.get(key) ?? new Stepper(machine, input);
      steppers.set(key, stepper);
      return stepper;
    });
    this.#universes = system.parts.map(({ machine }) => {
      const universe = universes.get(machine) ?? universeOf(machine, settledIn(machine));
      universes.set(machine, universe);
      return universe;
    });
  }

  places(snapshots: readonly AnyMachineSnapshot[]): number[] {
    return snapshots.flatMap((snapshot, part) =>
      leavesOf(snapshot).flatMap((state) => this.#number(this.#universes[part]!.states.get(state))),
    );
  }

  of(before: readonly AnyMachineSnapshot[], facts: readonly Fact[], last: readonly string[]) {
    const snapshots = [...before];
    const lasts = [...last];
    const covers = new Set<number>();
    const add = (item: Item | undefined) => {
      for (const number of this.#number(item)) covers.add(number);
    };
    for (const fact of facts) {
      for (const part of this.system.participants(fact)) {
        const steps = this.#steppers[part]!.take(snapshots[part]!, fact);
        if (steps === null) throw new Error(`the ${this.system.parts[part]!.role} refuses ${fact.type}`);
        snapshots[part] = steps.after;
        const universe = this.#universes[part]!;
        if (this.coverage === 'states') for (const state of steps.states) add(universe.states.get(state));
        if (this.coverage === 'transitions')
          for (const transition of steps.transitions) add(universe.transitions.get(transition));
        if (this.coverage !== 'pairs' || !PAIRED.includes(this.system.parts[part]!.role)) continue;
        for (const transition of steps.transitions) {
          add(pairOf(universe, lasts[part], transition));
          lasts[part] = transition;
        }
      }
    }
    if (this.coverage === 'outcomes') for (const item of this.#outcomes(before, snapshots, facts)) add(item);
    // A driver that is idle begins anew: its pairs lie within a callback.
    for (const part of this.system.ofRole('driver')) lasts[part] = '';
    return { covers: [...covers], last: lasts };
  }

  #outcomes(
    before: readonly AnyMachineSnapshot[],
    after: readonly AnyMachineSnapshot[],
    facts: readonly Fact[],
  ): Item[] {
    const [first] = facts;
    const event = first && 'event' in first ? first.event : undefined;
    const life = event === undefined ? undefined : this.system.partOf('lifecycle', event);
    const holds = before[this.system.partOf('reservation', 0)!]!.hasTag('foreign holds');
    return outcomesOf(facts, life === undefined ? null : after[life]!.context.attribute, holds);
  }

  #number(item: Item | undefined): number[] {
    if (item === undefined) return [];
    const key = keyOfItem(item);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.items.push(item) - 1;
      this.#numbers.set(key, number);
    }
    return [number];
  }
}

function pairOf({ transitions }: Universe, first: string | undefined, second: string): Item | undefined {
  const [a, b] = [transitions.get(first ?? ''), transitions.get(second)];
  return a && b ? { of: 'pairs', machine: b.machine, name: `${a.name}, then ${b.name}` } : undefined;
}

/** A decision of the driver is a guard that asks nothing: it is what it is. */
export function settledIn(machine: System['parts'][number]['machine']): (guard: string) => boolean | undefined {
  const guards = machine.implementations.guards as Record<string, unknown>;
  return (guard) => (guard in DECISIONS && guard in guards ? (guards[guard] as () => boolean)() : undefined);
}
