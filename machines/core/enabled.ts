import { type AnyStateMachine, transition } from 'xstate';

const inState = (machine: AnyStateMachine, state: string) => machine.resolveState({ value: state, context: {} });

/** What may happen next in a state of a machine that knows no data: the types of its facts. */
export function enabledIn(machine: AnyStateMachine, state: string): readonly string[] {
  const snapshot = inState(machine, state);
  return machine.events.filter((type) => snapshot.can({ type } as never));
}

/** The state of such a machine after a fact; undefined where it refuses it. */
export function stateAfter(machine: AnyStateMachine, state: string, type: string): string | undefined {
  const snapshot = inState(machine, state);
  return snapshot.can({ type } as never) ? (transition(machine, snapshot, { type })[0].value as string) : undefined;
}
