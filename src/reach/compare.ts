import type { Operator } from './expression.ts';

const WHOLE = /^-?\d+$/;

/** Compares what is found with a value: as whole numbers of any size where both are, else as text, which has no order. */
export function compare(operator: Operator, value: string): (found: string) => boolean {
  if (operator === '=') return (found) => isSame(found, value);
  if (operator === '!=') return (found) => !isSame(found, value);
  const bound = WHOLE.test(value) ? BigInt(value) : undefined;
  return (found) => bound !== undefined && WHOLE.test(found) && inOrder(operator, BigInt(found), bound);
}

/** The same text, or the same number written otherwise. */
function isSame(found: string, value: string): boolean {
  if (found === value) return true;
  return WHOLE.test(found) && WHOLE.test(value) && BigInt(found) === BigInt(value);
}

function inOrder(operator: Exclude<Operator, '=' | '!='>, found: bigint, bound: bigint): boolean {
  switch (operator) {
    case '<':
      return found < bound;
    case '<=':
      return found <= bound;
    case '>':
      return found > bound;
    case '>=':
      return found >= bound;
  }
}
