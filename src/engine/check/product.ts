import { author, type System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { REFUSED } from './answers.ts';
import type { Choices } from './choices.ts';
import type { Kept } from './kept.ts';
import type { Symmetry } from './symmetry.ts';
import { type Table, tableOf } from './table.ts';

/** A fact that is offered, with as much of its data as is written so far. */
export interface Draft<F extends AnyFact = AnyFact> {
  readonly fact: F;
  /** Who writes next; -1 when the fact is complete. */
  readonly author: number;
  readonly depth: number;
  /** By the author's local state: the draft that it makes of this one. */
  readonly written: (Draft<F> | undefined)[];
  /** For a complete fact: its number, and who takes part under which symbol. */
  readonly number: number;
  readonly parts: readonly number[];
  readonly symbols: readonly number[];
}

/** What a draft is known by among {@link Product.drafts}: the fact, and how many authors have written. */
export const draftKey = (fact: AnyFact, depth: number): string => `${depth} ${JSON.stringify(fact)}`;

/**
 * The synchronous product of the parts' tables.
 * A state is an array of local states, one for each part; a fact has a number.
 */
export class Product<F extends AnyFact = AnyFact, R extends string = string> {
  readonly tables: readonly Table[];
  /** Every complete fact met so far, by its number. */
  readonly facts: F[] = [];
  /** The parts that take part in a fact, by its number. */
  readonly participants: (readonly number[])[] = [];
  /** By part: what predicates looked at in it. */
  readonly looks: readonly Set<string>[];
  /** By the number of a fact: the parts that were looked at to say whether it may happen. */
  readonly looksAtFact = new Map<number, Set<number>>();
  readonly #complete: Draft<F>[] = [];
  readonly drafts = new Map<string, Draft<F>>();
  /** The permutations of events and harts that a search takes for the same; undefined if it takes none. */
  symmetry: Symmetry | undefined;
  /** Every fact that the indices allow, before any data is written. */
  readonly offers: readonly Draft<F>[];
  readonly #offersOf: readonly (readonly Draft<F>[])[];
  /** By part and local state: what it may initiate. */
  readonly #candidates: (readonly Draft<F>[])[][];

  /** What one search of it leaves to the next, where choices tell them apart. */
  kept: Kept | undefined;

  /** `choices`: what its machines ask in their guards. */
  constructor(
    readonly system: System<F, R>,
    readonly choices?: Choices,
  ) {
    this.tables = system.parts.map(({ machine, input }) => tableOf(machine, input, choices));
    this.looks = system.parts.map(() => new Set());
    this.offers = system.bareFacts().map((fact) => this.#draft(fact, 0));
    this.#offersOf = system.parts.map((_, part) =>
      this.offers.filter(({ fact }) => system.participants(fact)[0] === part),
    );
    this.#candidates = system.parts.map(() => []);
  }

  get initial(): Int32Array {
    return new Int32Array(this.tables.length);
  }

  /**
   * Calls `visit` for every fact that a part can initiate in a state and that all who take part accept:
   * with the number of the fact, and the state after it in `next` (valid during the call).
   * Returns how many there were.
   */
  successors(part: number, state: Int32Array, next: Int32Array, visit: (fact: number) => void): number {
    let found = 0;
    const local = state[part]!;
    const candidates = this.#candidates[part]![local] ?? this.#findCandidates(part, local);
    for (const offer of candidates) {
      let draft = offer;
      while (draft.author >= 0) draft = this.write(draft, state[draft.author]!);
      const { parts, symbols } = draft;
      let accepted = true;
      let taken = 0;
      for (; taken < parts.length; taken++) {
        const number = parts[taken]!;
        const after = this.tables[number]!.next(state[number]!, symbols[taken]!);
        if (after === REFUSED) {
          accepted = false;
          break;
        }
        next[number] = after;
      }
      if (accepted) {
        found++;
        visit(draft.number);
      }
      for (let undo = 0; undo < taken; undo++) next[parts[undo]!] = state[parts[undo]!]!;
    }
    return found;
  }

  /** Whether there are facts that a part can initiate, in whatever state. */
  initiates(part: number): boolean {
    return this.#offersOf[part]!.length > 0;
  }

  #findCandidates(part: number, local: number): readonly Draft<F>[] {
    const table = this.tables[part]!;
    const candidates = this.#offersOf[part]!.filter(({ fact }) => table.mentions(local, fact.type));
    this.#candidates[part]![local] = candidates;
    return candidates;
  }

  /** The draft with what its next author writes in that local state of it. */
  write(draft: Draft<F>, authorState: number): Draft<F> {
    return draft.written[authorState] ?? this.#write(draft, authorState);
  }

  /** The draft with all that some parts write next, in these local states of theirs. */
  writtenBy(parts: readonly number[], locals: readonly number[], unwritten: Draft<F>): Draft<F> {
    let draft = unwritten;
    while (draft.author >= 0 && parts.includes(draft.author))
      draft = this.write(draft, locals[parts.indexOf(draft.author)]!);
    return draft;
  }

  /** The number of a fact that has all its data. */
  numberOf(fact: F): number {
    return this.#draft(fact, this.system.authors(fact).length).number;
  }

  /** The local state of a part after a fact of that number in which it takes part, or {@link REFUSED}. */
  next(part: number, local: number, fact: number): number {
    const { parts, symbols } = this.#complete[fact]!;
    return this.tables[part]!.next(local, symbols[parts.indexOf(part)]!);
  }

  /** The state after a fact, or null if a machine refuses it or would write other data. */
  after(state: Int32Array, fact: F): Int32Array | null {
    const snapshots = this.tables.map((table, part) => table.snapshots[state[part]!]!);
    if (JSON.stringify(author(this.system, snapshots, fact)) !== JSON.stringify(fact)) return null;
    const next = state.slice();
    for (const part of this.system.participants(fact)) {
      const table = this.tables[part]!;
      const after = table.next(state[part]!, table.symbol(this.forPart(part, fact)));
      if (after === REFUSED) return null;
      next[part] = after;
    }
    return next;
  }

  #write(draft: Draft<F>, authorState: number): Draft<F> {
    const authorship = this.system.authors(draft.fact)[draft.depth]!;
    const snapshot = this.tables[draft.author]!.snapshots[authorState]!;
    const fact = { ...draft.fact, ...authorship.write(snapshot, draft.fact) } as F;
    const written = this.#draft(fact, draft.depth + 1);
    draft.written[authorState] = written;
    return written;
  }

  #draft(fact: F, depth: number): Draft<F> {
    const key = draftKey(fact, depth);
    let draft = this.drafts.get(key);
    if (draft === undefined) {
      const author = this.system.authors(fact)[depth]?.part ?? -1;
      const parts = author < 0 ? this.system.participants(fact) : [];
      draft = {
        fact,
        author,
        depth,
        written: [],
        number: author < 0 ? this.facts.push(fact) - 1 : -1,
        parts,
        symbols: parts.map((part) => this.tables[part]!.symbol(this.forPart(part, fact))),
      };
      if (author < 0) {
        this.participants.push(parts);
        this.#complete.push(draft);
      }
      this.drafts.set(key, draft);
    }
    return draft;
  }

  /** The fact without the part's own index, which is always the same to it: so all parts of a role share a table. */
  forPart(part: number, fact: F): F {
    const { role } = this.system.parts[part]!;
    const { roles, facts } = this.system.vocabulary;
    const field = roles[role]!.indexedBy;
    // Only a fact that this index selects: a tick that everyone hears keeps its hart.
    if (field === undefined || !facts[fact.type]!.participants.includes(role as R)) return fact;
    return { ...fact, [field]: 0 } as F;
  }
}
