import type { AnyStateMachine } from 'xstate';

/** What may happen next in a state of a machine that knows no data: the types of its facts. */
export function enabledIn(machine: AnyStateMachine, state: string): readonly string[] {
  const snapshot = machine.resolveState({ value: state, context: {} });
  return machine.events.filter((type) => snapshot.can({ type } as never));
}
