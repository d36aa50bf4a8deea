import type { AnyMachineSnapshot } from 'xstate';
import { DECISIONS } from '../../machines/driver/decisions.ts';
import type { Fact, System } from '../facts/index.ts';
import { type Coverage, type Item, keyOfItem, outcomesOf, type Universe, universeOf, warnings } from './items.ts';
import { BETWEEN_HARTS, Places } from './places.ts';
import { leavesOf, Stepper } from './steps.ts';

/** The roles whose pairs of transitions are asked for: what the core does after what, and what the driver's code does. */
const PAIRED: readonly string[] = ['lifecycle', 'driver'];

/** Names what facts cover in the machines of a system. */
export class Covering {
  readonly items: Item[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #steppers: readonly Stepper[];
  readonly #universes: readonly Universe[];
  readonly #places: Places;

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
    this.#places = new Places(system);
  }

  /** The numbers of the states that the machines are in. */
  statesOf(snapshots: readonly AnyMachineSnapshot[]): number[] {
    return snapshots.flatMap((snapshot, part) =>
      leavesOf(snapshot).flatMap((state) => {
        const item = this.#universes[part]!.states.get(state);
        return item === undefined ? [] : [this.#number(item)];
      }),
    );
  }

  /**
   * The numbers of what facts cover, one after the other: by itself, and by event and hart where there are several. And what each
   * machine did last, and each event ran on (before: `last`).
   * Throws an Error if a machine refuses one of them.
   */
  of(before: readonly AnyMachineSnapshot[], facts: readonly Fact[], last: readonly string[]) {
    const snapshots = [...before];
    const lasts = last.slice(0, this.system.parts.length);
    const ranOn = last.slice(this.system.parts.length);
    const covers = new Set<number>();
    for (const fact of facts) {
      const places = this.#places.of(snapshots, fact);
      const add = (item: Item | undefined) => {
        if (item === undefined) return;
        for (const place of [undefined, ...places])
          covers.add(this.#number(place === undefined ? item : { ...item, place }));
      };
      for (const name of this.#places.between(snapshots, fact, ranOn))
        covers.add(this.#number({ of: this.coverage, machine: 'events', place: BETWEEN_HARTS, name }));
      if (this.coverage === 'outcomes') for (const item of this.#outcomes(snapshots, fact)) add(item);
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
    // A driver that is idle begins anew: its pairs lie within a callback.
    for (const part of this.system.ofRole('driver')) lasts[part] = '';
    const full = Array.from(this.system.parts, (_, part) => lasts[part] ?? '');
    return { covers: [...covers], last: [...full, ...ranOn] };
  }

  #outcomes(before: readonly AnyMachineSnapshot[], fact: Fact): Item[] {
    const life = 'event' in fact ? this.system.partOf('lifecycle', fact.event) : undefined;
    // The caller without a contract keeps the kind of its event, too.
    const attribute = life === undefined ? null : before[life]!.context.attribute;
    return outcomesOf(fact, attribute, before[this.system.partOf('reservation', 0)!]!.hasTag('foreign holds'));
  }

  /** What there is to cover in the charts, reached or not; of outcomes, the places that can warn. Pairs are in no chart. */
  get charted(): readonly Item[] {
    if (this.coverage === 'outcomes') return warnings;
    if (this.coverage !== 'states' && this.coverage !== 'transitions') return [];
    const { coverage } = this;
    return [...new Set(this.#universes)].flatMap((universe) => [...universe[coverage].values()]);
  }

  #number(item: Item): number {
    const key = keyOfItem(item);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.items.push(item) - 1;
      this.#numbers.set(key, number);
    }
    return number;
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
