import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { type Guard, guardOf, guardText, simplify } from './guard.ts';

/** Lines of a C function, as a state's meta names them. */
export interface SourceLines {
  readonly function: string;
  readonly lines: readonly [number, number];
}

/** A state of a chart. */
export interface ChartState {
  /** The names on the path to it, joined by dots; the chart itself is the empty string. */
  readonly id: string;
  readonly name: string;
  /** `outside`: no state, but something beyond the picture that it leads to or comes from. */
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'outside';
  readonly tags: readonly string[];
  readonly source?: SourceLines;
  /** The id of the child in which a compound state starts. */
  readonly initial?: string;
  readonly states: readonly ChartState[];
}

/** A transition of a chart. */
export interface ChartTransition {
  readonly from: string;
  /** Where it leads; null if it leaves the state as it is. */
  readonly to: string | null;
  /** The type of the fact; null if the transition is taken at once (`always`). */
  readonly on: string | null;
  /** The keys of the machine's own transitions that it stands for: see {@link keyOf}. */
  readonly steps: readonly string[];
  readonly guard: Guard | null;
  /** Set if it has no guard and is taken when those before it are not. */
  readonly otherwise: boolean;
  /** The actions by name, with their parameter: `answer(ENOSPC)`. */
  readonly actions: readonly string[];
}

/** A machine's statechart as plain data: what every picture is drawn from. */
export interface Chart {
  readonly name: string;
  readonly root: ChartState;
  readonly transitions: readonly ChartTransition[];
}

export interface ChartOptions {
  /** The guards whose outcome is settled: what can then not be taken, or not be reached, is left out. */
  readonly settled?: (guard: string) => boolean | undefined;
}

/** The statechart of an XState machine. */
export function chartOf(machine: AnyStateMachine, options: ChartOptions = {}): Chart {
  const known = options.settled === undefined ? charts.get(machine) : undefined;
  const chart = known ?? makeChart(machine, options);
  if (options.settled === undefined) charts.set(machine, chart);
  return chart;
}

/** Of a machine that nothing is settled of: it is asked for at every step through a log. */
const charts = new WeakMap<AnyStateMachine, Chart>();

function makeChart(machine: AnyStateMachine, { settled = () => undefined }: ChartOptions): Chart {
  const transitions = nodesOf(machine.root).flatMap((node) => transitionsOf(node, settled));
  const chart = { name: machine.id, root: stateOf(machine.root), transitions };
  return reachable(chart);
}

/** The id of a state in its chart. */
export const idOf = (node: AnyStateNode): string => node.path.join('.');

/** The states of a chart, each before those inside it. */
export function statesOf(state: ChartState): ChartState[] {
  return [state, ...state.states.flatMap(statesOf)];
}

/** Whether one state is another or lies inside it. */
export const isWithin = (id: string, outer: string): boolean =>
  outer === '' || id === outer || id.startsWith(`${outer}.`);

/** The state with only those inside it that are kept. */
export function pruned(state: ChartState, keeps: (state: ChartState) => boolean): ChartState {
  const states = state.states.filter(keeps).map((child) => pruned(child, keeps));
  const { initial, ...rest } = state;
  // A compound state can be entered past its initial child.
  return states.some(({ id }) => id === initial) ? { ...state, states } : { ...rest, states };
}

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}

function stateOf(node: AnyStateNode): ChartState {
  const source = node.meta as SourceLines | undefined;
  const initial = node.initial?.target[0];
  return {
    id: idOf(node),
    name: node.key,
    kind: node.type === 'parallel' ? 'parallel' : Object.keys(node.states).length > 0 ? 'compound' : 'atomic',
    tags: node.tags,
    // The idle driver is nowhere in the C.
    ...(source?.function ? { source } : {}),
    ...(initial ? { initial: idOf(initial) } : {}),
    states: Object.values(node.states).map(stateOf),
  };
}

/** What tells one transition of a machine from all others: its state, its fact type, and which alternative it is. */
export const keyOf = (node: AnyStateNode, type: string, alternative: number): string =>
  `${idOf(node)} ${type} ${alternative}`;

/** All alternatives of a state, by fact type; what is taken at once has the empty type. */
export function alternativesOf(node: AnyStateNode): [string, readonly AnyTransitionDefinition[]][] {
  return [...node.transitions, ...(node.always ? [['', node.always] as const] : [])].map(([type, list]) => [
    type,
    [...list],
  ]);
}

function transitionsOf(node: AnyStateNode, settled: (guard: string) => boolean | undefined): ChartTransition[] {
  return alternativesOf(node).flatMap(([type, alternatives]) => {
    const taken: ChartTransition[] = [];
    for (const [alternative, { guard, target, actions }] of alternatives.entries()) {
      const left = guard === undefined ? true : simplify(guardOf(guard), settled);
      if (left === false) continue;
      const before = taken.map((transition) => transition.guard!);
      // One with the guard of one before it is never asked.
      if (left !== true && before.some((guard) => guardText(guard) === guardText(left))) continue;
      const rest = left === true ? restOf(before) : left;
      taken.push({
        from: idOf(node),
        to: target?.[0] ? idOf(target[0]) : null,
        on: type === '' ? null : type,
        steps: [keyOf(node, type, alternative)],
        guard: rest,
        otherwise: rest === null && taken.length > 0,
        actions: actions.map(actionText),
      });
      // Nothing after it is ever taken.
      if (left === true) break;
    }
    return taken;
  });
}

/** What is left when none of these guards holds, if that can be said shortly: one name, or its opposite. */
function restOf([guard, ...others]: readonly Guard[]): Guard | null {
  if (guard === undefined || others.length > 0) return null;
  if (guard.kind === 'name') return { kind: 'not', guard };
  return guard.kind === 'not' && guard.guard.kind === 'name' ? guard.guard : null;
}

function actionText(action: unknown): string {
  if (typeof action === 'string') return action;
  const { type, params } = action as { type: string; params?: unknown };
  return params === undefined ? type : `${type}(${typeof params === 'object' ? JSON.stringify(params) : params})`;
}

/** The chart without the states that no transition can lead to. */
function reachable(chart: Chart): Chart {
  const byId = new Map(statesOf(chart.root).map((state) => [state.id, state]));
  const reached = new Set<string>();
  const enter = (id: string): void => {
    const state = byId.get(id)!;
    // An ancestor is entered with it, and with a parallel one all its regions.
    const ancestors = id === '' ? [] : ['', ...id.split('.').map((_, index, path) => path.slice(0, index).join('.'))];
    for (const ancestor of ancestors)
      if (!reached.has(ancestor)) {
        reached.add(ancestor);
        if (byId.get(ancestor)!.kind === 'parallel') for (const region of byId.get(ancestor)!.states) enter(region.id);
      }
    reached.add(id);
    if (state.kind === 'parallel') for (const region of state.states) enter(region.id);
    if (state.initial !== undefined && !reached.has(state.initial)) enter(state.initial);
  };
  enter('');
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { from, to } of chart.transitions) if (reached.has(from) && to !== null && !reached.has(to)) enter(to);
  }
  return {
    ...chart,
    root: pruned(chart.root, ({ id }) => reached.has(id)),
    transitions: chart.transitions.filter(({ from }) => reached.has(from)),
  };
}
