import type { Counterexample, Verdict } from '../../../src/facts/index.ts';

/** How long a counterexample is: `3`; `[3]` where it breaks only while a call is in flight, `[3] 5` where a break that lasts takes 5. */
export const lengthsOf = ({ facts, onlyInFlight, lasting }: Counterexample): string =>
  lasting ? `[${facts.length}] ${lasting.facts.length}` : onlyInFlight ? `[${facts.length}]` : `${facts.length}`;

/** A verdict, or the lengths of its counterexample. */
export const inShort = (verdict: Verdict): string =>
  verdict.verdict === 'violated' ? lengthsOf(verdict.counterexample) : verdict.verdict;
