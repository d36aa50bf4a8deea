import type { Fact } from '../../facts/index.ts';

/** Other numbers for events and harts: what is told of one is told of the one that it stands for. */
export interface Permutation {
  readonly event: readonly number[];
  readonly hart: readonly number[];
}

export type Index = keyof Permutation;

/** A fact as it is told under other numbers; one index can be left as it is. */
export function permuted(fact: Fact, renaming: Permutation, kept?: Index): Fact {
  let other = fact as unknown as Record<string, unknown>;
  for (const index of ['event', 'hart'] as const) {
    const number = other[index];
    if (index === kept || typeof number !== 'number') continue;
    const to = renaming[index][number];
    if (to !== undefined && to !== number) other = { ...other, [index]: to };
  }
  return other as unknown as Fact;
}

/** First `b`, then `a`. */
export const after = (a: Permutation, b: Permutation): Permutation => ({
  event: b.event.map((number) => a.event[number]!),
  hart: b.hart.map((number) => a.hart[number]!),
});

export const inverse = ({ event, hart }: Permutation): Permutation => ({
  event: inverted(event),
  hart: inverted(hart),
});

const inverted = (numbers: readonly number[]): number[] => numbers.map((_, number) => numbers.indexOf(number));

/** Whether a renaming swaps two numbers, and no more. */
export const swapsTwo = ({ event, hart }: Permutation): boolean =>
  [event, hart].flatMap((numbers) => numbers.filter((to, number) => to !== number)).length === 2;

/** Every renaming that gives each event and each hart the number of one of its own class. The first changes nothing. */
export function permutations(eventClasses: readonly number[], hartClasses: readonly number[]): Permutation[] {
  return permutationsWithin(eventClasses).flatMap((event) =>
    permutationsWithin(hartClasses).map((hart) => ({ event, hart })),
  );
}

/** The permutations that leave everything in its class, in rising order. */
function permutationsWithin(classes: readonly number[], taken: readonly number[] = []): number[][] {
  if (taken.length === classes.length) return [[...taken]];
  return classes.flatMap((kind, number) =>
    kind !== classes[taken.length] || taken.includes(number) ? [] : permutationsWithin(classes, [...taken, number]),
  );
}
