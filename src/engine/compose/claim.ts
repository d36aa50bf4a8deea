import type { AnyFact } from '../vocabulary.ts';
import type { System } from './system.ts';

/** The log was no behaviour of the system: a fact was refused, or it says what cannot be. @public */
export class RefusedFact extends Error {
  constructor(
    readonly position: number,
    readonly fact: AnyFact,
    readonly reason: string,
  ) {
    // Who reads it counts facts from 1, as breaks are counted.
    super(`fact ${position + 1} (${fact?.type}): ${reason}`);
  }
}

/** Throws {@link RefusedFact} unless a fact of a log is one of the vocabulary, and of what there is in the scope. */
export function checkIndices(system: System, fact: AnyFact, position: number): void {
  const { facts } = system.vocabulary;
  if (!Object.hasOwn(facts, fact?.type)) throw new RefusedFact(position, fact, 'there is no such fact');
  const claims = fact as unknown as Readonly<Record<string, unknown>>;
  for (const field of facts[fact.type]!.indices)
    if (!system.hasValue(field, claims[field]))
      throw new RefusedFact(position, fact, `there is no ${field} ${JSON.stringify(claims[field])}`);
}

/**
 * Throws {@link RefusedFact} unless a fact has good indices, and the data that its authors write in this state.
 * Whether the machines accept it is asked afterwards.
 */
export function checkFact(system: System, state: readonly object[], fact: AnyFact, position: number): void {
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

/** Data of facts is a JSON value, mostly a primitive one. */
const isSame = (claimed: unknown, authored: unknown): boolean =>
  claimed === authored ||
  (typeof authored === 'object' && authored !== null && JSON.stringify(claimed) === JSON.stringify(authored));
