import { type TransitionSystem, Undecided } from '../engine/check/index.ts';
import type { Fact, Role } from '../facts/index.ts';
import { factText } from './fact-text.ts';

/** The C among machines: a transition system that says where in the C it is. */
export interface TransitionSystemInC extends TransitionSystem<Fact, Role> {
  /** During a visit: where in the driver's object the fact comes from; undefined for what the environment does. */
  readonly at: string | undefined;
}

/** One step of a log, followed in a system. */
export interface Followed {
  readonly fact: Fact;
  /** Which of the facts that could happen it was, from 0. */
  readonly choice: number;
  /** Where in the driver's object it comes from (an offset, hexadecimal); undefined for what the environment does. */
  readonly at: string | undefined;
  /** The state after it. */
  readonly row: Int32Array;
}

/** Follows a log from the start. Throws a RangeError if it is no log of this system. */
export function follow(asked: TransitionSystemInC, log: readonly Fact[]): Followed[] {
  return walk(asked, log, (wanted, fact) => factText(wanted) === factText(fact));
}

/** The choices of a log as one word, from which {@link replay} makes it again. */
export function choicesOf(asked: TransitionSystemInC, log: readonly Fact[]): string {
  return follow(asked, log)
    .map(({ choice }) => choiceText(choice))
    .join('');
}

/** The log of those choices. Throws a RangeError if there is no such choice on the way. */
export function replay(asked: TransitionSystemInC, choices: string): Followed[] {
  const wanted = choices.match(/z*[^z]/g) ?? [];
  return walk(asked, wanted, (wanted, _, choice) => choiceText(choice) === wanted);
}

/** One of 35 signs; each `z` before it stands for 35 more. */
const choiceText = (choice: number): string => 'z'.repeat(Math.floor(choice / 35)) + (choice % 35).toString(36);

function walk<T>(
  asked: TransitionSystemInC,
  wants: readonly T[],
  isIt: (wanted: T, fact: Fact, choice: number) => boolean,
): Followed[] {
  let row = asked.initial;
  return wants.map((wanted, place) => {
    let choice = 0;
    let found: Followed | undefined;
    try {
      asked.successors(row, (number, next) => {
        const fact = asked.facts[number]!;
        if (found === undefined && isIt(wanted, fact, choice))
          found = { fact, choice, at: asked.at, row: next.slice() };
        choice++;
      });
    } catch (error) {
      // What else could have happened there is not known, and does not matter.
      if (!(error instanceof Undecided) || found === undefined) throw error;
    }
    if (found === undefined) throw new RangeError(`step ${place + 1} of the log cannot happen there`);
    row = found.row;
    return found;
  });
}
