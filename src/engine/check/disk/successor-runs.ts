import type { Engine } from '../engine.ts';
import type { Sorter } from '../sorter.ts';
import { PARTS } from '../store.ts';
import type { DiskFile } from './disk-file.ts';

/** One run: where it begins in the file, in successors, and by part how many of them lie before it. */
interface Run {
  readonly first: number;
  readonly before: Int32Array;
}

/**
 * The successors of a level, on disk, in runs that are sorted by part of the table: the words of each, then the number of the
 * state that it follows.
 */
export class SuccessorRuns {
  #runs: Run[] = [];
  #count = 0;
  /** By part: how many successors there are. */
  readonly #counts = new Float64Array(PARTS);
  #entries = new Int32Array(0);
  readonly #stride: number;

  constructor(
    readonly file: DiskFile,
    words: number,
  ) {
    this.#stride = words + 1;
  }

  /** Writes what was sorted as a run, and empties the sorter; the first of its states has that number. */
  write(engine: Engine, sorter: Sorter, firstState: number): void {
    const { entries, heads, length, count } = sorter;
    const stride = this.#stride;
    if (this.#entries.length < count * stride) this.#entries = new Int32Array(count * stride);
    const run = this.#entries;
    const before = new Int32Array(PARTS + 1);
    for (let part = 0, at = 0; part < PARTS; part++) {
      run.set(entries.subarray(part * length, heads[part]), at);
      at += heads[part]! - part * length;
      before[part + 1] = at / stride;
      this.#counts[part]! += before[part + 1]! - before[part]!;
    }
    noteSources(sorter, run, before, stride, firstState);
    this.#runs.push({ first: this.#count, before });
    this.#count += count;
    this.file.append(run.subarray(0, count * stride));
    sorter.clear(engine, null);
  }

  /** Ranges of parts with so many successors at most; more only where one part has more. */
  *ranges(most: number): Generator<{ readonly from: number; readonly to: number; readonly count: number }> {
    for (let from = 0, to = 0; from < PARTS; from = to) {
      let count = 0;
      do count += this.#counts[to++]!;
      while (to < PARTS && count + this.#counts[to]! <= most);
      if (count > 0) yield { from, to, count };
    }
  }

  /** Reads the successors in a range of parts. */
  read(from: number, to: number, into: Int32Array): void {
    let at = 0;
    for (const { first, before } of this.#runs) {
      const next = at + (before[to]! - before[from]!) * this.#stride;
      if (next > at) this.file.read(into.subarray(at, next), (first + before[from]!) * this.#stride * 4);
      at = next;
    }
  }

  clear(): void {
    this.#runs = [];
    this.#count = 0;
    this.#counts.fill(0);
    this.file.cut(0);
  }
}

/** Notes with each successor in a run the number of the state that it follows: in a part they lie in the order in which they were found. */
function noteSources(
  { starts, states, parts }: Sorter,
  run: Int32Array,
  before: Int32Array,
  stride: number,
  firstState: number,
): void {
  const heads = before.slice();
  for (let state = 0, successor = 0; state < states; state++)
    for (const end = starts[state + 1]!; successor < end; successor++)
      run[++heads[parts[successor]!]! * stride - 1] = firstState + state;
}
