import type { Monitor } from './monitor.ts';
import type { Rows } from './rows.ts';

/** The transitions between rows, by their numbers. */
export class Edges {
  #count = 0;
  #from = new Int32Array(1 << 10);
  #to = new Int32Array(1 << 10);

  add(from: number, to: number): void {
    if (this.#count === this.#from.length) {
      this.#from = twice(this.#from);
      this.#to = twice(this.#to);
    }
    this.#from[this.#count] = from;
    this.#to[this.#count++] = to;
  }

  /** The rows before each of so many rows: those before row N are `before[starts[N]]` up to, and without, `before[starts[N + 1]]`. */
  backward(rows: number): { readonly starts: Int32Array; readonly before: Int32Array } {
    const starts = new Int32Array(rows + 1);
    for (let edge = 0; edge < this.#count; edge++) starts[this.#to[edge]!]!++;
    // Up to where each row's are; filled from there downward, that is where they begin.
    for (let row = 1; row <= rows; row++) starts[row]! += starts[row - 1]!;
    const before = new Int32Array(this.#count);
    for (let edge = this.#count - 1; edge >= 0; edge--) before[--starts[this.#to[edge]!]!] = this.#from[edge]!;
    return { starts, before };
  }
}

function twice(array: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}

/** Decides the properties that something can be reached from wherever they start, once all rows are found. */
export function decideReachability<At>(
  monitor: Monitor<Int32Array, At>,
  rows: Rows,
  edges: Edges,
  at: (row: number) => At,
): void {
  const { starts, before } = edges.backward(rows.size);
  const first = new Map<number, number>();
  for (const goal of monitor.bound.goals) {
    const reaches = new Uint8Array(rows.size);
    const open: number[] = [];
    for (let row = 0; row < rows.size; row++)
      if (monitor.holds(goal, rows.row(row))) {
        reaches[row] = 1;
        open.push(row);
      }
    for (let to = open.pop(); to !== undefined; to = open.pop())
      for (let edge = starts[to]!; edge < starts[to + 1]!; edge++) {
        const from = before[edge]!;
        if (reaches[from] === 1) continue;
        reaches[from] = 1;
        open.push(from);
      }
    for (let row = 0; row < rows.size; row++)
      if (reaches[row] === 0 && monitor.bound.starts(goal, rows.row(row))) {
        monitor.breaks.outOfReach(goal.number, at(row), () => row < first.get(goal.number)!);
        first.set(goal.number, Math.min(row, first.get(goal.number) ?? row));
        break;
      }
  }
}
