import type { Present, Property, TransitionSystem } from '../engine/check/index.ts';
import type { Vocabulary } from '../engine/vocabulary.ts';
import type { Fact, Role } from '../facts/index.ts';
import type { Goal } from './goal.ts';
import type { Moment } from './moment.ts';

type WithGoal = Role | 'goal';

/** A system with one more machine beside its own, which reads the moments of a question: so a search finds its answer. */
export class GoalSystem implements TransitionSystem<Fact, WithGoal> {
  readonly vocabulary: Vocabulary<Fact, WithGoal>;
  readonly width: number;
  readonly initial: Int32Array;
  readonly #next: Int32Array;
  /** By the number of a part that a question can name: where it is in what is searched. */
  readonly #places: readonly number[];
  /** The number of the machine that reads the moments: no part of what is searched has it. */
  readonly #own: number;

  constructor(
    readonly machines: TransitionSystem<Fact, Role>,
    readonly goal: Goal,
  ) {
    const { vocabulary, width, initial } = machines;
    this.vocabulary = { ...vocabulary, roles: { ...vocabulary.roles, goal: {} } };
    this.width = width + 1;
    this.#next = new Int32Array(this.width);
    this.#places = goal.system.parts.map(({ role, index }) => machines.partOf(role, index)!);
    this.#own = Math.max(width, ...this.#places.map((place) => place + 1));
    this.initial = Int32Array.from([...initial, goal.next(goal.initial, this.#moment(initial, undefined))]);
  }

  get facts(): readonly Fact[] {
    return this.machines.facts;
  }

  countOf(index: string): number {
    return this.machines.countOf(index);
  }

  partOf(role: WithGoal, index: number): number | undefined {
    return role === 'goal' ? this.#own : this.machines.partOf(role, index);
  }

  local(part: number, row: Int32Array): number {
    return part === this.#own ? row[this.width - 1]! : this.machines.local(part, row.subarray(0, this.width - 1));
  }

  present(part: number, local: number): Present {
    if (part !== this.#own) return this.machines.present(part, local);
    return { value: {}, context: { isReached: this.goal.isReached(local) }, hasTag: () => false, matches: () => false };
  }

  ahead(row: Int32Array): void {
    this.machines.ahead?.(row.subarray(0, this.width - 1));
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const last = this.width - 1;
    const bits = row[last]!;
    // Every path that is not an answer yet can still be one, as long as some step is awaited.
    if (bits === 0) return;
    const next = this.#next;
    this.machines.successors(row.subarray(0, last), (fact, state) => {
      next.set(state);
      next[last] = this.goal.next(bits, this.#moment(state, this.facts[fact]!));
      visit(fact, next);
    });
  }

  #moment(state: Int32Array, fact: Fact | undefined): Moment {
    const { machines } = this;
    const local = (part: number): number => machines.local(this.#places[part]!, state);
    return { fact, local, present: (part) => machines.present(this.#places[part]!, local(part)) };
  }
}

/** That the goal is reached nowhere: its counterexample is the answer to the question. */
export const NOT_REACHED: Property<Fact, WithGoal> = {
  id: 'goal',
  statement: 'the goal is reached nowhere',
  severity: 'low',
  source: 'a question',
  consequence: 'it can be reached',
  speaksOf: () => true,
  vacuousWhen: 'nothing happens',
  clauses: [{ kind: 'always', own: ['goal'], holds: (view) => !view.own('goal').context.isReached }],
};
