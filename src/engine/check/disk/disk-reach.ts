import type { Engine } from '../engine.ts';
import { yieldToEventLoop } from '../event-loop.ts';
import { availableMemory } from '../memory.ts';
import type { Goal } from '../property-set.ts';
import { mark } from '../reach-targets.ts';
import type { Candidates } from './candidates.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Directory } from './directory.ts';
import { DiskFile } from './disk-file.ts';
import { GrowingFile } from './growing-file.ts';
import { CHUNK, type LevelsOnDisk } from './levels-on-disk.ts';

/** Goals that are decided together: one bit each. */
const TOGETHER = 8;
/** Transitions that are read at once. */
const PIECE = 1 << 18;

/**
 * What can be reached, of states on disk. As in `reach.ts`, each state takes over what its successors reach, until a whole sweep over
 * the transitions changes nothing. The transitions are pairs of numbers on disk, read from the last to the first; those of a state
 * that reaches everything are left out of the next sweep. In memory is a byte for each state.
 */
export class DiskReachability {
  /** By eight goals: a byte for each state, the goals that it is itself. */
  readonly marks: readonly GrowingFile[];

  /** The number of a state and that of one that follows it, one after the other. */
  readonly transitions: GrowingFile;
  #pairs = new Uint32Array(0);

  /** Of so many goals; with what was kept of a search that was stopped. */
  constructor(
    readonly directory: Directory,
    goals: number,
    kept?: Checkpoint,
  ) {
    const open = (name: string): GrowingFile => new GrowingFile(directory.file(name), kept?.files[name]);
    this.transitions = open('transitions');
    this.marks = Array.from({ length: Math.ceil(goals / TOGETHER) }, (_, eight) => open(`goals-${eight}`));
  }

  get files(): readonly GrowingFile[] {
    return [...this.marks, this.transitions];
  }

  /** Marks the goals that new states are. */
  mark({ propertySet, words, arena }: Engine, states: Int32Array): void {
    const count = states.length / words;
    for (const [eight, file] of this.marks.entries()) {
      const goals = propertySet.goals.slice(eight * TOGETHER, (eight + 1) * TOGETHER);
      const reached = new Uint8Array(count);
      mark(
        { addresses: goals.map(({ address }) => address), reached },
        { arena, states, base: 0, words, loops: null },
        0,
        count,
        (address, state) => propertySet.answer(address, states, state * words),
      );
      file.append(reached);
    }
  }

  /** Keeps so many transitions: the successors among candidates that have their numbers. */
  append({ entries, numbers, words }: Candidates, count: number): void {
    if (this.#pairs.length < 2 * count) this.#pairs = new Uint32Array(2 * count);
    const pairs = this.#pairs;
    for (let n = 0, at = 0; n < count; n++, at += words + 1) {
      pairs[2 * n] = entries[at + words]!;
      pairs[2 * n + 1] = numbers[entries[at]!]!;
    }
    this.transitions.append(pairs.subarray(0, 2 * count));
  }

  /** Decides, once all states are found. `limit` is asked now and then; answers what stopped it, if anything did. */
  async decide(engine: Engine, levels: LevelsOnDisk, limit: () => string | undefined): Promise<string | undefined> {
    if (levels.size > availableMemory() / 2)
      return `what can be reached takes a byte of memory for each of ${levels.size} states, and there are not so many`;
    for (const [eight, file] of this.marks.entries()) {
      const goals = engine.propertySet.goals.slice(eight * TOGETHER, (eight + 1) * TOGETHER);
      const reached = new Uint8Array(levels.size);
      file.read(reached, 0);
      const stoppedBy = await this.#sweepAll(reached, 2 ** goals.length - 1, limit);
      if (stoppedBy !== undefined) return stoppedBy;
      for (const [bit, goal] of goals.entries()) findBreak(engine, levels, reached, 1 << bit, goal);
    }
    return undefined;
  }

  async #sweepAll(reached: Uint8Array, all: number, limit: () => string | undefined): Promise<string | undefined> {
    let [from, to] = ['open-0', 'open-1'].map((name) => new DiskFile(this.directory.file(name))) as [
      DiskFile,
      DiskFile,
    ];
    const kept = new Uint32Array(2 * PIECE);
    try {
      for (let source: DiskFile = this.transitions; ; source = from) {
        let changed = false;
        for (const piece of piecesOf(source, source === this.transitions)) {
          const { size, isNew } = sweep(piece, reached, all, source === this.transitions, kept);
          changed ||= isNew;
          to.append(kept.subarray(0, size));
          const stoppedBy = limit();
          if (stoppedBy !== undefined) return stoppedBy;
          await yieldToEventLoop();
        }
        if (!changed) return undefined;
        [from, to] = [to, from];
        to.cut(0);
      }
    } finally {
      for (const file of [from, to]) file.remove();
    }
  }
}

/** The transitions in a file, piece by piece: from the last to the first, or from the first to the last. */
function* piecesOf(file: DiskFile, backward: boolean): Generator<Uint32Array> {
  const count = file.bytes / 8;
  const room = new Uint32Array(2 * Math.min(PIECE, count));
  for (let done = 0; done < count; done += PIECE) {
    const piece = room.subarray(0, 2 * Math.min(PIECE, count - done));
    file.read(piece, backward ? file.bytes - done * 8 - piece.byteLength : done * 8);
    yield piece;
  }
}

/**
 * Takes over what successors reach; answers whether a state changed. The transitions of those that do not reach all yet are put
 * into `kept`, in the order in which they were looked at: so many numbers.
 */
function sweep(
  pairs: Uint32Array,
  reached: Uint8Array,
  all: number,
  backward: boolean,
  kept: Uint32Array,
): { readonly size: number; readonly isNew: boolean } {
  let size = 0;
  let isNew = false;
  const end = pairs.length;
  for (let n = 0; n < end; n += 2) {
    const at = backward ? end - 2 - n : n;
    const from = pairs[at]!;
    const before = reached[from]!;
    if (before === all) continue;
    const to = pairs[at + 1]!;
    const now = before | reached[to]!;
    if (now !== before) {
      reached[from] = now;
      isNew = true;
      if (now === all) continue;
    }
    kept[size] = from;
    kept[size + 1] = to;
    size += 2;
  }
  return { size, isNew };
}

/** Finds the first state in which a property starts that does not reach its goal. */
function findBreak(engine: Engine, levels: LevelsOnDisk, reached: Uint8Array, bit: number, goal: Goal): void {
  const { words, states, propertySet } = engine;
  for (let first = 0; first < levels.size; first += CHUNK) {
    const count = Math.min(CHUNK, levels.size - first);
    if (reached.subarray(first, first + count).every((bits) => (bits & bit) !== 0)) continue;
    levels.read(states.subarray(0, count * words), first);
    for (let state = 0; state < count; state++) {
      if ((reached[first + state]! & bit) !== 0) continue;
      if (propertySet.ask(goal.from, states, state * words) !== 1) continue;
      const found = { state: first + state, fact: -1 };
      engine.monitor.breaks.outOfReach(goal.clause, found, (known) => found.state < known.state);
      return;
    }
  }
}
