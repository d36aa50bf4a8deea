/** The breaks of each clause, by its number. */
export interface Found<At> {
  readonly first: readonly (At | null)[];
  readonly lasting: readonly (At | null)[];
}

/**
 * What was found against each clause of some properties: where it was violated first, and where first so that it lasts when no
 * call is in flight. Whoever asks, and of whatever, keeps what it finds here: so *violated* means one thing.
 */
export class Breaks<At> {
  /** By clause. */
  readonly first: (At | null)[];
  readonly lasting: (At | null)[];

  constructor(clauses: number) {
    this.first = Array.from({ length: clauses }, () => null);
    this.lasting = this.first.slice();
  }

  /** Whether nothing more can be found against a clause. */
  isSettled(clause: number): boolean {
    return this.lasting[clause] !== null;
  }

  /** A clause does not hold in a state, in which no call is in flight or one is. Answers whether that is news. */
  inState(clause: number, at: At, isQuiescent: boolean): boolean {
    if (this.lasting[clause] !== null || (this.first[clause] !== null && !isQuiescent)) return false;
    this.first[clause] ??= at;
    if (isQuiescent) this.lasting[clause] = at;
    return true;
  }

  /** A clause is violated for good: by a fact, or by a state in which nothing can happen. */
  forGood(clause: number, at: At): boolean {
    if (this.first[clause] !== null) return false;
    this.first[clause] = at;
    this.lasting[clause] = at;
    return true;
  }

  /** A clause is violated for good, since a goal is out of reach: of its goals that are, the one counts that is so earliest. */
  outOfReach(clause: number, at: At, isEarlier: (known: At) => boolean): void {
    const known = this.first[clause]!;
    if (known !== null && !isEarlier(known)) return;
    this.first[clause] = at;
    this.lasting[clause] = at;
  }

  /** Notes of each break of which nothing is noted yet what `what` says of it now. */
  note<T>(noted: Map<At, T>, what: (at: At) => T): void {
    for (const at of [...this.first, ...this.lasting]) if (at !== null && !noted.has(at)) noted.set(at, what(at));
  }

  /** Takes over what was found elsewhere. */
  merge({ first, lasting }: Found<At>): void {
    for (let clause = 0; clause < first.length; clause++) {
      this.first[clause] ??= first[clause]!;
      this.lasting[clause] ??= lasting[clause]!;
    }
  }
}
