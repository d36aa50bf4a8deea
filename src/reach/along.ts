import { Projection } from '../engine/compose/index.ts';
import type { Fact, System } from '../facts/index.ts';
import type { Question } from './expression.ts';
import { Goal } from './goal.ts';
import type { Moment } from './moment.ts';

/**
 * Where a log answers a question: after how many facts, once and again. Throws a `BadQuestion` if the question names what the
 * system does not have, and `RefusedFact` at a fact that the machines do not accept.
 *
 * @experimental
 */
export function answersAlong(system: System, question: Question, log: Iterable<Fact>): number[] {
  const goal = new Goal(question, system);
  const projection = new Projection(system);
  const answers: number[] = [];
  const moment = (fact: Fact | undefined): Moment => {
    const { locals } = projection;
    return { fact, local: (part) => locals[part]!, present: (part) => locals[part]! };
  };
  let bits = goal.next(goal.initial, moment(undefined));
  const look = (): void => {
    if (!goal.isReached(bits)) return;
    answers.push(projection.folded);
    bits = goal.initial;
  };
  look();
  for (const fact of log) {
    projection.append(fact);
    bits = goal.next(bits, moment(fact));
    look();
  }
  return answers;
}
