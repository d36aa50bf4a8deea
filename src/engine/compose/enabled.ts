import type { AnyMachineSnapshot } from 'xstate';
import type { AnyFact } from '../vocabulary.ts';
import { Local } from './compiled-machine.ts';
import { append, author, type State } from './fold.ts';
import { compiledMachine } from './locals.ts';
import { accepts, mentions } from './step.ts';
import type { Part, System } from './system.ts';

/** The state of each part, as XState has it, or as compiled machines have it. */
type Parts = readonly (AnyMachineSnapshot | Local)[];

/**
 * The facts that can happen in a state, with their data, in the order in which they are offered: those that every machine
 * accepts that takes part. The one list of what is enabled; what is not on it, {@link refusing} explains.
 *
 * @public
 */
export function* enabled<F extends AnyFact, R extends string>(
  system: System<F, R>,
  state: Parts,
  offers: readonly F[] = system.bareFacts(),
): Generator<F, void> {
  for (const offer of offers) {
    // A quick no: the chart of who initiates it says nothing of it here.
    const [initiator] = system.participants(offer);
    if (!mentionsHere(state[initiator!]!, offer.type)) continue;
    const fact = author(system, state, offer);
    if (refusing(system, state, fact).next().done) yield fact;
  }
}

/**
 * The numbers of the parts that refuse a fact in a state, the initiator first; none if it can happen.
 *
 * @public
 */
export function* refusing<F extends AnyFact, R extends string>(
  system: System<F, R>,
  state: Parts,
  fact: F,
): Generator<number, void> {
  for (const part of system.participants(fact)) if (!acceptsHere(system.parts[part]!, state[part]!, fact)) yield part;
}

/** Every fact that can happen in a state, with its data and the state after it. @public */
export const successors = <F extends AnyFact, R extends string>(
  system: System<F, R>,
  state: State,
  offers: readonly F[] = system.bareFacts(),
): [F, State][] => [...enabled(system, state, offers)].map((fact) => [fact, append(system, state, fact) as State]);

const mentionsHere = (present: Parts[number], type: string): boolean =>
  present instanceof Local ? present.mentions(type) : mentions(present, type);

const acceptsHere = ({ machine, input }: Part, present: Parts[number], fact: AnyFact): boolean =>
  present instanceof Local
    ? compiledMachine(machine).step(input, present, fact) !== null
    : accepts(machine, present, fact);
