import type { Monitor } from './monitor.ts';
import type { Rows } from './rows.ts';

/** The transitions between rows, by their numbers. */
interface Edges {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Decides the properties that something can be reached from wherever they start, once all rows are found. */
export function decideReachability<At>(
  monitor: Monitor<Int32Array, At>,
  rows: Rows,
  edges: Edges,
  at: (row: number) => At,
): void {
  const before = predecessors(edges);
  for (const goal of monitor.bound.goals) {
    const reaches = new Uint8Array(rows.size);
    const open: number[] = [];
    for (let row = 0; row < rows.size; row++)
      if (monitor.holds(goal, rows.row(row))) {
        reaches[row] = 1;
        open.push(row);
      }
    for (let to = open.pop(); to !== undefined; to = open.pop())
      for (const from of before[to] ?? [])
        if (reaches[from] === 0) {
          reaches[from] = 1;
          open.push(from);
        }
    for (let row = 0; row < rows.size; row++)
      if (reaches[row] === 0 && monitor.bound.starts(goal, rows.row(row))) {
        monitor.breaks.forGood(goal.number, at(row));
        break;
      }
  }
}

function predecessors({ from, to }: Edges): number[][] {
  const before: number[][] = [];
  for (const [edge, target] of to.entries()) {
    const sources = before[target];
    if (sources === undefined) before[target] = [from[edge]!];
    else sources.push(from[edge]!);
  }
  return before;
}
