/** Sets of elements 0 … 30 as bits. A set is excluded if it agrees with `value` on all elements of `mask`. */
export interface Excluded {
  readonly mask: number;
  readonly value: number;
}

/**
 * A smallest set that contains `base`, adds elements of `free` only and is not excluded by any clause, or undefined if there
 * is none. `atLeast` is a known lower bound for the number of elements that are added.
 */
export function smallest(base: number, free: number, clauses: readonly Excluded[], atLeast = 0): number | undefined {
  const elements = Array.from({ length: 31 }, (_, element) => 1 << element).filter((bit) => (free & bit) !== 0);
  // A clause is decided as soon as the last free element of it is.
  const decidedAt: Excluded[][] = [[], ...elements.map(() => [])];
  for (const clause of clauses) decidedAt[elements.findLastIndex((bit) => (clause.mask & bit) !== 0) + 1]!.push(clause);
  const allowed = (set: number, depth: number): boolean =>
    !decidedAt[depth]!.some(({ mask, value }) => (set & mask) === value);

  const extend = (set: number, depth: number, left: number): number | undefined => {
    if (!allowed(set, depth)) return undefined;
    if (depth === elements.length) return set;
    const without = extend(set, depth + 1, left);
    if (without !== undefined || left === 0) return without;
    return extend(set | elements[depth]!, depth + 1, left - 1);
  };
  for (let size = atLeast; size <= elements.length; size++) {
    const found = extend(base, 0, size);
    if (found !== undefined) return found;
  }
  return undefined;
}
