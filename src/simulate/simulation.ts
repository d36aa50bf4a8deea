import { type Actor, type AnyStateMachine, createActor } from 'xstate';
import { author, type State, type System } from '../compose/index.ts';
import { type Fact, WIRING } from '../facts/index.ts';

/** A system that runs: one XState actor for each machine. Facts are sent to all actors that take part in them, or to none. */
export class Simulation {
  /** Everything that happened. */
  readonly log: Fact[] = [];
  readonly #actors: Actor<AnyStateMachine>[];
  readonly #bare: readonly Fact[];

  constructor(readonly system: System) {
    this.#actors = system.parts.map(({ machine, input }) => createActor(machine, { input }).start());
    this.#bare = system.bareFacts();
  }

  /** The present state of each machine. */
  get state(): State {
    return this.#actors.map((actor) => actor.getSnapshot());
  }

  /** What can happen now, with its data. */
  offers(): Fact[] {
    const { state } = this;
    return this.#bare.flatMap((bare) => {
      if (!this.#mayInitiate(state, bare)) return [];
      const fact = author(this.system, state, bare);
      return this.accepts(fact, state) ? [fact] : [];
    });
  }

  /** Whether every machine that takes part accepts the fact. */
  accepts(fact: Fact, state: State = this.state): boolean {
    return this.system
      .participants(fact)
      .every((part) => this.system.parts[part]!.machine.getTransitionData(state[part]!, fact).length > 0);
  }

  /** Lets a fact happen. Throws an Error if a machine refuses it; nothing has happened then. */
  append(fact: Fact): void {
    if (!this.accepts(fact)) throw new Error(`${JSON.stringify(fact)} cannot happen now`);
    for (const part of this.system.participants(fact)) this.#actors[part]!.send(fact);
    this.log.push(fact);
  }

  /** A quick no: the initiator's chart does not mention the fact where it is. */
  #mayInitiate(state: State, fact: Fact): boolean {
    const initiator = this.system.participants(fact)[0];
    return initiator !== undefined && state[initiator]!._nodes.some((node) => node.ownEvents.includes(fact.type));
  }
}

/** Whether a fact is a step of a callback that is under way, and no choice of anybody else's. */
export const isDriverStep = ({ type }: Fact): boolean => WIRING[type].participants[0] === 'driver';
