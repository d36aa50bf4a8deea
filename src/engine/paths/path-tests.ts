import type { State, System } from '../compose/index.ts';
import { explore } from '../explore.ts';
import { type AnyFact, takesPart } from '../vocabulary.ts';
import { coveringTour } from './covering-tour.ts';

/** One test: facts that happen one after another, from the state before any fact. @experimental */
export interface PathTest<F extends AnyFact = AnyFact> {
  readonly facts: readonly F[];
  /** The state before each fact, and after the last. */
  readonly states: readonly State[];
}

/** A few tests that together take every transition of every machine that can be taken. @experimental */
export interface PathTests<F extends AnyFact = AnyFact> {
  readonly tests: readonly PathTest<F>[];
  /** What they cover: `producer 0: idle, put, waiting`. */
  readonly covered: readonly string[];
}

/**
 * Path tests of a composition: logs that together take each machine from each of its places by each fact that it takes there,
 * as far as anything in the system can. They are for whatever the machines are a model of: do what a fact says, and compare.
 *
 * @param limit How many states the system may have.
 * @throws RangeError if it has more.
 * @experimental
 */
export function pathTests<F extends AnyFact, R extends string>(
  system: System<F, R>,
  options: { readonly limit?: number } = {},
): PathTests<F> {
  const { states, transitions } = explore(system, options);
  const numbers = new Map<string, number>();
  const numberOf = (item: string): number => {
    const known = numbers.get(item) ?? numbers.size;
    numbers.set(item, known);
    return known;
  };
  const steps = transitions.map(({ from, to, fact }) => ({
    ...{ from, to, facts: [fact] },
    covers: itemsOf(system, states[from]!, fact, states[to]!).map(numberOf),
  }));
  const leaving = states.map((): typeof steps => []);
  for (const step of steps) leaving[step.from]!.push(step);
  const items = [...numbers.keys()];
  const tour = coveringTour<F>({ transitions: leaving, items, atStart: [], clean: states.map(() => true) });
  return {
    covered: items,
    tests: tour.tests.map((test) => ({
      facts: test.flatMap(({ facts }) => facts),
      states: [states[0]!, ...test.map(({ to }) => states[to]!)],
    })),
  };
}

function itemsOf<F extends AnyFact, R extends string>(
  { parts, vocabulary }: System<F, R>,
  before: State,
  fact: F,
  after: State,
): string[] {
  return parts.flatMap(({ role, index }, part) => {
    const isInvolved = takesPart(vocabulary.facts[fact.type]!, role) && before[part] !== undefined;
    const { indexedBy } = vocabulary.roles[role]!;
    const isSelected = indexedBy === undefined || (fact as unknown as Record<string, unknown>)[indexedBy] === index;
    if (!isInvolved || !isSelected) return [];
    return [`${role} ${index}: ${placeOf(before[part]!)}, ${fact.type}, ${placeOf(after[part]!)}`];
  });
}

const placeOf = ({ value }: State[number]): string => (typeof value === 'string' ? value : JSON.stringify(value));
