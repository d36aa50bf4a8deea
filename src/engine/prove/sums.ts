import type { Components } from './components.ts';
import type { Name } from './names.ts';
import type { Member } from './steps.ts';

/** A number of each component; the sums of them over all components are kept, each as it is below its limit, or as the limit. */
export interface Sums {
  readonly limits: readonly number[];
  /** The numbers of a component in a state. Throws if it is not known. */
  of(component: number): readonly number[];
  /** Whether the components outside of a window can add up to this: those that the shared part names, by how it does, and any more. */
  canBe(rest: readonly number[], named: readonly string[]): boolean;
}

/** How the shared part names a component: the places, as text. */
export const placesOf = ({ all }: Components, shared: number, name: Name | null): string =>
  all[shared]!.mentions.filter((mention) => mention.name === name)
    .map(({ path }) => path)
    .join();

/** What the members of a window add up to. */
export function totalOf(sums: Sums, members: readonly Member[]): number[] {
  const total = sums.limits.map(() => 0);
  for (const { of } of members) for (const [at, number] of sums.of(of).entries()) total[at]! += number;
  return total;
}

export const clamped = (total: readonly number[], limits: readonly number[]): number[] =>
  total.map((sum, at) => Math.min(sum, limits[at]!));

/** What the components outside of a window can add up to, if all of them together come to `total`. */
export function* restsOf(
  sums: Sums,
  total: readonly number[],
  shown: readonly number[],
  named: readonly string[],
): Generator<readonly number[]> {
  const { limits } = sums;
  let rests: number[][] = [[]];
  for (const [at, sum] of total.entries()) {
    const limit = limits[at]!;
    const least = sum < limit ? sum - shown[at]! : Math.max(0, limit - shown[at]!);
    if (least < 0) return;
    const most = sum < limit ? least : limit;
    rests = rests.flatMap((rest) => Array.from({ length: most - least + 1 }, (_, more) => [...rest, least + more]));
  }
  for (const rest of rests) if (sums.canBe(rest, named)) yield rest;
}

/** By how the shared part names a component: the numbers that it can have. What the components outside of a window can add up to. */
export class Achievable {
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(
    readonly limits: readonly number[],
    readonly vectors: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>,
  ) {}

  has(rest: readonly number[], named: readonly string[]): boolean {
    const key = [...named].sort().join(' ');
    let sums = this.#known.get(key);
    if (sums === undefined) {
      sums = new Set(this.#sums([...named].sort()).map((sum) => sum.join()));
      this.#known.set(key, sums);
    }
    return sums.has(rest.join());
  }

  #sums(named: readonly string[]): number[][] {
    const [first, ...others] = named;
    if (first !== undefined) return this.#plus(this.#sums(others), first);
    let sums = [this.limits.map(() => 0)];
    for (let count = 0; count !== sums.length; ) {
      count = sums.length;
      sums = distinct([...sums, ...this.#plus(sums, '')]);
    }
    return sums;
  }

  #plus(sums: readonly (readonly number[])[], places: string): number[][] {
    const vectors = [...(this.vectors.get(places)?.values() ?? [])];
    const add = (sum: readonly number[], vector: readonly number[]) =>
      clamped(
        sum.map((one, at) => one + vector[at]!),
        this.limits,
      );
    return distinct(sums.flatMap((sum) => vectors.map((vector) => add(sum, vector))));
  }
}

const distinct = (sums: number[][]): number[][] => [...new Map(sums.map((sum) => [sum.join(), sum])).values()];
