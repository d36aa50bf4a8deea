import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyMachineSnapshot, createActor } from 'xstate';
import { REFUSED } from '../../../src/engine/check/answers.ts';
import { tableOf } from '../../../src/engine/check/table.ts';
import { append, author, fold, initialState, isRefusal, type State } from '../../../src/engine/compose/index.ts';
import type { Fact, System } from '../../../src/facts/index.ts';
import { SYSTEMS, walks } from '../../arbitraries/walks.ts';
import { stateKey } from '../check/interpreted.ts';
import { Actors } from './actors.ts';

/** The tables of a system, gone through by hand. */
class Tabulated {
  readonly #local: number[];
  readonly #tables;

  constructor(readonly system: System) {
    this.#local = system.parts.map(() => 0);
    this.#tables = system.parts.map(({ machine, input }) => tableOf(machine, input));
  }

  /** Where a part comes to by a fact, or `REFUSED`. */
  next(part: number, fact: Fact): number {
    const table = this.#tables[part]!;
    return table.next(this.#local[part]!, table.symbol(fact));
  }

  take(fact: Fact): void {
    for (const part of this.system.participants(fact)) this.#local[part] = this.next(part, fact);
  }

  get state(): AnyMachineSnapshot[] {
    return this.#local.map((local, part) => this.#tables[part]!.snapshots[local]!);
  }
}

for (const [what, system] of Object.entries(SYSTEMS)) {
  test(`actors, folding and tables go the same way, step by step: ${what}`, () => {
    fc.assert(
      fc.property(walks(system), (log) => {
        const actors = new Actors(system);
        const tables = new Tabulated(system);
        let state: State = initialState(system);
        for (const fact of log) {
          actors.send(fact);
          tables.take(fact);
          state = fold(system, [fact], state);
          assert.is(stateKey(state), stateKey(actors.state));
          assert.is(stateKey(tables.state), stateKey(actors.state));
        }
      }),
      { numRuns: 8 },
    );
  });

  test(`a fact is refused if the table of one who takes part refuses it, and the actor of that one does not move: ${what}`, () => {
    const offers = system.bareFacts();
    fc.assert(
      fc.property(walks(system, 40), fc.nat(), (log, pick) => {
        const tables = new Tabulated(system);
        for (const fact of log) tables.take(fact);
        const { state } = tables;
        const fact = author(system, state, offers[pick % offers.length]!);
        const refusing = system.participants(fact).filter((part) => tables.next(part, fact) === REFUSED);
        assert.is(isRefusal(append(system, state, fact)), refusing.length > 0);
        for (const part of refusing) {
          const { machine, input } = system.parts[part]!;
          const actor = createActor(machine, { input, snapshot: state[part] as never }).start();
          actor.send(fact);
          assert.is(stateKey([actor.getSnapshot()]), stateKey([state[part]!]));
        }
      }),
      { numRuns: 20 },
    );
  });
}

test.run();
