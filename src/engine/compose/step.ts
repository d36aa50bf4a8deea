import { type AnyMachineSnapshot, type AnyStateMachine, createActor } from 'xstate';
import type { AnyFact } from '../vocabulary.ts';

type Scope = Parameters<AnyStateMachine['transition']>[2];

const scopes = new WeakMap<AnyStateMachine, Scope>();

/**
 * The surroundings that XState wants for a transition, made once for a machine: XState's own pure `transition()`
 * makes them anew on every call, which costs two thirds of its time.
 */
function inertScope(machine: AnyStateMachine, input: unknown): Scope {
  let scope = scopes.get(machine);
  if (scope === undefined) {
    const self = createActor(machine, { input });
    scope = {
      self,
      system: self.system,
      id: '',
      sessionId: '',
      logger: () => {},
      defer: () => {},
      emit: () => {},
      stopChild: () => {},
      actionExecutor: (action) => {
        throw new Error(`${machine.id}: the action ${action.type} does more than fold a fact`);
      },
    };
    scopes.set(machine, scope);
  }
  return scope;
}

/** The state of a machine before any fact. Throws what its context or an entry action throws. */
export function initialSnapshot(machine: AnyStateMachine, input: unknown): AnyMachineSnapshot {
  const snapshot = machine.getInitialSnapshot(inertScope(machine, input), input);
  // XState keeps such an error as a state.
  if (snapshot.status === 'error') throw snapshot.error;
  return snapshot;
}

/** Whether a machine takes a fact in this state. */
export function accepts(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, fact: AnyFact): boolean {
  // `can()` would say no for a transition without target and actions.
  return machine.getTransitionData(snapshot, fact).length > 0;
}

/** Whether the chart says anything of a fact type in this state: a quick no for most of them. */
export function mentions({ _nodes: nodes }: AnyMachineSnapshot, type: AnyFact['type']): boolean {
  // XState's own `ownEvents` leaves out what has no target and no action.
  return nodes.some((node) => node.transitions.has(type));
}

/** The state of a machine after a fact, or null if the machine refuses it. */
export function step(
  machine: AnyStateMachine,
  input: unknown,
  snapshot: AnyMachineSnapshot,
  fact: AnyFact,
): AnyMachineSnapshot | null {
  if (!mentions(snapshot, fact.type)) return null;
  const transitions = machine.getTransitionData(snapshot, fact);
  if (transitions.length === 0) return null;
  // Such a transition changes nothing, and XState would copy the snapshot.
  if (transitions.every(({ target, actions }) => target === undefined && actions.length === 0)) return snapshot;
  return machine.transition(snapshot, fact, inertScope(machine, input));
}

/** What decides the future of a machine, as a string. */
export function snapshotKey({ value, context, status }: AnyMachineSnapshot): string {
  return JSON.stringify([value, context, status]);
}

/** Throws if the chart says what a fold must not do: invoke, wait, remember in a history state, or take facts that it does not name. */
export function checkIsFold(machine: AnyStateMachine): void {
  checkNode(machine.root);
}

/** Throws if the context keeps what JSON cannot keep: two such states could have one {@link snapshotKey}. */
export function checkContext({ machine, context }: Pick<AnyMachineSnapshot, 'machine' | 'context'>): void {
  if (!survivesJson(context)) throw new Error(`${machine.id}: its context does not survive JSON`);
}

/** Every fact type that a chart names. */
export function alphabetOf({ root }: AnyStateMachine): Set<string> {
  // XState's own `machine.events` leaves out what has no target and no action.
  const types = new Set<string>();
  const visit = (node: AnyStateMachine['root']): void => {
    for (const type of node.transitions.keys()) if (!type.startsWith('xstate.')) types.add(type);
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(root);
  return types;
}

function checkNode(node: AnyStateMachine['root']): void {
  if (node.invoke.length > 0) throw new Error(`${node.id}: a machine that folds facts cannot invoke`);
  if (node.after.length > 0) throw new Error(`${node.id}: a machine that folds facts cannot wait (after)`);
  if (node.type === 'history') throw new Error(`${node.id}: a history state would hide a part of the state`);
  for (const type of node.transitions.keys())
    if (type.endsWith('*')) throw new Error(`${node.id}: ${type} would fold facts outside the alphabet`);
  for (const child of Object.values(node.states)) checkNode(child);
}

function survivesJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null)
    return value === null || typeof value === 'string' || typeof value === 'boolean';
  const inner = Object.values(value);
  const isPlain = Array.isArray(value)
    ? inner.length === value.length && Object.getPrototypeOf(value) === Array.prototype
    : Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && inner.every(survivesJson);
}
