import { counted, noCounts } from '../../audit/observe.ts';
import { brokenAt, brokenInState } from '../../check/evaluate.ts';
import { append, author, initialState, isRefusal, type State } from '../../compose/index.ts';
import type { Fact, Word } from '../../facts/index.ts';
import { sameFact } from './possible.ts';
import type { World } from './world.ts';

/** What is known after so many facts. */
export interface Moment {
  readonly state: State;
  /** What was added to the count of each event. */
  readonly counts: Word[];
}

/** The machines do not accept the log from here on. */
export interface Stop {
  /** How many facts were accepted. */
  readonly at: number;
  readonly fact: Fact;
  /** The fact as it would be in that state, if only its data is wrong. */
  readonly instead?: Fact;
}

/** Between two moments that are kept lie so many facts: to fold them again takes some milliseconds. */
const DISTANCE = 128;

/**
 * A log, folded as far as anybody wanted: every moment of it can be visited. Moments are kept at a distance, and on the way
 * it is written down where each promise broke first, and where what it speaks of happened first.
 */
export class Timeline {
  /** How many facts are folded. */
  folded = 0;
  stop: Stop | null = null;
  /** By the id of a promise: after how many facts it was first broken. */
  readonly broken = new Map<string, number>();
  /** The same, if only states in which a call is in flight broke it so far. */
  readonly brokenInFlight = new Map<string, number>();
  /** By the id of a promise: after how many facts it was first spoken of. */
  readonly spoken = new Map<string, number>();
  #moments: Moment[];
  #last: Moment;
  /** The moment that was asked for last, with its number: most ways go one step further, or back. */
  #recent: { readonly at: number; readonly moment: Moment };

  constructor(
    readonly world: World,
    readonly facts: readonly Fact[],
  ) {
    const { system } = world;
    this.#last = { state: initialState(system), counts: noCounts(system) };
    this.#moments = [this.#last];
    this.#recent = { at: 0, moment: this.#last };
  }

  /** The log of another branch that begins like this one for so many facts: what is folded already is taken over. */
  branched(facts: readonly Fact[], shared: number): Timeline {
    const other = new Timeline(this.world, facts);
    const kept = Math.min(shared, this.folded);
    other.#moments = this.#moments.slice(0, Math.floor(kept / DISTANCE) + 1);
    other.#last = this.momentAt(kept);
    other.folded = kept;
    other.#recent = { at: kept, moment: other.#last };
    for (const name of ['broken', 'brokenInFlight', 'spoken'] as const)
      for (const [property, at] of this[name]) if (at <= kept) other[name].set(property, at);
    return other;
  }

  get isDone(): boolean {
    return this.folded === this.facts.length || this.stop !== null;
  }

  /** Folds on until the log ends, a fact is refused, or the time is over (a number as `performance.now()` gives). */
  fold(until = Infinity): void {
    for (let steps = 1; !this.isDone; steps++) {
      this.#foldOne();
      if (steps % 16 === 0 && performance.now() > until) return;
    }
  }

  /** What is known after `at` facts, which must be folded already. */
  momentAt(at: number): Moment {
    if (at === this.folded) return this.#last;
    const kept = Math.floor(at / DISTANCE);
    let from = kept * DISTANCE;
    let moment = this.#moments[kept]!;
    if (this.#recent.at <= at && this.#recent.at > from) ({ at: from, moment } = this.#recent);
    for (; from < at; from++) moment = this.#after(moment, this.facts[from]!);
    this.#recent = { at, moment };
    return moment;
  }

  #after({ state, counts }: Moment, fact: Fact): Moment {
    return { state: append(this.world.system, state, fact) as State, counts: counted(counts, fact) };
  }

  #foldOne(): void {
    const { system, properties } = this.world;
    const { state } = this.#last;
    const fact = this.facts[this.folded]!;
    const authored = author(system, state, fact);
    const next = append(system, state, fact);
    if (isRefusal(next) || !sameFact(authored, fact)) {
      this.stop = { at: this.folded, fact, ...(isRefusal(next) ? {} : { instead: authored }) };
      return;
    }
    this.folded++;
    for (const property of properties) {
      const { id } = property;
      if (!this.spoken.has(id) && property.speaksOf(fact)) this.spoken.set(id, this.folded);
      if (this.broken.has(id)) continue;
      if (brokenAt(system, property, state, fact, next)) this.broken.set(id, this.folded);
      else if (!this.brokenInFlight.has(id) && brokenInState(system, property, next))
        this.brokenInFlight.set(id, this.folded);
    }
    this.#last = { state: next, counts: counted(this.#last.counts, fact) };
    if (this.folded % DISTANCE === 0) this.#moments.push(this.#last);
  }
}
