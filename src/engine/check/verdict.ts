import type { AnyFact } from '../vocabulary.ts';

/** A log that violates a property. @public */
export interface BreakingLog<F extends AnyFact = AnyFact> {
  readonly facts: readonly F[];
  /**
   * What is wrong after the last fact: `fact` when that fact itself violates the property, `state` when the state after it does,
   * `never` when from there on what a property wants cannot happen any more, `stuck` when nothing can happen at all.
   */
  readonly breaks: 'fact' | 'state' | 'never' | 'stuck';
}

/**
 * A shortest log that violates a property: there is no shorter one in the scope. (With a partial order, in a search that was stopped, there
 * may be.)
 *
 * @public
 */
export interface Counterexample<F extends AnyFact = AnyFact> extends BreakingLog<F> {
  /** Whether every break that was found is there only while a call is in flight. */
  readonly onlyInFlight: boolean;
  /** Where this break is there only while a call is in flight, but another one lasts: a shortest log to one that lasts. */
  readonly lasting?: BreakingLog<F>;
}

/** A log that violates a property, and whether the break lasts when no call is in flight. @public */
export interface Broken<F extends AnyFact = AnyFact> extends BreakingLog<F> {
  readonly lasts: boolean;
}

/** The counterexample that some breaks come to: of each clause, a shortest one and a shortest one that lasts. Undefined if there is none. */
export function counterexampleOf<F extends AnyFact>(broken: readonly Broken<F>[]): Counterexample<F> | undefined {
  const [shortest, ...others] = broken.toSorted(
    (a, b) => a.facts.length - b.facts.length || Number(b.lasts) - Number(a.lasts),
  );
  if (shortest === undefined) return undefined;
  const { facts, breaks, lasts } = shortest;
  const lasting = lasts ? undefined : others.find((other) => other.lasts);
  return {
    facts,
    breaks,
    onlyInFlight: !lasts && lasting === undefined,
    ...(lasting && { lasting: { facts: lasting.facts, breaks: lasting.breaks } }),
  };
}

/** That a property holds for any number of components, and by how much. @experimental */
export interface Proof {
  /** The indices of which any number is: events, harts. */
  readonly of: readonly string[];
  /** How many components of the first kind a view shows, up to where the integer is kept, and how many views there are. */
  readonly k: number;
  readonly limit: number;
  readonly views: number;
  readonly milliseconds: number;
  /** What of the property is not proved, but holds in the scopes that were searched; absent if all of it is proved. */
  readonly but?: string;
}

/** What a search says of one property, honest about what was covered. @public */
export type Verdict<F extends AnyFact = AnyFact> =
  /** The whole scope was searched; with a proof, it holds for any number of its events and harts, too. */
  | { readonly verdict: 'holds'; readonly proof?: Proof }
  | { readonly verdict: 'violated'; readonly counterexample: Counterexample<F> }
  /** Not broken in all that was searched, but states were told apart by fingerprints: the probability, at most, that one was missed. */
  | { readonly verdict: 'probable'; readonly missProbability: number }
  /** The search stopped at a limit: never a pass. */
  | { readonly verdict: 'bounded'; readonly reason: string }
  /** What the property speaks of never happened in the scope. */
  | { readonly verdict: 'vacuous' };

/** How much of a scope a search saw. @public */
export interface Covered {
  /** With symmetry: of those that are the same but for one of so many permutations of events and harts, one. */
  readonly permutations?: number;
  /** With a partial order: the states are those that were kept, and a transition leads from one to the next. */
  readonly partialOrder?: true;
  readonly states: number;
  readonly transitions: number;
  /** The longest of the shortest paths to a state, in facts. */
  readonly depth: number;
  /** Whether every reachable state was seen; else why not. */
  readonly exhaustive: boolean;
  readonly stoppedBy?: string;
  /** So many of the states were found before the search was stopped, and it went on with them; absent where it began at the beginning. */
  readonly resumedFrom?: number;
  /** The probability, at most, that a state was taken for another and missed; absent where states are compared word by word. */
  readonly missProbability?: number;
  /** Bytes of the states, of what rebuilds the path to them, and of the transitions that were kept. */
  readonly bytes: number;
  /** Of a search that went on: since then. */
  readonly milliseconds: number;
}

/** The outcome of one search. @public */
export interface Outcome<F extends AnyFact = AnyFact> {
  readonly covered: Covered;
  /** By property id. */
  readonly verdicts: ReadonlyMap<string, Verdict<F>>;
}
