import { createTestModel } from '@xstate/test';
import * as assert from 'uvu/assert';
import { type AnyMachineSnapshot, type AnyStateMachine, createActor } from 'xstate';
import { type AnyAuthors, snapshotKey } from '../../src/engine/compose/index.ts';
import type { Fact } from '../../src/facts/index.ts';
import { type Coverage, transitionNames } from './coverage.ts';

/** What a machine should be, written without XState. */
export interface Oracle {
  /** Whether the fact, with all its data, can happen now. */
  accepts(fact: Fact): boolean;
  /** The fact happens. */
  take(fact: Fact): void;
  /** What can be seen of it from outside. */
  observe(): unknown;
}

/** A machine under test, and what it is held against. */
export interface Subject {
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  readonly authors?: AnyAuthors;
  /** What is offered in every state, with the data that other machines author. */
  readonly facts: readonly Fact[];
  readonly oracle: () => Oracle;
  readonly observe: (snapshot: AnyMachineSnapshot) => unknown;
  /** Where a path ends although it could go on. */
  readonly stopWhen?: (snapshot: AnyMachineSnapshot) => boolean;
}

/**
 * Runs an actor of the machine and its oracle side by side, on shortest paths to every way of entering every state:
 * so every transition that these facts can take is taken. In each state both must accept the same facts,
 * write the same data, and look the same. Returns the number of paths.
 */
export async function runPaths(subject: Subject, coverage: Coverage): Promise<number> {
  const { machine, input, oracle, observe } = subject;
  const names = transitionNames(machine);
  const accepts = memo(subject);
  const entered = (state: AnyMachineSnapshot, event?: Fact, previous?: AnyMachineSnapshot): string => {
    const by = previous && event ? machine.getTransitionData(previous as never, event) : [];
    return `${snapshotKey(state)} by ${by.map((transition) => names.get(transition)).join(', ')}`;
  };
  const model = createTestModel(machine, { serializeState: entered as never });
  const paths = longest(
    model.getShortestPaths({
      input,
      allowDuplicatePaths: true,
      events: (state: AnyMachineSnapshot) =>
        accepts(state)
          .filter(([, accepted]) => accepted)
          .map(([fact]) => fact),
      ...(subject.stopWhen ? { stopWhen: subject.stopWhen } : {}),
    }),
  );
  const inspect = coverage.of(machine);
  for (const path of paths) {
    const actor = createActor(machine, { input, inspect }).start();
    const expected = oracle();
    const send = ({ event }: { event: object }): void => {
      actor.send(event as Fact);
      expected.take(event as Fact);
    };
    await path.test({
      events: Object.fromEntries(subject.facts.map(({ type }) => [type, send])),
      states: {
        '*': () => {
          const snapshot = actor.getSnapshot();
          assert.equal(observe(snapshot), expected.observe());
          for (const [fact, accepted] of accepts(snapshot))
            if (accepted !== expected.accepts(fact))
              assert.unreachable(
                `${JSON.stringify(fact)} is ${accepted ? 'accepted' : 'refused'} by the machine alone`,
              );
        },
      },
    });
  }
  return paths.length;
}

type Answers = readonly (readonly [Fact, boolean])[];

/** What the machine says to each fact in a state, asked once for a state. */
function memo({ machine, facts, authors = {} }: Subject): (snapshot: AnyMachineSnapshot) => Answers {
  const known = new Map<string, Answers>();
  return (snapshot) => {
    const key = snapshotKey(snapshot);
    let answers = known.get(key);
    if (answers === undefined) {
      answers = facts.map((offer) => {
        const write = authors[offer.type] as ((present: object, fact: Fact) => object) | undefined;
        const fact = { ...offer, ...write?.(snapshot, offer) } as Fact;
        return [fact, machine.getTransitionData(snapshot as never, fact).length > 0] as const;
      });
      known.set(key, answers);
    }
    return answers;
  };
}

/** Leaves out each path that is the beginning of another; `@xstate/test` does it too, in quadratic time. */
function longest<P extends { readonly steps: readonly { readonly event: object }[] }>(paths: readonly P[]): P[] {
  const facts = ({ steps }: P): string[] => steps.map(({ event }) => JSON.stringify(event));
  const continued = new Set(paths.map((path) => facts(path).slice(0, -1).join()));
  return paths.filter((path) => !continued.has(facts(path).join()));
}
