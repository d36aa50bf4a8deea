import type { Present } from './property.ts';

/** By the numbers of some parts: how they looked last. What looks the same is one list. */
export type Alike = Map<readonly number[], readonly Present[]>;

/** What one clause looked at when it was asked last: while that looks the same, its answer is the same. */
export class Looked {
  /** Each part, or list of parts, and how it looked; so many of them count. */
  readonly #parts: number[] = [];
  readonly #seen: Present[] = [];
  #partCount = 0;
  readonly #lists: (readonly number[])[] = [];
  readonly #listsSeen: (readonly Present[])[] = [];
  #listCount = 0;
  #last: boolean | undefined;

  /** `show` is how a part looks now: the same object as long as it looks the same. */
  constructor(
    readonly show: (part: number) => Present,
    readonly alike: Alike,
  ) {}

  /** How a part looks. */
  at(part: number): Present {
    const seen = this.show(part);
    const count = this.#partCount;
    for (let index = 0; index < count; index++) if (this.#parts[index] === part) return seen;
    this.#parts[count] = part;
    this.#seen[count] = seen;
    this.#partCount++;
    return seen;
  }

  /** Whether the answer can be another one where some parts look otherwise: one was looked at, or there is no answer yet. */
  seesAny(parts: readonly number[]): boolean {
    if (this.#last === undefined) return true;
    for (let place = 0; place < parts.length; place++) {
      const part = parts[place]!;
      for (let index = 0; index < this.#partCount; index++) if (this.#parts[index] === part) return true;
      for (let index = 0; index < this.#listCount; index++) if (this.#lists[index]!.includes(part)) return true;
    }
    return false;
  }

  /** How some parts look. */
  atAll(parts: readonly number[]): readonly Present[] {
    const seen = this.#now(parts);
    const count = this.#listCount;
    for (let index = 0; index < count; index++) if (this.#lists[index] === parts) return seen;
    this.#lists[count] = parts;
    this.#listsSeen[count] = seen;
    this.#listCount++;
    return seen;
  }

  /** The answer, where all looks as it did; else undefined, and what is looked at from now on is for the next one. */
  get answer(): boolean | undefined {
    if (this.#last !== undefined && this.#isSame()) return this.#last;
    this.#last = undefined;
    this.#partCount = 0;
    this.#listCount = 0;
    return undefined;
  }

  /** The clause has answered. Returns the answer. */
  note(answer: boolean): boolean {
    this.#last = answer;
    return answer;
  }

  #isSame(): boolean {
    for (let index = 0; index < this.#partCount; index++)
      if (this.show(this.#parts[index]!) !== this.#seen[index]) return false;
    for (let index = 0; index < this.#listCount; index++)
      if (this.#now(this.#lists[index]!) !== this.#listsSeen[index]) return false;
    return true;
  }

  #now(parts: readonly number[]): readonly Present[] {
    const known = this.alike.get(parts);
    if (known !== undefined && this.#isAlike(parts, known)) return known;
    const seen = parts.map(this.show);
    this.alike.set(parts, seen);
    return seen;
  }

  #isAlike(parts: readonly number[], known: readonly Present[]): boolean {
    for (let index = 0; index < parts.length; index++) if (this.show(parts[index]!) !== known[index]) return false;
    return true;
  }
}
