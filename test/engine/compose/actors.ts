import { type AnyMachineSnapshot, createActor } from 'xstate';
import { author } from '../../../src/engine/compose/index.ts';
import type { Fact, System } from '../../../src/facts/index.ts';

/** A composition as XState means it: one running actor for each machine. */
export class Actors {
  readonly #actors;

  constructor(readonly system: System) {
    this.#actors = system.parts.map(({ machine, input }) => createActor(machine, { input }).start());
  }

  /**
   * Sends a fact to all who take part in it. Throws an Error where the log is none of the system:
   * one of them would ignore the fact, or an author would write other data.
   */
  send(fact: Fact): void {
    const told = JSON.stringify(fact);
    const written = JSON.stringify(author(this.system, this.state, fact));
    if (told !== written) throw new Error(`${told} would be written as ${written}`);
    const parts = this.system.participants(fact);
    for (const part of parts) {
      const { role, index, machine } = this.system.parts[part]!;
      if (machine.getTransitionData(this.#actors[part]!.getSnapshot() as never, fact).length === 0)
        throw new Error(`${told} would be ignored by the ${role} ${index}`);
    }
    for (const part of parts) this.#actors[part]!.send(fact);
  }

  get state(): AnyMachineSnapshot[] {
    return this.#actors.map((actor) => actor.getSnapshot());
  }
}
