import { type AnyMachineSnapshot, createActor } from 'xstate';
import type { System } from '../../src/compose/index.ts';
import type { Fact } from '../../src/facts/index.ts';

/** A composition as XState means it: one running actor for each machine. */
export class Actors {
  readonly #actors;

  constructor(readonly system: System) {
    this.#actors = system.parts.map(({ machine, input }) => createActor(machine, { input }).start());
  }

  /** Sends a fact to all who take part in it. */
  send(fact: Fact): void {
    for (const part of this.system.participants(fact)) this.#actors[part]!.send(fact);
  }

  get state(): AnyMachineSnapshot[] {
    return this.#actors.map((actor) => actor.getSnapshot());
  }
}
