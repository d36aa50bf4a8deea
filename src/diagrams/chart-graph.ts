import { type Chart, type ChartState, type ChartTransition, isWithin, statesOf } from './chart.ts';
import { type ChartWords, internalRows, internals, labelOf, titleOf, transitionRows } from './chart-labels.ts';
import { foldLoops, spreadInward } from './folding.ts';
import { type Graph, type GraphCluster, type GraphEdge, type GraphNode, type Line, small } from './graph.ts';
import type { Colour } from './palette.ts';

/** What a log went through: states by id, transitions by their key. */
export interface Trail {
  readonly states: ReadonlySet<string>;
  readonly steps: ReadonlySet<string>;
}

export interface ChartGraphOptions {
  readonly direction?: Graph['direction'];
  /** Leaves the actions out of the labels. */
  readonly withoutActions?: boolean;
  /** Draws a table of all transitions, for a chart that is too much for one look. */
  readonly asTable?: boolean;
  /** What is said beside the chart's own words. */
  readonly words?: ChartWords;
  readonly trail?: Trail;
}

/** The statechart as a graph: compound states and regions as clusters, what stays in a state written into it. */
export function graphOfChart(whole: Chart, options: ChartGraphOptions = {}): Graph {
  const { direction = hasStar(whole) ? 'LR' : 'TB' } = options;
  const chart = foldLoops(spreadInward(whole));
  const byId = new Map(statesOf(chart.root).map((state) => [state.id, state]));
  const start = chart.root.initial;
  const children =
    chart.root.kind === 'compound' || chart.root.kind === 'parallel'
      ? chart.root.states.map((state) => child(chart, state, [], options, chart.root.kind === 'parallel'))
      : [
          {
            ...node(chart, { ...chart.root, name: chart.name }, [], options),
            ...oneTable(chart, options),
            id: chart.name,
          },
        ];
  const title = chart.root.source ? { title: titleOf({ ...chart.root, name: chart.name }) } : {};
  const table = options.asTable ? { table: transitionRows(whole, (step) => isOnTrail(step, options.trail)) } : {};
  const graph = { name: chart.name, ...title, direction, ...table, children, edges: edgesOf(chart, byId, options) };
  if (start === undefined) return graph;
  const first = { id: START, shape: 'dot', label: [], fill: 'line' } as const;
  return {
    ...graph,
    children: [first, ...withNotes(chart, children, options)],
    edges: [{ from: START, to: leafOf(byId, start), label: [] }, ...graph.edges],
  };
}

const START = ' start';

/** Whether a state leads to so many others that they do not stand side by side. */
function hasStar({ transitions }: Chart): boolean {
  const ways = new Map<string, Set<string>>();
  for (const { from, to } of transitions)
    if (to !== null && to !== from) ways.set(from, (ways.get(from) ?? new Set()).add(to));
  return [...ways.values()].some(({ size }) => size > SIDE_BY_SIDE);
}

const SIDE_BY_SIDE = 6;

/** What the chart as a whole answers to, in any state, stands beside its states. */
function withNotes(chart: Chart, children: Graph['children'], options: ChartGraphOptions): Graph['children'] {
  const stays = internals(chart, '', options);
  if (stays.length === 0) return children;
  const label: Line[] = [[{ text: 'in every state', colour: 'faint', small: true }], ...stays];
  return [...children, { id: ' everywhere', shape: 'pill', label, fill: 'around' }];
}

/** A machine of one state is a table of what it does. */
function oneTable(chart: Chart, { withoutActions }: ChartGraphOptions): Pick<GraphNode, 'rows'> {
  const rows = internalRows(chart, '', withoutActions);
  return rows.length === 0 ? {} : { rows };
}

function child(chart: Chart, state: ChartState, tags: readonly string[], options: ChartGraphOptions, region: boolean) {
  return state.states.length === 0 ? node(chart, state, tags, options) : cluster(chart, state, tags, options, region);
}

function node(chart: Chart, state: ChartState, outer: readonly string[], options: ChartGraphOptions): GraphNode {
  const outside = state.kind === 'outside';
  return {
    id: state.id,
    shape: outside ? 'pill' : 'box',
    label: [...titleOf(state), ...noteOf(state, options), ...internals(chart, state.id, options)],
    fill: outside ? 'around' : (fillOf(state.tags) ?? fillOf(outer) ?? 'state'),
    ...(options.trail?.states.has(state.id) ? { strong: true } : {}),
  };
}

function cluster(
  chart: Chart,
  state: ChartState,
  outer: readonly string[],
  options: ChartGraphOptions,
  region: boolean,
): GraphCluster {
  const tags = [...state.tags, ...outer];
  const children = state.states.map((inner) => child(chart, inner, tags, options, state.kind === 'parallel'));
  return {
    id: state.id,
    // A function's name is long, and an arrow comes in beside it.
    label: [
      ...titleOf(state).map((line) => (state.source ? small(line) : line)),
      ...internals(chart, state.id, options),
    ],
    fill: 'around',
    ...(region ? { dashed: true } : {}),
    // Code is entered at its left.
    ...(state.source ? { labelAt: 'top right' } : {}),
    children,
  };
}

/** What the words beside the chart call a state. */
function noteOf({ id }: ChartState, { words }: ChartGraphOptions): Line[] {
  const lines = words?.ofState(id) ?? [];
  return lines.map((text) => [{ text, colour: 'faint', small: true }]);
}

/** From the most important tag to the least. */
const FILLS: readonly (readonly [tag: string, fill: Colour])[] = [
  ['running', 'running'],
  ['opening', 'passing'],
  ['closing', 'passing'],
  ['in callback', 'passing'],
  ['interrupts off', 'passing'],
  ['foreign holds', 'live'],
  ['live', 'live'],
  ['active', 'live'],
  ['final', 'ended'],
];

/** The colour for the most important of these tags. */
const fillOf = (tags: readonly string[]): Colour | undefined => FILLS.find(([tag]) => tags.includes(tag))?.[1];

/** The atomic state in which a state starts. */
function leafOf(byId: ReadonlyMap<string, ChartState>, id: string): string {
  const state = byId.get(id)!;
  const inner = state.initial ?? state.states[0]?.id;
  return inner === undefined ? id : leafOf(byId, inner);
}

function edgesOf(chart: Chart, byId: ReadonlyMap<string, ChartState>, options: ChartGraphOptions): GraphEdge[] {
  const bundles = new Map<string, ChartTransition[]>();
  for (const transition of chart.transitions) {
    if (transition.to === null) continue;
    const key = JSON.stringify([transition.from, transition.to]);
    bundles.set(key, [...(bundles.get(key) ?? []), transition]);
  }
  // Starts of regions inside compound states need no edge: a transition is drawn to where it ends up.
  return [...bundles.values()].map((bundle): GraphEdge => {
    const { from, to } = bundle[0]!;
    const tail = leafOf(byId, from);
    const head = leafOf(byId, to!);
    const framed = tail !== from && !isWithin(head, from);
    return {
      from: tail,
      to: head,
      label: labelOf(bundle, options),
      ...(framed ? { fromCluster: from } : {}),
      ...(bundle.some((transition) => isOnTrail(transition, options.trail)) ? { strong: true } : {}),
    };
  });
}

const isOnTrail = ({ steps }: ChartTransition, trail: Trail | undefined): boolean =>
  trail !== undefined && steps.every((step) => trail.steps.has(step));
