import { type AnyMachineSnapshot, type AnyStateMachine, type AnyTransitionDefinition, createActor } from 'xstate';
import type { MachineEntry } from '../../machines/index.ts';
import { type Fact, ROLES, WIRING } from '../facts/index.ts';
import { alternativesOf, idOf, keyOf } from './chart.ts';
import type { Trail } from './chart-graph.ts';

/**
 * Which states and transitions of a machine a log went through: of the machines of all events, or harts, together.
 * Throws a RangeError at the first fact that the machine refuses, whatever its input.
 */
export function follow({ machine, role, inputs }: MachineEntry, facts: readonly Fact[]): Trail {
  const field = ROLES[role].indexedBy;
  const own = [...facts.entries()].filter(([, { type }]) => WIRING[type].participants.includes(role));
  const indexOf = (fact: Fact): number =>
    field === undefined ? 0 : (fact as unknown as Record<string, number>)[field]!;
  const trail = { states: new Set<string>(), steps: new Set<string>() };
  for (const index of new Set(own.map(([, fact]) => indexOf(fact)))) {
    const mine = own.filter(([, fact]) => indexOf(fact) === index);
    const paths = inputs.map((input) => walk(machine, input, mine));
    const path = paths.find(({ refused }) => refused === undefined);
    if (path === undefined) {
      const [position, fact] = mine[Math.max(...paths.map(({ refused }) => refused!))]!;
      throw new RangeError(`fact ${position + 1} of the log (${fact.type}) is refused by the ${machine.id}`);
    }
    for (const state of path.states) trail.states.add(state);
    for (const step of path.steps) trail.steps.add(step);
  }
  return trail;
}

/** Where one machine goes, until its log ends or a fact is refused. */
function walk(machine: AnyStateMachine, input: unknown, facts: readonly (readonly [number, Fact])[]) {
  const states: string[] = [];
  const steps: string[] = [];
  const actor = createActor(machine, {
    input,
    inspect: (inspected) => {
      if (inspected.type !== '@xstate.microstep') return;
      for (const transition of inspected._transitions) {
        states.push(idOf(transition.source), ...(transition.target ?? []).map(idOf));
        steps.push(keyOfTransition(transition));
      }
    },
  });
  actor.start();
  const here = (): void => {
    states.push(...actor.getSnapshot()._nodes.map(idOf));
  };
  here();
  for (const [number, [, fact]] of facts.entries()) {
    if (machine.getTransitionData(actor.getSnapshot(), fact).length === 0) return { states, steps, refused: number };
    actor.send(fact);
    here();
  }
  return { states, steps, refused: undefined };
}

/** Where one machine is after a fact that it takes in a state, and which transitions led there. */
export function stepAlong(machine: AnyStateMachine, input: unknown, before: AnyMachineSnapshot, fact: Fact): Trail {
  const steps: string[] = [];
  const actor = createActor(machine, {
    input,
    snapshot: before,
    inspect: (inspected) => {
      if (inspected.type === '@xstate.microstep') steps.push(...inspected._transitions.map(keyOfTransition));
    },
  });
  actor.start();
  actor.send(fact);
  return { states: new Set(actor.getSnapshot()._nodes.map(idOf)), steps: new Set(steps) };
}

function keyOfTransition(transition: AnyTransitionDefinition): string {
  for (const [type, alternatives] of alternativesOf(transition.source)) {
    const alternative = alternatives.indexOf(transition);
    if (alternative >= 0) return keyOf(transition.source, type, alternative);
  }
  return '';
}
