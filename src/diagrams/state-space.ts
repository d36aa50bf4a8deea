import { expand } from '../engine/check/expand.ts';
import { ProductSystem, type TransitionSystem } from '../engine/check/index.ts';
import type { Product } from '../engine/check/product.ts';
import { Rows } from '../engine/check/rows.ts';
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
  const rows = new Rows(space.width);
  rows.add(space.initial, -1, -1);
  const passages: Passage[] = [];
  for (let from = 0; from < rows.size; from++) {
    const found: (readonly Fact[])[] = [];
    const through: Pick<TransitionSystem, 'successors'> = {
      successors(row, visit) {
        for (const [facts, place] of passagesFrom(space, [...row], sequential))
          visit(found.push(facts) - 1, Int32Array.from(place));
      },
    };
    expand(through, rows, from, (number, _before, _after, to) => passages.push({ from, to, facts: found[number]! }));
    if (rows.size > limit)
      throw new RangeError(
        `the state space has more than ${limit} states, which is no picture${sequential ? '' : '; try it sequential'}`,
      );
  }
  return { product, states: Array.from({ length: rows.size }, (_, number) => [...rows.row(number)]), passages };
}

/** The passages from a state that is shown to the next ones. */
function* passagesFrom(
  space: ProductSystem<Fact, Role>,
  start: Place,
  sequential: boolean,
): Generator<readonly [facts: readonly Fact[], end: Place]> {
  const open = successors(space, start, sequential).map(([fact, place]) => ({ facts: [fact], place }));
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const isPassed = driverInFlight(space.product, path.place) !== undefined;
    const next = isPassed ? successors(space, path.place, sequential) : [];
    if (next.length === 1) open.push({ facts: [...path.facts, next[0]![0]], place: next[0]![1] });
    else yield [path.facts, path.place];
  }
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
