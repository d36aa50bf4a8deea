import { counterexampleOf, type Limits, type Present, reached } from '../engine/check/index.ts';
import { type AskedOf, asked, type Roles, viewThrough } from '../engine/check/predicate.ts';
import {
  type Broken,
  type Clause,
  type Fact,
  type Outcome,
  PERF,
  type Property,
  type Role,
  type Verdict,
  type View,
  WIRING,
} from '../facts/index.ts';
import { shortOfMemory } from './memory.ts';
import { Rows } from './rows.ts';
import { Undecided } from './undecided.ts';

/**
 * A system that is searched by asking it: the C answers by running. A state is a row of whole numbers; each machine
 * (or what is observed in place of one) is a `part`, whose state has a number within its part.
 */
export interface TransitionSystem {
  readonly width: number;
  readonly initial: Int32Array;
  readonly events: number;
  readonly harts: number;
  /** Every fact met so far, by its number. */
  readonly facts: readonly Fact[];
  partOf(role: Role, index: number): number | undefined;
  /** The number of a part's state in a row, and how a state of that number looks. */
  local(part: number, row: Int32Array): number;
  present(part: number, local: number): Present;
  /** During a visit: where in the driver's object the fact comes from; undefined for what the environment does. */
  readonly at: string | undefined;
  /**
   * Calls `visit` for every fact that can happen, with its number, and the row after it (valid during the call). Throws
   * {@link Undecided} where that is not known.
   */
  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void;
}

export interface DecideOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (states: number) => void;
  /** Asked now and then: why the search should be stopped. Throws {@link Undecided} where that is not known. */
  readonly watch?: () => string | undefined;
  /** Stop at the first break of any property. */
  readonly first?: boolean;
}

interface BoundPredicate extends AskedOf {
  readonly known: Map<number, unknown>;
}

/** One clause, and what was found against it: the first break, and the first while no call is in flight. */
interface Watch {
  readonly property: number;
  readonly clause: Clause;
  readonly questions: readonly BoundPredicate[];
  first: Break | null;
  lasting: Break | null;
}

interface Break {
  readonly row: number;
  readonly fact: number;
}

/**
 * Searches breadth first, and decides the properties, as `check()` does for machines alone: with the same verdicts
 * and shortest counterexamples. It looks nothing up ahead, so that each run of the C is one that was needed.
 */
export async function decide(
  asked: TransitionSystem,
  properties: readonly Property[],
  options: DecideOptions = {},
): Promise<Outcome> {
  return new Decision(asked, properties, options).run();
}

class Decision {
  readonly #rows: Rows;
  readonly #roles: Roles;
  readonly #watches: Watch[];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #happened: boolean[] = [];
  readonly #keepsEdges: boolean;
  readonly #started = performance.now();
  #transitions = 0;

  constructor(
    readonly asked: TransitionSystem,
    readonly properties: readonly Property[],
    readonly options: DecideOptions,
  ) {
    this.#rows = new Rows(asked.width);
    this.#roles = {
      vocabulary: PERF,
      countOf: (index) => (index === 'event' ? asked.events : asked.harts),
      partOf: (role, index) => asked.partOf(role as Role, index),
      ofRole: (role) => this.#every(role as Role),
    };
    this.#watches = properties.flatMap(({ id, clauses }, property) =>
      clauses.map((clause) => ({
        property,
        clause,
        questions: this.#questions(id, clause),
        first: null,
        lasting: null,
      })),
    );
    this.#keepsEdges = this.#watches.some(({ clause }) => clause.kind === 'can reach');
  }

  async run(): Promise<Outcome> {
    const { asked } = this;
    this.#judge(this.#rows.add(asked.initial, -1, -1), asked.initial);
    let expanded = 0;
    let stoppedBy: string | undefined;
    let unknown: string | undefined;
    let progress = false;
    const visit = (fact: number, next: Int32Array): void => {
      this.#transitions++;
      this.#happened[fact] = true;
      if (WIRING[asked.facts[fact]!.type]?.background !== true) progress = true;
      const size = this.#rows.size;
      const to = this.#rows.add(next, expanded, fact);
      if (this.#keepsEdges && to !== expanded) {
        this.#from.push(expanded);
        this.#to.push(to);
      }
      if (to === size) this.#judge(to, next);
      this.#judgeFact(expanded, fact);
    };
    while (expanded < this.#rows.size && stoppedBy === undefined) {
      progress = false;
      try {
        asked.successors(this.#rows.row(expanded).slice(), visit);
        if (!progress) this.#stuck(expanded);
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        unknown ??= error.reason;
        if (error.ends) stoppedBy = error.reason;
      }
      expanded++;
      if (expanded % 1024 === 0) {
        this.options.onProgress?.(this.#rows.size);
        // Lets a signal in.
        await new Promise<void>((resolve) => setImmediate(resolve));
        stoppedBy ??= this.#watch();
      }
      if (expanded < this.#rows.size) stoppedBy ??= this.#limit();
    }
    stoppedBy ??= unknown;
    if (stoppedBy === undefined) this.#decideReachability();
    return {
      covered: {
        states: this.#rows.size,
        transitions: this.#transitions,
        depth: this.#rows.wayTo(this.#rows.size - 1).length,
        exhaustive: stoppedBy === undefined,
        ...(stoppedBy === undefined ? {} : { stoppedBy }),
        bytes: this.#rows.bytes,
        milliseconds: performance.now() - this.#started,
      },
      verdicts: this.#verdicts(stoppedBy),
    };
  }

  /** A clause, for each event or hart that it is asked of. */
  #questions(property: string, clause: Clause): BoundPredicate[] {
    if (clause.kind === 'no deadlock') return [];
    return [...asked(this.#roles, property, clause)].map((one) => ({ ...one, known: new Map() }));
  }

  #every(role: Role): number[] {
    const parts: number[] = [];
    for (let index = 0; ; index++) {
      const part = this.asked.partOf(role, index);
      if (part === undefined) return parts;
      parts.push(part);
    }
  }

  #view(row: Int32Array, question: BoundPredicate): View {
    return viewThrough(this.#roles, question, (part) => this.asked.present(part, this.asked.local(part, row)));
  }

  /** The answer of a predicate over a question's parts, asked once for each combination of their states. */
  #holds(question: BoundPredicate, row: Int32Array, fact: number, ask: (view: View) => boolean): boolean {
    let node = question.known;
    let key = fact;
    for (const part of question.parts) {
      let child = node.get(key) as Map<number, unknown> | undefined;
      if (child === undefined) {
        child = new Map();
        node.set(key, child);
      }
      node = child;
      key = this.asked.local(part, row);
    }
    let answer = node.get(key) as boolean | undefined;
    if (answer === undefined) {
      answer = ask(this.#view(row, question));
      node.set(key, answer);
    }
    return answer;
  }

  #judge(number: number, row: Int32Array): void {
    for (const watch of this.#watches) {
      const { clause } = watch;
      if (clause.kind !== 'always' || watch.lasting !== null) continue;
      if (watch.questions.every((question) => this.#holds(question, row, 0, clause.holds))) continue;
      watch.first ??= { row: number, fact: -1 };
      if (this.#isQuiet(row)) watch.lasting = { row: number, fact: -1 };
    }
  }

  #judgeFact(from: number, number: number): void {
    const fact = this.asked.facts[number]!;
    for (const watch of this.#watches) {
      const { clause } = watch;
      if (clause.kind !== 'whenever' || watch.first !== null || !clause.facts.includes(fact.type)) continue;
      const row = this.#rows.row(from);
      if (watch.questions.every((question) => this.#holds(question, row, number, (view) => clause.holds(fact, view))))
        continue;
      watch.first = watch.lasting = { row: from, fact: number };
    }
  }

  #stuck(number: number): void {
    const row = this.#rows.row(number);
    const lifecycles = this.#every('lifecycle').map((part) => this.asked.present(part, this.asked.local(part, row)));
    if (lifecycles.length > 0 && lifecycles.every((event) => event.hasTag('final'))) return;
    for (const watch of this.#watches)
      if (watch.clause.kind === 'no deadlock') watch.first ??= watch.lasting ??= { row: number, fact: -1 };
  }

  #isQuiet(row: Int32Array): boolean {
    return this.#every('driver').every((part) => this.asked.present(part, this.asked.local(part, row)).hasTag('idle'));
  }

  #decideReachability(): void {
    const size = this.#rows.size;
    let before: number[][] | undefined;
    for (const watch of this.#watches) {
      const { clause } = watch;
      if (clause.kind !== 'can reach') continue;
      before ??= this.#predecessors();
      for (const question of watch.questions) {
        const reaches = new Uint8Array(size);
        const open: number[] = [];
        for (let number = 0; number < size; number++)
          if (this.#holds(question, this.#rows.row(number), 0, clause.goal)) {
            reaches[number] = 1;
            open.push(number);
          }
        for (let at = open.pop(); at !== undefined; at = open.pop())
          for (const source of before[at] ?? [])
            if (reaches[source] === 0) {
              reaches[source] = 1;
              open.push(source);
            }
        for (let number = 0; number < size && watch.first === null; number++)
          if (reaches[number] === 0 && (clause.from?.(this.#view(this.#rows.row(number), question)) ?? true))
            watch.first = watch.lasting = { row: number, fact: -1 };
      }
    }
  }

  #predecessors(): number[][] {
    const before: number[][] = [];
    for (const [edge, to] of this.#to.entries()) {
      const sources = before[to];
      if (sources === undefined) before[to] = [this.#from[edge]!];
      else sources.push(this.#from[edge]!);
    }
    return before;
  }

  #watch(): string | undefined {
    try {
      return shortOfMemory() ?? this.options.watch?.();
    } catch (error) {
      if (error instanceof Undecided) return error.reason;
      throw error;
    }
  }

  #limit(): string | undefined {
    if (this.options.first === true && this.#watches.some((watch) => watch.first !== null)) return 'the first break';
    const { size: states, bytes } = this.#rows;
    return reached(this.options, { states, bytes, milliseconds: performance.now() - this.#started });
  }

  #verdicts(stoppedBy: string | undefined): Map<string, Verdict> {
    const happened = this.asked.facts.filter((_, number) => this.#happened[number] === true);
    return new Map(
      this.properties.map((property, number) => {
        const counterexample = counterexampleOf(
          this.#watches.filter((watch) => watch.property === number).flatMap((watch) => this.#broken(watch)),
        );
        const verdict = ((): Verdict => {
          if (counterexample !== undefined) return { verdict: 'violated', counterexample };
          if (stoppedBy !== undefined) return { verdict: 'bounded', reason: stoppedBy };
          return happened.some((fact) => property.speaksOf(fact)) ? { verdict: 'holds' } : { verdict: 'vacuous' };
        })();
        return [property.id, verdict];
      }),
    );
  }

  /** The logs to the breaks of a clause: to the first, and to the first that lasts. */
  #broken({ clause, first, lasting }: Watch): Broken[] {
    const breaks = { always: 'state', whenever: 'fact', 'can reach': 'never', 'no deadlock': 'stuck' } as const;
    return [...new Set([first, lasting])].flatMap((found) => {
      if (found === null) return [];
      const way = this.#rows.wayTo(found.row);
      if (found.fact >= 0) way.push(found.fact);
      const facts = way.map((number) => this.asked.facts[number]!);
      return [{ facts, breaks: breaks[clause.kind], lasts: found === lasting }];
    });
  }
}
