import { type Property, type TransitionSystem, Undecided } from '../../engine/check/index.ts';
import { defineSystem } from '../../engine/index.ts';
import { atPoints, countings, type Points, pointsBeside, pointsOf, untriedText } from './at-once.ts';
import { guessText } from './bind.ts';
import type { Done, GroundMachine, StepView } from './machine.ts';
import type { GroundProperty } from './properties/index.ts';
import type { Scope } from './scopes.ts';
import { type Command, type Known, type Offence, type Step, textOf } from './step.ts';
import { WithoutParts } from './without-parts.ts';

/** A step, as the search has it: what it breaks was decided when it was first seen. */
interface StepFact {
  readonly type: 'step';
  readonly step: Step;
  readonly offences: readonly Offence[];
}

/** All that happens is a step, and all that is asked of it was decided with it. */
const STEPS = defineSystem<StepFact, 'driver'>({
  facts: { step: { participants: ['driver'] } },
  roles: { driver: {} },
});

/** Where nothing follows: the driver did not return. */
const ENDED = -1;

/** The C of a driver on its ground in one scope: what a search asks. A state is the number that the process gives it. */
export class GroundSystem extends WithoutParts implements TransitionSystem<StepFact> {
  readonly vocabulary = STEPS;
  readonly width = 1;
  readonly initial: Int32Array;
  readonly facts: StepFact[] = [];
  readonly #views = new Map<number, StepView>();
  readonly #next = new Int32Array(1);

  constructor(
    readonly machine: GroundMachine,
    readonly scope: Scope,
    readonly known: Known,
    readonly properties: readonly GroundProperty[],
    initial: { readonly state: number; readonly view: StepView },
  ) {
    super();
    this.initial = Int32Array.of(initial.state);
    this.#views.set(initial.state, initial.view);
  }

  ahead(row: Int32Array): void {
    const state = row[0]!;
    if (state === ENDED) return;
    const view = this.#views.get(state)!;
    for (const command of this.scope.commands(view)) this.machine.expect(state, textOf(command));
    for (const count of countings(this.scope.pairs?.(view) ?? []).values()) this.machine.expect(state, count);
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const state = row[0]!;
    if (state === ENDED) return;
    const before = this.#views.get(state)!;
    const [alone, pairs] = [this.scope.commands(before), [...(this.scope.pairs?.(before) ?? [])]];
    const [calls, counts] = [alone.map(textOf), countings(pairs)];
    const answers = this.machine.performAll(state, [...calls, ...counts.values()]);
    const points = new Map([...counts.keys()].map((first, at) => [first, pointsOf(answers[calls.length + at])]));
    const of = (call: Command): Points => points.get(textOf(call))!;
    const tried = pairs.map(([first, second]) => pointsBeside(of(first), of(second)));
    const both = pairs.flatMap((pair, at) => {
      const [first, second] = pair;
      return atPoints(pair, tried[at]!, pointsBeside(of(second), of(first)));
    });
    const commands = [...alone, ...both];
    answers.splice(calls.length, counts.size, ...this.machine.performAll(state, both.map(textOf)));
    let unknown = untriedText(Math.max(0, ...tried.map(({ length }) => length)));
    for (const [place, done] of answers.entries()) {
      if (done === null) continue;
      const met = done.happenings.find(({ type }) => type === 'unknown' || type === 'outside');
      if (met !== undefined) unknown ??= unknownText(met.what as string | undefined);
      if (met?.type === 'unknown') continue;
      if (done.state !== undefined && !this.#views.has(done.state)) this.#views.set(done.state, done.view!);
      this.#next[0] = done.state ?? ENDED;
      visit(this.#step(commands[place]!, before, done, state), this.#next);
    }
    if (unknown !== undefined) throw new Undecided(unknown, false);
  }

  /** Each step is a fact of its own: a search asks each state once. */
  #step(command: Command, before: StepView, { happenings, view: after, state: to }: Done, from: number): number {
    const step: Step = { command, before, after, happenings, states: [from, to] };
    return this.facts.push({ type: 'step', step, offences: offencesOf(step, this.known, this.properties) }) - 1;
  }
}

const unknownText = (what: string | undefined): string =>
  what === undefined
    ? 'a register beyond the device as it is assumed'
    : `the driver calls ${what}, which nothing here has`;

/** What a step breaks, each with what hardware answered that nobody described, where that may have brought it about. */
export function offencesOf(step: Step, known: Known, properties: readonly GroundProperty[]): Offence[] {
  const offences: Offence[] = [];
  for (const { id, judge, dependsOnDevice } of properties)
    for (const one of judge(step, known)) {
      const guess = dependsOnDevice ? (known.guessed ?? guessText(step.happenings)) : undefined;
      offences.push({ property: id, ...one, ...(guess !== undefined && { guess }) });
    }
  return offences;
}

/** A property of the ground, as a search asks it. */
export const asProperty = (
  { id, statement, severity, source, consequence, speaksOf }: GroundProperty,
  known: Known,
): Property<StepFact> => {
  return {
    ...{ id, statement, severity, source, consequence },
    speaksOf: ({ step }) => speaksOf(step, known),
    vacuousWhen: 'it is never asked',
    clauses: [
      {
        kind: 'whenever',
        facts: ['step'],
        holds: ({ offences }) => offences.every(({ property }) => property !== id),
      },
    ],
  };
};

/** The steps of a log of the search, and what the last of them breaks. */
export const stepsOf = (facts: readonly StepFact[]): { steps: Step[]; offences: readonly Offence[] } => ({
  steps: facts.map(({ step }) => step),
  offences: facts.at(-1)?.offences ?? [],
});
