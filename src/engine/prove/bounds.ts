import type { Bounds } from '../check/property.ts';
import { ClausesOfWindows, integerLike } from './clauses.ts';
import type { Closure } from './closure.ts';
import type { Components } from './components.ts';
import type { Integer, Value } from './integer.ts';
import { MANY, NotApplicable } from './names.ts';
import type { Member } from './steps.ts';
import { Achievable, placesOf, type Sums } from './sums.ts';
import { weightOf } from './weights.ts';

type Which = 'least' | 'most';

/** The sums that views keep: the integer's, of the weights of the components; and those of bounds whose number is another. */
export class BoundSums implements Sums {
  readonly limits: number[];
  readonly #places = new Map<string, number>();
  readonly #known = new Map<number, readonly number[]>();
  readonly #achievable: Achievable;

  /** `free` has views of all that can be reached: those that components are taken from which are not in a window. */
  constructor(
    readonly components: Components,
    readonly bounds: readonly Bounds[],
    readonly weights: ReadonlyMap<string, number> | undefined,
    free: Closure,
  ) {
    const { kinds, integer, limit } = components;
    this.limits = [limit];
    for (const [number, one] of bounds.entries()) {
      // A bound of the integer is held against its weights, one component at a time.
      if (isOfInteger(one, integer)) continue;
      for (const which of ['least', 'most'] as const)
        if (one[which]) this.#places.set(`${number} ${which}`, this.limits.push(limit - 1) - 1);
    }
    for (const [kind, { index, sorts }] of kinds.entries())
      if (index !== null)
        for (const [sort, charts] of sorts.entries())
          if (
            this.of(
              components.intern(
                kind,
                sort,
                charts.map(() => 0),
              ),
            ).some((number) => number !== 0)
          )
            throw new NotApplicable('a component that does nothing is part of a sum');
    this.#achievable = new Achievable(
      this.limits,
      vectorsOf(free, (component) => this.of(component)),
    );
  }

  /** Where the sum of a bound stands; -1 if it is not kept. */
  place(bounds: Bounds, which: Which): number {
    return this.#places.get(`${this.bounds.indexOf(bounds)} ${which}`) ?? -1;
  }

  of(component: number): readonly number[] {
    let numbers = this.#known.get(component);
    if (numbers === undefined) {
      const { kind, nameless } = this.components.all[component]!;
      const own = this.limits.map(() => 0);
      if (this.components.kinds[kind]!.index !== null && this.weights) own[0] = weightOf(this.weights, nameless);
      for (const one of this.bounds)
        for (const which of ['least', 'most'] as const) {
          const at = this.place(one, which);
          if (at >= 0) own[at] = addendOf(this.components, one, which, component);
        }
      // Sums are of those that views show beside the shared part.
      const first = this.components.kinds.findIndex(({ index }) => index !== null);
      if (kind !== first && own.some((number) => number !== 0))
        throw new NotApplicable('a sum over components of more than one kind');
      numbers = own;
      this.#known.set(component, numbers);
    }
    return numbers;
  }

  canBe(rest: readonly number[], named: readonly string[]): boolean {
    return this.#achievable.has(rest, named);
  }
}

/** What a component adds to a sum. Throws {@link NotApplicable} if it is no natural number. */
export function addendOf({ all, kinds }: Components, bounds: Bounds, which: Which, component: number): number {
  const { kind, sort, locals } = all[component]!;
  const at = kinds[kind]!.roles.indexOf(bounds.over);
  const number = at < 0 ? 0 : (bounds[which]?.(kinds[kind]!.sorts[sort]![at]!.snapshots[locals[at]!]!) ?? 0);
  if (!Number.isInteger(number) || number < 0)
    throw new NotApplicable(`a sum over every ${bounds.over} of what is no natural number`);
  return number;
}

/** The number of a bound, as the shared part shows it. Throws {@link NotApplicable} if it is made of the integer and more. */
export function numberOf(
  { components, windows }: Closure,
  bounds: Bounds,
  members: readonly Member[],
  value: Value,
): number {
  if (components.integer && bounds.own.includes(components.integer.role))
    throw new NotApplicable('a bound of a number that is made of the integer, and not the integer itself');
  return bounds.number(new ClausesOfWindows(components, windows, () => []).shared(members, bounds.own, value));
}

/** Whether the number of a bound is the integer itself. */
export const isOfInteger = ({ number, own }: Bounds, integer: Integer | undefined): boolean =>
  integer !== undefined &&
  own.join() === integer.role &&
  [MANY as unknown, 0, 1, 1000].every((value) => number({ own: () => integerLike(integer, value) } as never) === value);

/** A window in which a number is not known to lie between its sums. */
export function outOfBounds(bounds: Bounds, closure: Closure, sums: BoundSums): readonly Member[] | undefined {
  const { components, windows } = closure;
  for (const views of windows.views)
    for (const ids of views.values()) {
      const members = windows.membersOf(ids);
      if (isOfInteger(bounds, components.integer)) {
        for (const { of, name } of members) {
          if (name === null) continue;
          const [weight] = sums.of(of) as [number];
          if (bounds.least && addendOf(components, bounds, 'least', of) > weight) return members;
          if (bounds.most && addendOf(components, bounds, 'most', of) < weight) return members;
        }
        continue;
      }
      const shared = members.find(({ name }) => name === null);
      if (shared === undefined) continue;
      const own = components.all[shared.of]!.sums;
      const [least, most] = [own[sums.place(bounds, 'least')], own[sums.place(bounds, 'most')]];
      for (const { value } of closure.outside(members)) {
        const number = numberOf(closure, bounds, members, value);
        // A sum at its limit may be more than that.
        if (least !== undefined && (least > number || least === sums.limits[sums.place(bounds, 'least')]))
          return members;
        if (most !== undefined && most < number) return members;
      }
    }
  return undefined;
}

/** The numbers that components can have, by how the shared part names them, as some views show them. */
function vectorsOf(
  { components, windows }: Closure,
  of: (component: number) => readonly number[],
): Map<string, Map<string, readonly number[]>> {
  const vectors = new Map<string, Map<string, readonly number[]>>();
  for (const views of windows.views)
    for (const ids of views.values()) {
      const members = windows.membersOf(ids);
      const shared = members.find(({ name }) => name === null);
      if (shared === undefined) continue;
      for (const { of: component, name } of members) {
        if (name === null) continue;
        const places = placesOf(components, shared.of, name);
        const numbers = of(component);
        const own = vectors.get(places) ?? new Map<string, readonly number[]>();
        vectors.set(places, own.set(numbers.join(), numbers));
      }
    }
  return vectors;
}
