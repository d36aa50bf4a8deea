/**
 * The number of a component, as a chart of a proof gets it: it can be kept and compared, and nothing else. A chart that computes
 * with one, orders it or looks something up by it throws a TypeError, or does something else than with a number: see `chart.ts`.
 */
export type Name = symbol;

/** Raised where a system is not of the kind that can be proved for any number: it says why. */
export class NotApplicable extends Error {}

/** An integer of which no more is known than that it is not less than the limit, or that it is below zero. */
export const MANY = Symbol('many');
export const BELOW = Symbol('below 0');

const names = new Map<string, Name>();
const known = new Map<Name, { readonly kind: string; readonly number: number }>();

/** The name of a component of a kind: the one with that number among those of which a window speaks. */
export function nameOf(kind: string, number: number): Name {
  const key = `${kind} ${number}`;
  let name = names.get(key);
  if (name === undefined) {
    name = Symbol(key);
    names.set(key, name);
    known.set(name, { kind, number });
  }
  return name;
}

/** Whether a symbol is a name, and not an integer of which little is known. */
export const isName = (symbol: symbol): symbol is Name => known.has(symbol);

export const kindOf = (name: Name): string => known.get(name)!.kind;
export const numberOf = (name: Name): number => known.get(name)!.number;

/** A value as JSON, each name in it as `@kind number`. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'symbol') return `@${inner.description}`;
    if (typeof inner === 'string' && inner.startsWith('@'))
      throw new NotApplicable(`the text ${inner} looks like a name`);
    return inner;
  });

/** A name in a value, and where. */
export interface Mention {
  readonly name: Name;
  readonly path: string;
}

/** The names in a value, in order. Throws {@link NotApplicable} if it keeps an integer of which little is known. */
export function mentionsIn(value: unknown, path = ''): Mention[] {
  if (typeof value === 'symbol') {
    if (!known.has(value)) throw new NotApplicable(`${path.slice(1)} keeps an integer that is not finite`);
    return [{ name: value, path }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => mentionsIn(inner, `${path}.${field}`));
}

/** A value with other symbols in it, or with numbers in their place. */
export function replaced<T>(value: T, by: (symbol: symbol) => unknown): T {
  if (typeof value === 'symbol') return by(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => replaced(inner, by)) as T;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, replaced(inner, by)])) as T;
}
