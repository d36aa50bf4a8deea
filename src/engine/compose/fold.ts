import type { AnyMachineSnapshot } from 'xstate';
import type { AnyFact } from '../vocabulary.ts';
import { checkFact, RefusedFact } from './claim.ts';
import { initialSnapshot, step } from './step.ts';
import type { System } from './system.ts';

/** The state of a composition: the state of each part, in the order of the parts. @public */
export type State = readonly AnyMachineSnapshot[];

/** What an author sees of its own machine. */
type Authoring = Pick<AnyMachineSnapshot, 'context' | 'value'>;

/** Why a fact could not happen: the first machine that refused it. @public */
export interface Refusal<R extends string = string> {
  readonly refusedBy: R;
  readonly index: number;
}

/** The state before any fact. @public */
export function initialState(system: System): State {
  return system.parts.map(({ machine, input }) => initialSnapshot(machine, input));
}

/** A fact with all its data, as its authors write it in this state. @public */
export function author<F extends AnyFact, R extends string>(
  system: System<F, R>,
  state: readonly Authoring[],
  bare: F,
): F {
  let fact = bare;
  for (const { part, write } of system.authors(bare)) fact = { ...fact, ...write(state[part]!, fact) } as F;
  return fact;
}

/**
 * The state after a fact, or who refuses it. The data of the fact must be what its authors write: see {@link author}.
 *
 * @public
 */
export function append<F extends AnyFact, R extends string>(
  system: System<F, R>,
  state: State,
  fact: F,
): State | Refusal<R> {
  const next = state.slice();
  for (const number of system.participants(fact)) {
    const part = system.parts[number]!;
    const snapshot = step(part.machine, part.input, state[number]!, fact);
    if (snapshot === null) return { refusedBy: part.role, index: part.index };
    next[number] = snapshot;
  }
  return next;
}

/** Whether an {@link append} was refused. @public */
export const isRefusal = <R extends string>(result: object | Refusal<R>): result is Refusal<R> => 'refusedBy' in result;

/** The states before each fact of a log, and the one after it. Throws if the system refuses a fact. @public */
export function statesAlong(system: System, log: readonly AnyFact[], from: State = initialState(system)): State[] {
  const states = [from];
  for (const fact of log) {
    const next = append(system, states.at(-1)!, fact);
    if (isRefusal(next)) throw new Error(`the ${next.refusedBy} refuses ${JSON.stringify(fact)}`);
    states.push(next);
  }
  return states;
}

/** Folds a log from a state. Throws {@link RefusedFact} at the first fact that the system does not accept. @public */
export function fold(system: System, log: readonly AnyFact[], from: State = initialState(system)): State {
  let state = from;
  for (const [position, fact] of log.entries()) {
    checkFact(system, state, fact, position);
    const next = append(system, state, fact);
    if (isRefusal(next)) throw new RefusedFact(position, fact, `refused by the ${next.refusedBy} ${next.index}`);
    state = next;
  }
  return state;
}
