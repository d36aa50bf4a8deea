import { PARTS } from '../store.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Directory } from './directory.ts';
import { GrowingFile } from './growing-file.ts';

/** States that are read at once. */
export const CHUNK = 1 << 16;

/** States with consecutive numbers. */
export interface Segment {
  readonly first: number;
  readonly end: number;
}

/** What {@link LevelsOnDisk} keeps of itself in a checkpoint. */
type KeptLevels = Pick<Checkpoint, 'levels' | 'unsorted' | 'statesFile'>;

/**
 * The states that were found, on disk, in the order of their numbers: level by level, and in a level by part of the table, so that
 * those of some parts lie together.
 */
export class LevelsOnDisk {
  /** The number of the first state of each level; the last one is of the level that is being found. */
  readonly levels: number[];
  /** The number of the next new state. */
  size: number;
  #file: GrowingFile;
  /** By level: how many states of it lie before each part. */
  readonly #partsFile: GrowingFile;
  readonly #parts: Uint32Array[] = [];
  readonly #counts = new Uint32Array(PARTS);
  /** So many levels lie there in no order of parts: the first, which has one state, and what was laid out anew. */
  #unsorted: number;
  #statesFile: string;

  /** Empty; or with what is `kept` of a search that was stopped. */
  constructor(
    readonly directory: Directory,
    /** The words of a state. */
    public words: number,
    kept?: Checkpoint,
  ) {
    this.levels = [...(kept?.levels ?? [0])];
    this.size = this.levels.at(-1)!;
    this.#unsorted = kept?.unsorted ?? 1;
    this.#statesFile = kept?.statesFile ?? 'states-0';
    this.#file = new GrowingFile(directory.file(this.#statesFile), kept?.files[this.#statesFile]);
    this.#partsFile = new GrowingFile(directory.file('parts'), kept?.files.parts);
    for (let at = 0; at < this.#partsFile.bytes; at += (PARTS + 1) * 4) {
      const parts = new Uint32Array(PARTS + 1);
      this.#partsFile.read(parts, at);
      this.#parts.push(parts);
    }
  }

  get kept(): KeptLevels {
    return { levels: this.levels.slice(), unsorted: this.#unsorted, statesFile: this.#statesFile };
  }

  /** How many states lie there in no order of parts. */
  get unsorted(): number {
    return this.levels[this.#unsorted]!;
  }

  /** The level whose states were found last, and are to be expanded. */
  get last(): Segment {
    return { first: this.levels.at(-2)!, end: this.levels.at(-1)! };
  }

  /** The level of a state. */
  depth(state: number): number {
    return this.levels.findLastIndex((first) => first <= state);
  }

  /** Fills an array with the states from `first` on. */
  read(states: Int32Array, first: number): void {
    this.#file.read(states, first * this.words * 4);
  }

  /** Appends new states, sorted by part; `counts`: how many there are of each. */
  append(states: Int32Array, counts: ArrayLike<number>): void {
    this.#file.append(states);
    this.size += states.length / this.words;
    for (let part = 0; part < PARTS; part++) this.#counts[part]! += counts[part]!;
  }

  /** Ends the level that is being found. */
  endLevel(): void {
    const parts = new Uint32Array(PARTS + 1);
    for (let part = 0; part < PARTS; part++) parts[part + 1] = parts[part]! + this.#counts[part]!;
    this.#partsFile.append(parts);
    this.#parts.push(parts);
    this.#counts.fill(0);
    this.levels.push(this.size);
  }

  /** Forgets what was found of the level that is being found, once its files are as they were. */
  beginLevelAgain(): void {
    this.size = this.levels.at(-1)!;
    this.#counts.fill(0);
  }

  /** Where the states of whole levels in a range of parts lie, and maybe others with them. */
  *inParts(from: number, to: number): Generator<Segment> {
    const whole = from === 0 && to === PARTS ? this.#parts.length : this.#unsorted;
    yield { first: 0, end: this.levels[Math.min(whole, this.#parts.length)]! };
    for (let level = whole; level < this.#parts.length; level++) {
      const first = this.levels[level]!;
      const parts = this.#parts[level]!;
      if (parts[to]! > parts[from]!) yield { first: first + parts[from]!, end: first + parts[to]! };
    }
  }

  /**
   * Writes the states of all whole levels anew, with so many words each: `convert` puts the first `count` states of an array into
   * another. Answers how the old file is removed, once a checkpoint says that it is not needed.
   */
  layOutAnew(words: number, convert: (from: Int32Array, count: number, to: Int32Array) => void): () => void {
    const old = this.#file;
    const whole = this.levels.at(-1)!;
    this.#statesFile = `states-${Number(this.#statesFile.split('-')[1]) + 1}`;
    const anew = new GrowingFile(this.directory.file(this.#statesFile));
    for (let first = 0; first < whole; first += CHUNK) {
      const count = Math.min(CHUNK, whole - first);
      const from = new Int32Array(count * this.words);
      const to = new Int32Array(count * words);
      this.read(from, first);
      convert(from, count, to);
      anew.append(to);
    }
    this.#file = anew;
    this.words = words;
    this.#unsorted = this.#parts.length;
    return () => old.remove();
  }

  get files(): readonly GrowingFile[] {
    return [this.#file, this.#partsFile];
  }
}
