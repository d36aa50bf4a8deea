import type { AnyFact } from '../vocabulary.ts';
import type { Found } from './breaks.ts';
import type { Property } from './property.ts';
import { type Broken, counterexampleOf, type Verdict } from './verdict.ts';

/** What a search found out of some properties. */
export interface Findings<F extends AnyFact, At> {
  /** By clause, in the order of the properties. */
  readonly breaks: Found<At>;
  /** Shortest logs to some breaks, with the fact that violates if one does. */
  logsTo(breaks: readonly At[]): (readonly F[])[];
  /** Whether something happened that a property speaks of. */
  happened(property: Property<F>, number: number): boolean;
  /** Why the search stopped before its end; undefined if it did not. */
  readonly stoppedBy?: string | undefined;
  /** Set where only fingerprints of states were kept. */
  readonly missProbability?: number | undefined;
}

/** What is wrong after a counterexample, by the clause that it breaks. */
const BREAKS = { always: 'state', whenever: 'fact', 'can reach': 'never', 'no deadlock': 'stuck' } as const;

/** The verdicts, by the id of the property: the one place where what was found becomes a verdict. */
export function verdictsOf<F extends AnyFact, At>(
  properties: readonly Property<F>[],
  found: Findings<F, At>,
): Map<string, Verdict<F>> {
  const { breaks, stoppedBy, missProbability } = found;
  const clauses = properties.flatMap(({ clauses }, property) => clauses.map((clause) => ({ property, clause })));
  const broken = clauses.flatMap(({ property, clause }, number) => {
    const [first, lasting] = [breaks.first[number]!, breaks.lasting[number]!];
    return [...new Set([first, lasting])].flatMap((at) =>
      at === null ? [] : [{ property, breaks: BREAKS[clause.kind], at, lasts: at === lasting }],
    );
  });
  const logs = found.logsTo(broken.map(({ at }) => at));
  const breaking = broken.map(({ property, breaks, lasts }, index) => ({
    property,
    breaks,
    lasts,
    facts: logs[index]!,
  }));

  const verdictOf = (property: Property<F>, number: number): Verdict<F> => {
    const own: Broken<F>[] = breaking.filter((one) => one.property === number);
    const counterexample = counterexampleOf(own);
    if (counterexample !== undefined) return { verdict: 'violated', counterexample };
    if (stoppedBy !== undefined) return { verdict: 'bounded', reason: stoppedBy };
    if (missProbability !== undefined && property.clauses.some(({ kind }) => kind === 'can reach'))
      return { verdict: 'bounded', reason: 'what can be reached is not decided where only fingerprints are kept' };
    if (!found.happened(property, number)) return { verdict: 'vacuous' };
    return missProbability === undefined ? { verdict: 'holds' } : { verdict: 'probable', missProbability };
  };
  return new Map(properties.map((property, number) => [property.id, verdictOf(property, number)]));
}
