import { type Actor, type AnyStateMachine, createActor } from 'xstate';
import { author, enabled, Projection, type State } from '../engine/compose/index.ts';
import { type Fact, type System, WIRING } from '../facts/index.ts';

/**
 * A system that runs: one XState actor for each machine. Facts are sent to all actors that take part in them, or to none;
 * what can happen next is asked of a projection of the log, which is quicker than the actors.
 */
export class Simulation {
  /** Everything that happened. */
  readonly log: Fact[] = [];
  readonly #actors: Actor<AnyStateMachine>[];
  readonly #projection: Projection;
  readonly #offers: readonly Fact[];

  constructor(readonly system: System) {
    this.#actors = system.parts.map(({ machine, input }) => createActor(machine, { input }).start());
    this.#projection = new Projection(system);
    this.#offers = system.bareFacts();
  }

  /** The present state of each machine. */
  get state(): State {
    return this.#actors.map((actor) => actor.getSnapshot());
  }

  /** What can happen now, with its data. */
  offers(): Fact[] {
    return [...enabled(this.system, this.#projection.locals, this.#offers)];
  }

  /** A fact with all its data, as its authors write it now. */
  author(bare: Fact): Fact {
    return author(this.system, this.#projection.locals, bare);
  }

  /** Lets a fact happen. Throws `RefusedFact` if a machine refuses it, or it is none; nothing has happened then. */
  append(fact: Fact): void {
    this.#projection.append(fact);
    for (const part of this.system.participants(fact)) this.#actors[part]!.send(fact);
    this.log.push(fact);
  }
}

/** Whether a fact is a step of a callback that is under way, and no choice of anybody else's. */
export const isDriverStep = ({ type }: Fact): boolean => WIRING[type].participants[0] === 'driver';
