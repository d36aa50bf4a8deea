import { ProductSystem } from '../engine/check/index.ts';
import type { Product } from '../engine/check/product.ts';
import type { Fact, Role, System } from '../facts/index.ts';

/** A state of a composition, by the local state of each part. */
export type Place = readonly number[];

/** Facts that follow each other without a choice, from one state that is shown to the next. */
export interface Passage {
  readonly from: number;
  readonly to: number;
  readonly facts: readonly Fact[];
}

/** All states of a system that are worth showing; 0 is the first. */
export interface StateSpace {
  readonly product: Product<Fact, Role>;
  readonly states: readonly Place[];
  readonly passages: readonly Passage[];
}

/** More states than this are no picture. */
export const LIMIT = 300;

export interface StateSpaceOptions {
  readonly limit?: number;
  /** Lets only one call be in flight at a time: what calls that overlap add is left out. */
  readonly sequential?: boolean;
}

/**
 * The state space of a small system. A state in which a call is in flight and only one thing can happen is passed
 * through; so is a callback with interrupts off, as in the search. Throws a RangeError if more than `limit` are left.
 */
export function stateSpace(system: System, { limit = LIMIT, sequential = false }: StateSpaceOptions = {}): StateSpace {
  const space = new ProductSystem(system, true);
  const { product } = space;
  const numbers = new Map<string, number>();
  const states: Place[] = [];
  const passages: Passage[] = [];
  const numberOf = (place: Place): number => {
    const key = place.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (states.length >= limit)
      throw new RangeError(
        `the state space has more than ${limit} states, which is no picture${sequential ? '' : '; try it sequential'}`,
      );
    numbers.set(key, states.length);
    return states.push(place) - 1;
  };
  numberOf([...product.initial]);
  for (let from = 0; from < states.length; from++) {
    const open = successors(space, states[from]!, sequential).map(([fact, place]) => ({ facts: [fact], place }));
    for (let path = open.shift(); path !== undefined; path = open.shift()) {
      const next = driverInFlight(product, path.place) !== undefined ? successors(space, path.place, sequential) : [];
      if (next.length === 1) open.push({ facts: [...path.facts, next[0]![0]], place: next[0]![1] });
      else passages.push({ from, to: numberOf(path.place), facts: path.facts });
    }
  }
  return { product, states, passages };
}

/** What can happen in a state: only the callback that runs with interrupts off, where one runs. */
function successors(space: ProductSystem<Fact, Role>, place: Place, sequential: boolean): [Fact, Place][] {
  const { product } = space;
  const row = Int32Array.from(place);
  const found: [Fact, Place][] = [];
  const visit = (fact: number, next: Int32Array): void => {
    found.push([product.facts[fact]!, [...next]]);
  };
  const alone = sequential ? driverInFlight(product, place) : undefined;
  const next = row.slice();
  if (alone === undefined || product.successors(alone, row, next, (fact) => visit(fact, next)) === 0)
    space.successors(row, visit);
  return found;
}

const driverInFlight = ({ system, tables }: Product<Fact, Role>, place: Place): number | undefined =>
  system.ofRole('driver').find((part) => !tables[part]!.snapshots[place[part]!]!.hasTag('idle'));
