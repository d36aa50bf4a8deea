import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { assign } from 'xstate';
import type { AnyFact } from '../vocabulary.ts';

/** What guards and assignments see. */
export interface Seen {
  readonly context: object;
  readonly event: AnyFact;
}

export type Guard = (seen: Seen, params: unknown) => boolean;
/** An assignment as XState keeps it: what it writes, or for each field what is written there. */
export type Assignment = ((seen: Seen, params: unknown) => object) | Readonly<Record<string, unknown>>;

/** Something that XState did in a transition: it asked a guard, or made an assignment. */
export type Heard =
  | { readonly guard: Guard; readonly params: unknown; readonly answer: boolean }
  | { readonly assignment: Assignment; readonly params: unknown };

type Named = string | { readonly type: string; readonly params?: unknown };
type Builtin = { readonly check: unknown; readonly guards?: readonly unknown[] };

/**
 * A machine whose guards and assignments report that they are called; undefined if the chart has some without a name, with
 * parameters that are computed, or with actions that do more than assign: those cannot be instrumented.
 */
export function instrumented(
  machine: AnyStateMachine,
  report: (heard: Heard) => void,
): { readonly machine: AnyStateMachine; snapshot(of: AnyMachineSnapshot): AnyMachineSnapshot } | undefined {
  const { guards, actions } = machine.implementations;
  if (!canBeInstrumented(machine.root, machine.implementations)) return undefined;
  const instance = machine.provide({
    guards: mapped(guards, (guard) => {
      // What joins other guards asks them by their names.
      if (typeof guard !== 'function' || 'check' in guard) return guard;
      return (seen: Seen, params: unknown) => {
        const answer = (guard as Guard)(seen, params);
        report({ guard: guard as Guard, params, answer });
        return answer;
      };
    }),
    actions: mapped(actions, (action) => {
      const assignment = assignmentOf(action);
      if (assignment === undefined) return action;
      return assign(({ context, event }: Seen, params: unknown) => {
        report({ assignment, params });
        return written(assignment, { context, event }, params);
      });
    }),
  } as never);
  return {
    machine: instance,
    snapshot: ({ value, context }) => instance.resolveState({ value, context }),
  };
}

/** What an assignment writes. */
export function written(assignment: Assignment, seen: Seen, params: unknown): object {
  if (typeof assignment === 'function') return assignment(seen, params);
  const fields: Record<string, unknown> = {};
  for (const field in assignment) {
    const value = assignment[field];
    fields[field] = typeof value === 'function' ? value(seen, params) : value;
  }
  return fields;
}

function assignmentOf(action: unknown): Assignment | undefined {
  const builtin = action as { readonly type?: string; readonly assignment?: Assignment } | undefined;
  return builtin?.type === 'xstate.assign' ? builtin.assignment : undefined;
}

type Implementations = AnyStateMachine['implementations'];

function canBeInstrumented(node: AnyStateMachine['root'], implementations: Implementations): boolean {
  const transitions = [...node.transitions.values(), node.always ?? []].flat();
  const actions = [...node.entry, ...node.exit, ...transitions.flatMap((transition) => transition.actions)];
  return (
    transitions.every(({ guard }) => guard === undefined || isHeardGuard(guard, implementations)) &&
    actions.every((action) => isNamed(action) && assignmentOf(implementations.actions[nameOf(action)]) !== undefined) &&
    Object.values(node.states).every((child) => canBeInstrumented(child, implementations))
  );
}

/** A name is instrumented, and what joins others if they are; what asks for the place alone (`stateIn`) needs not be. */
function isHeardGuard(used: unknown, implementations: Implementations): boolean {
  const guard = isNamed(used) ? implementations.guards[nameOf(used)] : used;
  if (typeof guard !== 'function') return isNamed(guard) && isHeardGuard(guard, implementations);
  if (!('check' in guard)) return guard !== used;
  return ((guard as unknown as Builtin).guards ?? []).every((joined) => isHeardGuard(joined, implementations));
}

const nameOf = (named: Named): string => (typeof named === 'string' ? named : named.type);

/** Whether something is used by its name, with parameters that are what they are. */
function isNamed(used: unknown): used is Named {
  if (typeof used === 'string') return true;
  return typeof used === 'object' && used !== null && typeof (used as { params?: unknown }).params !== 'function';
}

function mapped(named: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, change(value)]));
}
