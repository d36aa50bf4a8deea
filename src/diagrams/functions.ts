import { type FactType, WIRING } from '../facts/index.ts';
import { type Chart, type ChartState, type ChartTransition, isWithin, statesOf } from './chart.ts';
import { lineText } from './chart-labels.ts';
import { type Graph, type GraphCluster, type GraphEdge, type GraphNode, small, wrapped } from './graph.ts';
import { guardText } from './guard.ts';

/** The actions that only say who waits for whom: the arrows say it already. */
const BOOKKEEPING = /^(callFrom|comeBack)/;

/** The function of the driver's chart by its name there (`add`) or in the C (`riscv_pmu_add`). */
export function functionOf(chart: Chart, name: string): ChartState | undefined {
  return chart.root.states.find(
    (state) =>
      state.states.length > 0 && (state.id === name || statesOf(state).some(({ source }) => source?.function === name)),
  );
}

/** The functions of the driver's chart. */
export const functionsOf = (chart: Chart): ChartState[] => chart.root.states.filter(({ states }) => states.length > 0);

/**
 * One function of the driver: its own states, who calls it, whom it calls, and where it goes back to.
 * A transition to a function as a whole is a call; one into the middle of a function is a return to it.
 */
export function functionChart(chart: Chart, { id }: ChartState): Chart {
  const body = chart.root.states.find((state) => state.id === id)!;
  const above = new Map<string, ChartState>();
  const below = new Map<string, ChartState>();
  const called = new Map<string, ChartState>();
  const calledAfter = new Map<string, string>();
  const transitions = chart.transitions.flatMap((transition): ChartTransition[] => {
    const { from, to } = transition;
    const comes = to !== null && isWithin(to, id);
    const leaves = isWithin(from, id);
    const actions = transition.actions.filter((action) => !BOOKKEEPING.test(action));
    if (leaves && (comes || to === null)) return [{ ...transition, actions }];
    if (comes && to === id) return [{ ...transition, actions, from: outside(chart, above, 'from', from).id }];
    if (comes)
      return [{ ...transition, on: null, guard: null, actions: [], from: outside(chart, called, 'call', from).id }];
    if (!leaves || to === null) return [];
    if (to !== topOf(to) || to === chart.root.initial)
      return [{ ...transition, actions, to: outside(chart, below, 'back', to).id }];
    const callee = outside(chart, called, 'call', to);
    calledAfter.set(callee.id, from);
    return [{ ...transition, actions, to: callee.id }];
  });
  const states = body.states.flatMap((state) => [
    state,
    ...[...called.values()].filter((callee) => calledAfter.get(callee.id) === state.id),
  ]);
  const title = body.source?.function ?? body.name;
  // Its name stands above the picture, where no arrow crosses it.
  const { source, ...inside } = named({ ...body, states }, '');
  const framed = { ...inside, name: '' };
  const { initial: _, ...root } = chart.root;
  return {
    name: title,
    root: { ...root, states: [...above.values(), framed, ...below.values()], ...(source && { source }) },
    transitions,
  };
}

/** The state with its parts that are other functions named as these. */
function named(state: ChartState, outer: string): ChartState {
  const name = state.source?.function ?? outer;
  const states = state.states.map((inner) => named(inner, name));
  return { ...state, states, name: states.length > 0 && name !== outer ? name : state.name };
}

const topOf = (id: string): string => id.split('.')[0]!;

/** A state that stands for another function, or for the perf core, made once. */
function outside(chart: Chart, known: Map<string, ChartState>, role: string, inside: string): ChartState {
  const top = topOf(inside);
  let state = known.get(top);
  if (state === undefined) {
    const function_ = chart.root.states.find(({ id }) => id === top)!.source?.function;
    const name = function_ === undefined ? 'perf core' : `${function_}()`;
    state = { id: ` ${role} ${top}`, name, kind: 'outside', tags: [], states: [] };
    known.set(top, state);
  }
  return state;
}

/** Which C functions there are, who calls whom, and what shared data each touches. */
export function callGraph(chart: Chart): Graph {
  const functions = functionsOf(chart).flatMap((top) =>
    statesOf(top).filter(
      (state) => state === top || (state.states.length > 0 && state.source?.function !== top.source?.function),
    ),
  );
  const ownerOf = (id: string): ChartState | undefined =>
    functions.filter((candidate) => isWithin(id, candidate.id)).at(-1);
  const edges: GraphEdge[] = [];
  const calledAs = new Map<string, string>();
  for (const { from, to, on, guard } of chart.transitions) {
    const callee = functions.find(({ id }) => id === to);
    const caller = ownerOf(from);
    if (callee === undefined || caller === callee) continue;
    if (caller === undefined) calledAs.set(callee.id, on!);
    else
      edges.push({
        from: caller.id,
        to: callee.id,
        label: guard === null ? [] : wrapped(`[${guardText(guard)}]`, 'guard'),
      });
  }
  /** Whether the core calls the function on a hart, or only functions that it calls so do. */
  const isOnHart = ({ id }: ChartState): boolean => {
    const call = calledAs.get(id);
    if (call !== undefined) return (WIRING[call as FactType].indices as readonly string[]).includes('hart');
    const caller = functions.find((candidate) => edges.some(({ from, to }) => from === candidate.id && to === id));
    return caller !== undefined && isOnHart(caller);
  };
  const cluster = (title: string, onHart: boolean): GraphCluster => ({
    id: ` ${title}`,
    label: [[{ text: title, colour: 'faint' }]],
    labelAt: 'bottom left',
    fill: 'around',
    children: functions
      .filter((state) => isOnHart(state) === onHart)
      .map((state) => {
        const own = chart.transitions.filter(({ from }) => ownerOf(from) === state);
        return nodeOf(state, calledAs.get(state.id), own);
      }),
  });
  return {
    name: `${chart.name}: its functions`,
    direction: 'TB',
    children: [
      cluster('in process context, where it may sleep', false),
      cluster('on the hart of the event, interrupts off', true),
    ],
    edges,
  };
}

function nodeOf(
  { id, name, source }: ChartState,
  call: string | undefined,
  own: readonly ChartTransition[],
): GraphNode {
  const facts = own.flatMap(({ on }) => (on === null || /\.(call|return|free)$/.test(on) ? [] : [on.split('.')[0]!]));
  return {
    id,
    shape: 'box',
    label: [
      [{ text: source?.function ?? name, colour: 'ink', bold: true }],
      ...(source ? [small([{ text: lineText(source.lines), colour: 'faint' }])] : []),
      ...(call ? [small([{ text: `perf core: ${call}`, colour: 'ink' }])] : []),
      ...(facts.length === 0 ? [] : wrapped([...new Set(facts)].join(', '), 'action', 26).map(small)),
    ],
    fill: call === undefined ? 'state' : 'live',
  };
}
