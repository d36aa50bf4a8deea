import { UNKNOWN } from './answers.ts';
import { answer, looksOnlyAt } from './bound-predicate.ts';
import { Breaks, type Found } from './breaks.ts';
import type { Field } from './layout.ts';
import { ASKED } from './moves.ts';

/** Where a property is violated: in a state, or by a fact in that state (else -1). */
export interface Break {
  readonly state: number;
  readonly fact: number;
}

/** A question that a clause asks: the clause by its number, and the address of the question. */
export interface Asked {
  readonly clause: number;
  readonly address: number;
}

/** An invariant is asked of a new state if the bit is set for the fact that led there. */
export interface Invariant extends Asked {
  readonly bit: number;
}

/** By fact: it was not seen to happen yet. */
export const UNSEEN = 1 << 30;
/** The bits that are left for invariants. */
export const INVARIANT_BITS = 30;

/** All that is asked while a search goes on, as addresses of questions: it can be handed to a worker. */
export interface Agenda {
  readonly clauses: number;
  /** Where the components lie in a state. */
  readonly fields: readonly Field[];
  readonly invariants: readonly Invariant[];
  /** By fact: what is asked of it in the state before it. */
  readonly ofFact: (readonly Asked[])[];
  /** Whether no call is in flight; whether nothing more is expected. */
  readonly quiet: number;
  readonly final: number;
  /** The clauses that say that no state is stuck. */
  readonly noDeadlock: readonly number[];
}

/** The shared memory in which the questions and the states lie. */
export interface Ground {
  readonly arena: { readonly memory: Int32Array };
  readonly states: Int32Array;
  readonly base: number;
  readonly words: number;
  readonly about: Int32Array;
}

/** What `Monitor` does, for a search by tables: it knows no machine and no property, so that a worker can have one. */
export class TableMonitor {
  readonly breaks: Breaks<Break>;
  /** The bits of the invariants whose verdict is open, and of those that are asked of every new state. */
  open = 0;
  insistent = 0;

  /** `unanswered` is called where a question has no answer yet; it says yes or no, or UNKNOWN to ask later. */
  constructor(
    readonly agenda: Agenda,
    readonly ground: Ground,
    readonly unanswered: (address: number, state: number) => number,
  ) {
    this.breaks = new Breaks(agenda.clauses);
    this.settle();
  }

  /** Asks the invariants with these bits of a new state. Answers false if one must be asked again. */
  state(state: number, bits: number): boolean {
    for (const { clause, address, bit } of this.agenda.invariants) {
      if ((bits & bit) === 0 || this.breaks.isSettled(clause)) continue;
      const holds = this.#ask(address, state);
      if (holds === UNKNOWN) return false;
      if (holds === 1) continue;
      const quiet = this.#ask(this.agenda.quiet, state);
      if (quiet === UNKNOWN) return false;
      if (this.breaks.inState(clause, { state, fact: -1 }, quiet === 1)) this.settle();
    }
    return true;
  }

  /**
   * A fact happens in a state, by a record that applies to one state of a component: what holds by that state alone holds
   * whenever the record applies, and is not asked again. Answers false if something must be asked later.
   */
  concern(state: number, fact: number, record: number, component: number): boolean {
    const { arena, about, states } = this.ground;
    if ((about[fact]! & UNSEEN) !== 0) Atomics.and(about, fact, ~UNSEEN);
    let settled = true;
    for (const { clause, address } of this.agenda.ofFact[fact]!) {
      if (this.breaks.first[clause] !== null) continue;
      const holds = this.#ask(address, state);
      if (holds === UNKNOWN) return false;
      if (holds === 0) this.breaks.forGood(clause, { state, fact });
      else settled &&= looksOnlyAt(arena.memory, address, states, this.#at(state), this.agenda.fields[component]!);
    }
    if (settled) Atomics.and(arena.memory, record, ~ASKED);
    return true;
  }

  /** Nothing that is progress can happen in a state. */
  stuck(state: number): boolean {
    for (const clause of this.agenda.noDeadlock) {
      if (this.breaks.first[clause] !== null) continue;
      const final = this.#ask(this.agenda.final, state);
      if (final === UNKNOWN) return false;
      if (final === 0) this.breaks.forGood(clause, { state, fact: -1 });
    }
    return true;
  }

  /** Takes over breaks that were found elsewhere. */
  learnBreaks(found: Found<Break>): void {
    this.breaks.merge(found);
    this.settle();
  }

  /** Finds out which invariants are still to be asked. */
  settle(): void {
    this.open = 0;
    this.insistent = 0;
    for (const { clause, bit } of this.agenda.invariants) {
      if (this.breaks.isSettled(clause)) continue;
      this.open |= bit;
      if (this.breaks.first[clause] !== null) this.insistent |= bit;
    }
  }

  /** Where the words of a state lie. */
  #at(state: number): number {
    return (state - this.ground.base) * this.ground.words;
  }

  #ask(address: number, state: number): number {
    const { arena, states } = this.ground;
    const known = answer(arena.memory, address, states, this.#at(state));
    return known === UNKNOWN ? this.unanswered(address, state) : known;
  }
}
