import type { AnyStateMachine, AnyStateNode, StateValue } from 'xstate';
import type { Present } from '../engine/check/index.ts';
import { initialState, type State } from '../engine/compose/index.ts';
import { type System, WIRING } from '../facts/index.ts';

const initial = new WeakMap<System, State>();

/** The state of each machine before any fact. */
export function initialPresents(system: System): State {
  const known = initial.get(system) ?? initialState(system);
  initial.set(system, known);
  return known;
}

/** What a question can call the states of a machine: each by its path, or by its last name, or by a tag. */
export function namesOfStates({ root }: AnyStateMachine): string[] {
  const names = new Set<string>();
  const visit = (node: AnyStateNode): void => {
    if (node.path.length > 0) names.add(node.path.join('.')).add(node.key);
    for (const tag of node.tags) names.add(tag);
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(root);
  return [...names];
}

/** The callbacks of a driver's machine, among its outermost states; or that it is in none. */
export const namesOfCallbacks = ({ root }: AnyStateMachine): string[] =>
  Object.keys(root.states).filter((name) => name === 'idle' || Object.hasOwn(WIRING, `${name}.call`));

/** Whether a machine is in a state of that name, or in one within it. */
export const isIn = (present: Pick<Present, 'value' | 'hasTag'>, name: string): boolean =>
  present.hasTag(name) || pathsOf(present.value).some((path) => path.join('.') === name || path.at(-1) === name);

/** The path of every state that is part of a value. */
function pathsOf(value: StateValue, before: readonly string[] = []): string[][] {
  if (typeof value === 'string') return [[...before, value]];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...before, key];
    return [path, ...(inner === undefined ? [] : pathsOf(inner, path))];
  });
}
