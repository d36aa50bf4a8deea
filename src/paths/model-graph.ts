import type { AnyMachineSnapshot } from 'xstate';
import { type Passage, type StateSpace, stateSpace } from '../diagrams/state-space.ts';
import type { PathGraph, Transition } from '../engine/paths/path-graph.ts';
import type { Fact, System } from '../facts/index.ts';
import { isStimulus } from './contract.ts';
import { Covering } from './covering.ts';
import type { Coverage, Item } from './items.ts';

/** More states than this take longer than anybody waits. */
const LIMIT = 30_000;
const tooLarge = new RangeError(`the model has more than ${LIMIT} states, too many for path tests`);

/**
 * Where tests of a composition can go when its calls come one after the other: a transition is one call that runs to its end,
 * or one thing that the world around the driver does. Throws a RangeError if it is too large.
 */
export function modelGraph(system: System, coverage: Coverage): PathGraph<Fact, Item> {
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
  const transitions: Transition<Fact>[][] = [];
  const snapshotsOf = (state: number) => states[state]!.map((local, part) => product.tables[part]!.snapshots[local]!);
  for (let node = 0; node < nodes.length; node++) {
    const { state, last } = nodes[node]!;
    transitions.push(
      (from.get(state) ?? [])
        .filter(({ facts }) => isStimulus(facts[0]!))
        .map(({ to, facts }) => {
          const { covers, last: then } = covering.of(snapshotsOf(state), facts, last);
          return { from: node, to: nodeOf(to, then), facts, covers };
        }),
    );
  }
  const atStart = coverage === 'states' ? covering.statesOf(snapshotsOf(0)) : [];
  const clean = nodes.map(({ state }) => isClean(system, snapshotsOf(state)));
  return { transitions, items: covering.items, atStart, clean };
}

/** No event is there any more, and nobody else has the PMC. */
function isClean(system: System, snapshots: readonly AnyMachineSnapshot[]): boolean {
  const isGone = (part: number) => snapshots[part]!.matches('absent') || snapshots[part]!.matches('gone');
  const reservation = snapshots[system.partOf('reservation', 0)!]!;
  return system.ofRole('lifecycle').every(isGone) && !reservation.hasTag('foreign holds');
}
