import { append, author, isRefusal, type State } from '../../engine/compose/index.ts';
import type { Fact, System } from '../../facts/index.ts';

/**
 * The facts that can happen in a state, with their data, in the order in which they are offered. A choice is a number in
 * this list, and a log is a list of choices.
 */
export function possible(system: System, state: State, bare: readonly Fact[]): Fact[] {
  return bare.flatMap((offer) => {
    if (!isMentioned(system, state, offer)) return [];
    const fact = author(system, state, offer);
    return isRefusal(append(system, state, fact)) ? [] : [fact];
  });
}

/** A quick no: the chart of who initiates the fact does not mention it where it is. */
function isMentioned(system: System, state: State, fact: Fact): boolean {
  const [initiator] = system.participants(fact);
  return state[initiator!]!._nodes.some(({ transitions }) => transitions.has(fact.type));
}

/** The same fact twice? Facts are plain JSON, and authors write their fields in one order. */
export const sameFact = (a: Fact, b: Fact): boolean => a === b || canonical(a) === canonical(b);

const canonical = (fact: Fact): string =>
  JSON.stringify(Object.entries(fact).sort(([one], [other]) => (one < other ? -1 : 1)));
