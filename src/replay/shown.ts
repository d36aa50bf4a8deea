import type { Fact, Property } from '../facts/index.ts';
import type { LogHeader, Origins } from '../store/index.ts';

/** What may rest on values that a recording does not show: the ticks of counters, and so counts. */
export const INFERRED = 'count-exact';

/** The facts of a kernel's trace of which the log says beside each that a count in them rests on values that no line shows. */
export function inferredFacts(
  { trace }: Pick<LogHeader, 'trace'>,
  facts: readonly Fact[],
  origins: Origins,
): Set<Fact> {
  const inferred = new Set<Fact>();
  // Along a log of a model all values are known, whatever it says.
  if (trace === undefined) return inferred;
  for (const [from, { inferred: isInferred }, to = facts.length] of origins.runs())
    if (isInferred) for (const fact of facts.slice(from, to)) inferred.add(fact);
  return inferred;
}

/** Properties as they are asked of a log: {@link INFERRED} is not asked at such facts, since a violation there would be a guess. */
export const askedWhereShown = (properties: readonly Property[], inferred: ReadonlySet<Fact>): readonly Property[] =>
  inferred.size === 0
    ? properties
    : properties.map((property) =>
        property.id === INFERRED
          ? { ...property, clauses: property.clauses.map((clause) => whereShown(clause, inferred)) }
          : property,
      );

const whereShown = (clause: Property['clauses'][number], inferred: ReadonlySet<Fact>): Property['clauses'][number] =>
  clause.kind === 'whenever'
    ? { ...clause, holds: (fact, view) => inferred.has(fact) || clause.holds(fact, view) }
    : clause;
