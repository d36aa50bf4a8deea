import type { System } from '../facts/index.ts';
import { labelOf } from './label.ts';
import { StateSpace } from './state-space.ts';

/**
 * The reachable state space in the Aldebaran format, line by line: `des (initial, transitions, states)`, then
 * `(from,"label",to)` for each transition. mCRL2, CADP and LTSmin read it.
 *
 * The state space is walked twice, since the first line has the totals.
 * Throws a RangeError if that is cut short by `limit`: half a state space is never written.
 */
export function aldebaran(system: System, limit = Infinity): Iterable<string> {
  const space = new StateSpace(system);
  let transitions = 0;
  for (const _ of space.transitions(limit)) transitions++;
  if (!space.complete) throw new RangeError(`the state space has more than ${limit} states`);
  return lines(space, transitions);
}

function* lines(space: StateSpace, transitions: number): Generator<string> {
  yield `des (0,${transitions},${space.states})\n`;
  const labels = new Map<number, string>();
  for (const { from, fact, to } of space.transitions()) {
    let label = labels.get(fact);
    if (label === undefined) {
      label = labelOf(space.product.facts[fact]!);
      labels.set(fact, label);
    }
    yield `(${from},"${label}",${to})\n`;
  }
}
