import type { Roles } from './predicate.ts';

/** What the tag of a role can mean for the whole system: see `RoleDefinition`. */
export type Meaning = 'quiescent' | 'final';

/** A part, and the tag that is looked for in its state. */
export interface Tagged {
  readonly part: number;
  readonly tag: string;
}

/** The parts of a system whose roles have a tag with this meaning. */
export const taggedParts = (system: Roles, meaning: Meaning): Tagged[] =>
  Object.entries(system.vocabulary.roles).flatMap(([role, definition]) => {
    const tag = definition[meaning];
    return tag === undefined ? [] : system.ofRole(role).map((part) => ({ part, tag }));
  });
