import { type Graph, type GraphCluster, type GraphEdge, type GraphNode, isCluster, type Line } from './graph.ts';
import type { Colour } from './palette.ts';
import type { Lane, Sequence, Step } from './sequence.ts';
import { numberText } from './sequence-layout.ts';

/** What a picture shows, one below the other: a state with what leads from it, a task with what it does. */
export interface List {
  readonly title: readonly Line[];
  readonly items: readonly ListItem[];
}

/** A box of a list. */
export interface ListItem {
  /** How many frames are around it. */
  readonly depth: number;
  readonly heading: readonly Line[];
  /** Absent for the title of a frame: it has no box. */
  readonly fill?: Colour;
  /** Drawn stronger: a log went through it. */
  readonly strong?: boolean;
  readonly rows: readonly ListRow[];
}

/** One thing that is said in a box. */
export interface ListRow {
  /** Before its lines: the number of a fact. */
  readonly number?: string;
  readonly lines: readonly Line[];
  readonly strong?: boolean;
}

/** A graph as a list: each node with its edges, as `→` where they lead and what is said of them. */
export function listOfGraph(graph: Graph): List {
  const { name, title = [[{ text: name, colour: 'ink', bold: true }]], table, children, edges } = graph;
  if (table !== undefined) return { title, items: ofTable(table) };
  const names = namesOf(children);
  const starts = new Set(edges.flatMap(({ from, to }) => (names.has(from) ? [] : [to])));
  const rowsFrom = (id: string): ListRow[] =>
    edges.filter(({ from, fromCluster }) => (fromCluster ?? from) === id).map((edge) => rowOf(edge, names));
  const itemsOf = (child: GraphNode | GraphCluster, depth: number): ListItem[] => {
    if (isCluster(child))
      return [
        { depth, heading: child.label, rows: rowsFrom(child.id) },
        ...child.children.flatMap((inner) => itemsOf(inner, depth + 1)),
      ];
    if (child.shape === 'dot') return [];
    const { id, label, rows = [], fill, strong = false } = child;
    const said = label.slice(0, label.length - rows.length);
    const own =
      names.get(id) === id && titleOf(child) !== id ? [[{ text: id, colour: 'ink', bold: true } as const]] : [];
    const start: Line[] = starts.has(id) ? [[{ text: 'it begins here', colour: 'faint' }]] : [];
    const told = rows.map(({ facts, guard, effect }): ListRow => ({ lines: saidOf(facts, guard, effect) }));
    return [{ depth, heading: [...own, ...said, ...start], fill, strong, rows: [...told, ...rowsFrom(id)] }];
  };
  return { title, items: children.flatMap((child) => itemsOf(child, 0)) };
}

const titleOf = ({ label }: GraphNode): string => (label[0] ?? []).map(({ text }) => text).join('');

/** What each node is called: what stands in it first, if no other says the same; else its id. */
function namesOf(children: Graph['children']): Map<string, string> {
  const nodes = children.flatMap(function inside(child): GraphNode[] {
    return isCluster(child) ? child.children.flatMap(inside) : child.shape === 'dot' ? [] : [child];
  });
  const alike = (title: string): number => nodes.filter((node) => titleOf(node) === title).length;
  return new Map(nodes.map((node) => [node.id, alike(titleOf(node)) === 1 ? titleOf(node) : node.id]));
}

const rowOf = ({ to, label, strong = false }: GraphEdge, names: ReadonlyMap<string, string>): ListRow => ({
  lines: [[{ text: `→ ${names.get(to) ?? to}`, colour: 'ink', bold: true }], ...label],
  strong,
});

const saidOf = (facts: string, guard: string, effect: string): Line[] => [
  ...(facts === '' ? [] : [[{ text: facts, colour: 'ink' } as const]]),
  ...(guard === '' ? [] : [[{ text: `[${guard}]`, colour: 'guard' } as const]]),
  ...(effect === '' ? [] : [[{ text: `/ ${effect}`, colour: 'action' } as const]]),
];

/** The rows of a table, by the state that they are of. */
function ofTable(table: NonNullable<Graph['table']>): ListItem[] {
  const items: (ListItem & { readonly rows: ListRow[] })[] = [];
  for (const { state = '', facts, guard, effect, next = '', strong = false } of table) {
    const last = items.at(-1);
    const row = {
      lines: [
        ...saidOf(facts, guard, effect),
        ...(next === '' ? [] : [[{ text: `→ ${next}`, colour: 'ink', bold: true } as const]]),
      ],
      strong,
    };
    if (state === '' && last !== undefined) last.rows.push(row);
    else items.push({ depth: 0, heading: [[{ text: state, colour: 'ink', bold: true }]], fill: 'state', rows: [row] });
  }
  return items;
}

/** A sequence as a list: who acts, and the steps until another does. */
export function listOfSequence({ title, lanes, steps, violated }: Sequence): List {
  const of = new Map(lanes.map((lane) => [lane.id, lane]));
  const items: (ListItem & { readonly rows: ListRow[] })[] = [];
  let before: string | undefined;
  for (const step of steps) {
    const lane = of.get(step.lane)!;
    if (step.lane !== before)
      items.push({
        depth: 0,
        heading: [[{ text: lane.title, colour: 'ink', bold: true }]],
        fill: fillOf(lane),
        rows: [],
      });
    before = step.lane;
    items.at(-1)!.rows.push({ number: numberText(step), lines: [lineOf(step, of)] });
  }
  const end: ListItem[] =
    violated === undefined
      ? []
      : [{ depth: 0, heading: [[{ text: `✗ ${violated}`, colour: 'broken', bold: true }]], fill: 'alarm', rows: [] }];
  return { title: title === '' ? [] : [[{ text: title, colour: 'ink', bold: true }]], items: [...items, ...end] };
}

/** The colour of those who act. */
export const fillOf = ({ kind }: Lane): Colour => (kind === 'task' ? 'live' : kind === 'hart' ? 'running' : 'state');

function lineOf({ text, to, alarm, breaks, call }: Step, lanes: ReadonlyMap<string, Lane>): Line {
  const colour = alarm || breaks ? 'broken' : 'ink';
  const said = { text, colour, bold: call === 'begins' } as const;
  return to === undefined ? [said] : [said, { text: ` → ${lanes.get(to)!.title}`, colour: 'faint' }];
}
