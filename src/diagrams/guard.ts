import { and, not, or, stateIn } from 'xstate';

/** What must be true for a transition: a guard by its name, or a composition of guards. */
export type Guard =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'and' | 'or'; readonly guards: readonly Guard[] }
  | { readonly kind: 'not'; readonly guard: Guard };

/** How XState keeps `and([…])`: a function with its parts beside it. */
interface Composed {
  readonly check: unknown;
  readonly guards: readonly unknown[];
  readonly stateValue: unknown;
}

const checkOf = (guard: unknown): unknown => (guard as Composed).check;
const AND = checkOf(and([]));
const OR = checkOf(or([]));
const NOT = checkOf(not(''));
const STATE_IN = checkOf(stateIn(''));

/** The guard of an XState transition. An inline function has only its own name. */
export function guardOf(guard: unknown): Guard {
  if (typeof guard === 'string') return { kind: 'name', name: guard };
  const { check, guards = [], stateValue } = guard as Partial<Composed>;
  if (check === AND) return { kind: 'and', guards: guards.map(guardOf) };
  if (check === OR) return { kind: 'or', guards: guards.map(guardOf) };
  if (check === NOT) return { kind: 'not', guard: guardOf(guards[0]) };
  if (check === STATE_IN) return { kind: 'name', name: `in ${placeText(stateValue)}` };
  const { type, name } = guard as { type?: string; name?: string };
  return { kind: 'name', name: type ?? (name || 'unnamed guard') };
}

/** `{ call: 'event_init' }` as `call.event_init`. */
function placeText(value: unknown): string {
  if (typeof value === 'string') return value;
  const regions = Object.entries(value as Record<string, unknown>);
  return regions.map(([name, inner]) => `${name}.${placeText(inner)}`).join(', ');
}

/** What is left of a guard when some of the names are known to be true or false. */
export function simplify(guard: Guard, known: (name: string) => boolean | undefined): Guard | boolean {
  switch (guard.kind) {
    case 'name':
      return known(guard.name) ?? guard;
    case 'not': {
      const inner = simplify(guard.guard, known);
      return typeof inner === 'boolean' ? !inner : { kind: 'not', guard: inner };
    }
    case 'and':
    case 'or': {
      // The value that decides the whole.
      const decisive = guard.kind === 'or';
      const parts = guard.guards.map((part) => simplify(part, known));
      if (parts.includes(decisive)) return decisive;
      const guards = parts.filter((part) => typeof part !== 'boolean');
      if (guards.length === 0) return !decisive;
      return guards.length === 1 ? guards[0]! : { kind: guard.kind, guards };
    }
  }
}

/** The guard in words: `onItsHart and (withReload or noFlags)`. */
export function guardText(guard: Guard): string {
  switch (guard.kind) {
    case 'name':
      return guard.name;
    case 'not':
      return `not ${inner(guard.guard)}`;
    case 'and':
    case 'or':
      return guard.guards.map(inner).join(` ${guard.kind} `);
  }
}

const inner = (guard: Guard): string =>
  guard.kind === 'and' || guard.kind === 'or' ? `(${guardText(guard)})` : guardText(guard);
