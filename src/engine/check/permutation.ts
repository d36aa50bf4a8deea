import type { AnyFact } from '../vocabulary.ts';

/** By index that selects machines, other numbers: what is said of one is said of the one that it stands for. */
export type Permutation = Readonly<Record<string, readonly number[]>>;

/** A fact under other numbers; one index can be left as it is. */
export function permuted<F extends AnyFact>(fact: F, permutation: Permutation, kept?: string): F {
  let other = fact as unknown as Record<string, unknown>;
  for (const index in permutation) {
    const number = other[index];
    if (index === kept || typeof number !== 'number') continue;
    const to = permutation[index]![number];
    if (to !== undefined && to !== number) other = { ...other, [index]: to };
  }
  return other as unknown as F;
}

/** First `b`, then `a`. */
export const after = (a: Permutation, b: Permutation): Permutation =>
  mapped(b, (numbers, index) => numbers.map((number) => a[index]![number]!));

export const inverse = (permutation: Permutation): Permutation =>
  mapped(permutation, (numbers) => numbers.map((_, number) => numbers.indexOf(number)));

const mapped = (
  permutation: Permutation,
  change: (numbers: readonly number[], index: string) => readonly number[],
): Permutation =>
  Object.fromEntries(Object.entries(permutation).map(([index, numbers]) => [index, change(numbers, index)]));

/** Whether a permutation swaps two numbers, and no more. */
export const swapsTwo = (permutation: Permutation): boolean =>
  Object.values(permutation).flatMap((numbers) => numbers.filter((to, number) => to !== number)).length === 2;

/** Every permutation that gives each number of an index the number of one of its own class. The first changes nothing. */
export function permutations(classes: Readonly<Record<string, readonly number[]>>): Permutation[] {
  return Object.entries(classes).reduce<Permutation[]>(
    (found, [index, kinds]) =>
      found.flatMap((one) => permutationsWithin(kinds).map((numbers) => ({ ...one, [index]: numbers }))),
    [{}],
  );
}

/** The permutations that leave everything in its class, in rising order. */
function permutationsWithin(classes: readonly number[], taken: readonly number[] = []): number[][] {
  if (taken.length === classes.length) return [[...taken]];
  return classes.flatMap((kind, number) =>
    kind !== classes[taken.length] || taken.includes(number) ? [] : permutationsWithin(classes, [...taken, number]),
  );
}
