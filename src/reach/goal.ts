import type { System } from '../facts/index.ts';
import { Binding, type Met } from './bind.ts';
import type { Question } from './expression.ts';
import type { Moment, Test } from './moment.ts';
import type { OfC } from './searched.ts';

/**
 * A question of one system as an automaton that reads moments. A state of it is a set of bits: bit n is set where the first n
 * steps may have come, so that it is enough to look for the next one.
 */
export class Goal {
  /** Bit 0: no step has come yet. */
  readonly initial = 1;
  readonly met: readonly Met[];
  readonly #steps: readonly { readonly wants: Test; readonly without: Test | undefined }[];

  /** Throws `BadQuestion` if the question names what the system does not have. */
  constructor(
    readonly question: Question,
    readonly system: System,
    ofC?: OfC,
  ) {
    const binding = new Binding(question, system, ofC);
    this.#steps = question.steps.map(({ wants, without }, step) => ({
      wants: binding.ofStep(step + 1, wants),
      without: without && binding.ofStep(step + 1, without),
    }));
    this.met = binding.met;
  }

  /** What a state comes to with one more moment. */
  next(bits: number, moment: Moment): number {
    if (this.isReached(bits)) return bits;
    let after = 0;
    for (const [number, { wants, without }] of this.#steps.entries()) {
      if ((bits & (1 << number)) === 0) continue;
      if (wants(moment)) after |= 1 << (number + 1);
      if (without === undefined || !without(moment)) after |= 1 << number;
    }
    return after;
  }

  /** Whether all steps have come. */
  isReached(bits: number): boolean {
    return (bits & (1 << this.#steps.length)) !== 0;
  }
}
