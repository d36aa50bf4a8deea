import { type LogAnswer, LogMonitor } from '../../engine/check/index.ts';
import { type Mark, Projection, RefusedFact, type State } from '../../engine/compose/index.ts';
import type { Fact, Role, System, Word } from '../../facts/index.ts';
import { counted, noCounts } from '../../findings/observe.ts';
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
  readonly reason: string;
}

/** A moment, to come back to. */
interface Kept {
  readonly mark: Mark;
  readonly counts: Word[];
}

/** A projection that also adds up the counts. */
class Folding {
  readonly projection: Projection<Fact, Role>;
  #counts: Word[];

  constructor(system: System, from?: Kept) {
    this.projection = new Projection(system, from?.mark);
    this.#counts = from?.counts ?? noCounts(system);
  }

  get folded(): number {
    return this.projection.folded;
  }

  get moment(): Moment {
    return { state: this.projection.state, counts: this.#counts };
  }

  get kept(): Kept {
    return { mark: this.projection.mark(), counts: this.#counts };
  }

  /** Throws {@link RefusedFact}. With a monitor, it is told the fact. */
  append(fact: Fact, through: { append(fact: Fact): unknown } = this.projection): void {
    through.append(fact);
    this.#counts = counted(this.#counts, fact);
  }
}

/** Between two moments that are kept lie so many facts: to fold them again takes some milliseconds. */
const DISTANCE = 128;

/**
 * A log, folded as far as anybody wanted: every moment of it can be visited. Moments are kept at a distance, and on the way
 * it is written down where each property broke first, and where what it speaks of happened first.
 */
export class Timeline {
  stop: Stop | null = null;
  #kept: Kept[];
  #folding: Folding;
  #monitor: LogMonitor<Fact, Role>;
  /** The fold of the moment that was asked for last: most paths go one step further, or back. */
  #recent: Folding;

  constructor(
    readonly world: World,
    readonly facts: readonly Fact[],
  ) {
    this.#folding = new Folding(world.system);
    this.#recent = this.#folding;
    this.#monitor = new LogMonitor(this.#folding.projection, world.properties);
    this.#kept = [this.#folding.kept];
  }

  /** The log of another branch that begins like this one for so many facts: what is folded already is taken over. */
  branched(facts: readonly Fact[], shared: number): Timeline {
    const other = new Timeline(this.world, facts);
    const kept = Math.min(shared, this.folded);
    other.#kept = this.#kept.slice(0, Math.floor(kept / DISTANCE) + 1);
    other.#folding = this.#foldingAt(kept);
    const before = { monitor: this.#monitor, facts: kept };
    other.#monitor = new LogMonitor(other.#folding.projection, this.world.properties, before);
    return other;
  }

  /** By the id of a property: after how many facts it was first violated for good. */
  get broken(): Map<string, number> {
    return this.#places('lasting');
  }

  /** The same, for those that were violated before while a call was in flight. */
  get brokenInFlight(): Map<string, number> {
    return this.#places('inFlight');
  }

  /** By the id of a property: after how many facts something happened first that it speaks of. */
  get spoken(): Map<string, number> {
    return this.#places('happened');
  }

  #places(what: keyof LogAnswer): Map<string, number> {
    const { answers } = this.#monitor;
    return new Map(
      this.world.properties.flatMap(({ id }, number) => {
        const at = answers[number]![what];
        return at === undefined ? [] : [[id, at]];
      }),
    );
  }

  /** The ids of the properties that become violated after so many facts for the first time, in flight or for good. */
  firstViolatedAt(position: number): string[] {
    return this.firstViolatedWithin(position - 1, position);
  }

  /** The same, of all positions after one, up to another. */
  firstViolatedWithin(after: number, upTo: number): string[] {
    return [...this.broken, ...this.brokenInFlight].flatMap(([id, at]) => (at > after && at <= upTo ? [id] : []));
  }

  /** How many facts are folded. */
  get folded(): number {
    return this.#folding.folded;
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
    if (at === this.folded) return this.#folding.moment;
    const { folded } = this.#recent;
    const isNear = folded <= at && folded >= at - (at % DISTANCE) && this.#recent !== this.#folding;
    if (!isNear) this.#recent = this.#foldingAt(at);
    else while (this.#recent.folded < at) this.#recent.append(this.facts[this.#recent.folded]!);
    return this.#recent.moment;
  }

  /** A fold of its own of the first `at` facts, from the last moment before that is kept. */
  #foldingAt(at: number): Folding {
    const folding = new Folding(this.world.system, this.#kept[Math.floor(at / DISTANCE)]);
    while (folding.folded < at) folding.append(this.facts[folding.folded]!);
    return folding;
  }

  #foldOne(): void {
    const at = this.folded;
    const fact = this.facts[at]!;
    try {
      this.#folding.append(fact, this.#monitor);
    } catch (error) {
      if (!(error instanceof RefusedFact)) throw error;
      this.stop = { at, fact, reason: error.reason };
      return;
    }
    if ((at + 1) % DISTANCE === 0) this.#kept.push(this.#folding.kept);
  }
}
