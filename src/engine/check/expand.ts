import type { Rows } from './rows.ts';
import type { TransitionSystem } from './transition-system.ts';

/**
 * One step of a breadth-first search: adds each row that can follow row `from` to `rows`, and tells `meet` the number of the
 * fact, the row before it, the row after it, the number of that, and whether it is new. `meet` asks `rows` for no row.
 */
export function expand(
  system: Pick<TransitionSystem, 'successors'>,
  rows: Rows,
  from: number,
  meet: (fact: number, before: Int32Array, after: Int32Array, to: number, isNew: boolean) => void,
): void {
  const before = rows.row(from);
  system.successors(before, (fact, after) => {
    const { size } = rows;
    const to = rows.add(after, from, fact);
    meet(fact, before, after, to, to === size);
  });
}
