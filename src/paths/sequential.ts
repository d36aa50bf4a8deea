import { append, author, enabled, initialState, isRefusal, type State } from '../engine/compose/index.ts';
import { type Fact, type System, WIRING } from '../facts/index.ts';
import type { Stimulus } from './contract.ts';

/** A composition in which one call is made after the other: each runs to its end before anything else happens. */
export class Sequential {
  state: State;
  readonly #offers: readonly Fact[];

  constructor(readonly system: System) {
    this.state = initialState(system);
    this.#offers = system.bareFacts().filter(({ type }) => WIRING[type].participants[0] === 'driver');
  }

  /** All that happens when this is done. Throws an Error if it cannot be done now, or the driver gets stuck in it. */
  does(stimulus: Stimulus): Fact[] {
    const facts = [this.#append(stimulus)];
    if (!stimulus.type.endsWith('.call') || !('event' in stimulus)) return facts;
    const driver = this.system.partOf('driver', stimulus.event)!;
    while (!this.state[driver]!.hasTag('idle')) facts.push(this.#step(stimulus.event));
    return facts;
  }

  #append(stimulus: Stimulus): Fact {
    const fact = author(this.system, this.state, stimulus);
    const next = append(this.system, this.state, fact);
    if (isRefusal(next)) throw new Error(`${stimulus.type} cannot happen now: the ${next.refusedBy} refuses it`);
    this.state = next;
    return fact;
  }

  #step(event: number): Fact {
    const own = this.#offers.filter((offer) => 'event' in offer && offer.event === event);
    const [fact] = enabled(this.system, this.state, own);
    if (fact === undefined) throw new Error(`the driver of event ${event} is stuck`);
    this.state = append(this.system, this.state, fact) as State;
    return fact;
  }
}

/** The log of a system when this is done, one after the other, up to the first thing that cannot be done. */
export function logOf(system: System, stimuli: readonly Stimulus[]): Fact[] {
  const sequential = new Sequential(system);
  const log: Fact[] = [];
  for (const stimulus of stimuli)
    try {
      log.push(...sequential.does(stimulus));
    } catch {
      break;
    }
  return log;
}
