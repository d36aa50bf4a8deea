import { type AnyMachineSnapshot, type AnyStateMachine, type AnyTransitionDefinition, createActor } from 'xstate';
import { alternativesOf, idOf, keyOf } from '../diagrams/chart.ts';
import { initialSnapshot, snapshotKey, step } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';

/** What a machine goes through when it takes a fact. */
export interface Steps {
  readonly after: AnyMachineSnapshot;
  /** The states that it is in afterwards, or passes at once, by their id. */
  readonly states: readonly string[];
  /** The transitions, one after the other: see `keyOf`. */
  readonly transitions: readonly string[];
}

/** Looks into the steps of one machine, each asked of XState once. */
export class Stepper {
  readonly #known = new Map<string, Steps | null>();

  constructor(
    readonly machine: AnyStateMachine,
    readonly input: unknown,
  ) {}

  get initial(): AnyMachineSnapshot {
    return initialSnapshot(this.machine, this.input);
  }

  /** Null if the machine refuses the fact. */
  take(before: AnyMachineSnapshot, fact: Fact): Steps | null {
    const key = `${snapshotKey(before)}${JSON.stringify(fact)}`;
    let steps = this.#known.get(key);
    if (steps === undefined) {
      steps = this.#look(before, fact);
      this.#known.set(key, steps);
    }
    return steps;
  }

  #look(before: AnyMachineSnapshot, fact: Fact): Steps | null {
    const after = step(this.machine, this.input, before, fact);
    if (after === null) return null;
    const states: string[] = [];
    const transitions: string[] = [];
    const actor = createActor(this.machine, {
      input: this.input,
      snapshot: before,
      inspect: (inspected) => {
        if (inspected.type !== '@xstate.microstep') return;
        for (const transition of inspected._transitions) {
          states.push(...(transition.target ?? []).map(idOf));
          transitions.push(nameOf(transition));
        }
      },
    });
    actor.start();
    actor.send(fact);
    states.push(...leavesOf(actor.getSnapshot()));
    return { after, states: [...new Set(states)], transitions };
  }
}

/** The atomic states that a machine is in. */
export const leavesOf = ({ _nodes }: AnyMachineSnapshot): string[] =>
  _nodes.filter(({ type }) => type === 'atomic' || type === 'final').map(idOf);

function nameOf(transition: AnyTransitionDefinition): string {
  for (const [type, alternatives] of alternativesOf(transition.source)) {
    const alternative = alternatives.indexOf(transition);
    if (alternative >= 0) return keyOf(transition.source, type, alternative);
  }
  throw new Error(`${transition.source.id}: a transition that its state does not have`);
}
