import { COUNTERS, type Fact, type IndexField, isIndexValue, WIRING } from '../../facts/index.ts';
import type { System } from './system.ts';

/** The log was no behaviour of the system: a fact was refused, or it says what cannot be. */
export class RefusedFact extends Error {
  constructor(
    readonly position: number,
    readonly fact: Fact,
    readonly reason: string,
  ) {
    super(`fact ${position} (${fact?.type}): ${reason}`);
  }
}

/** Throws {@link RefusedFact} unless a fact of a log is one of the vocabulary, and of what there is in the scope. */
export function checkIndices(system: System, fact: Fact, position: number): void {
  if (!Object.hasOwn(WIRING, fact?.type)) throw new RefusedFact(position, fact, 'there is no such fact');
  const claims = fact as unknown as Readonly<Record<string, unknown>>;
  for (const field of WIRING[fact.type].indices)
    if (!isInScope(system, field, claims[field]))
      throw new RefusedFact(position, fact, `there is no ${field} ${JSON.stringify(claims[field])}`);
}

/**
 * Throws {@link RefusedFact} unless a fact has good indices, and the data that its authors write in this state.
 * Whether the machines accept it is asked afterwards.
 */
export function checkFact(system: System, state: readonly object[], fact: Fact, position: number): void {
  checkIndices(system, fact, position);
  const claims = fact as unknown as Readonly<Record<string, unknown>>;
  for (const { part, write } of system.authors(fact)) {
    const authored = write(state[part]!, fact) as Readonly<Record<string, unknown>>;
    for (const field in authored)
      if (!isSame(claims[field], authored[field]))
        throw new RefusedFact(
          position,
          fact,
          `${field} is ${JSON.stringify(claims[field])}, but ${JSON.stringify(authored[field])} in this state`,
        );
  }
}

/** Whether an index is one at all; what of it is allowed where is for the machines to say. */
function isInScope({ domains }: System, field: IndexField, value: unknown): boolean {
  switch (field) {
    case 'event':
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) < domains.events;
    case 'hart':
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) < domains.harts;
    case 'counter':
      return ((domains.counters ?? COUNTERS) as readonly unknown[]).includes(value);
    default:
      return isIndexValue(field, value);
  }
}

/** Data of facts is a JSON value, mostly a primitive one. */
const isSame = (claimed: unknown, authored: unknown): boolean =>
  claimed === authored ||
  (typeof authored === 'object' && authored !== null && JSON.stringify(claimed) === JSON.stringify(authored));
