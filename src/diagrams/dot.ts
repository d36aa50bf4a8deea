import {
  type Graph,
  type GraphCluster,
  type GraphEdge,
  type GraphNode,
  isCluster,
  type Line,
  type Span,
  small,
  type TableRow,
  wrapped,
} from './graph.ts';
import { type Colour, escapeXml, light } from './palette.ts';

/** Graphviz knows how wide Arial is; Helvetica and Liberation Sans are as wide. */
const FONT = 'Arial';

/** The graph in the language of Graphviz, to be drawn: a label is a node in the middle of its arrow, so that nothing is drawn over it. */
export const dotOf = (graph: Graph): string => written(graph, true);

/** The graph in the language of Graphviz, for other tools: every node is a node, every edge an edge, with its label. */
export const dotForTools = (graph: Graph): string => written(graph, false);

function written(graph: Graph, labelsAreNodes: boolean): string {
  if (labelsAreNodes && graph.table !== undefined) return written(tabled(graph, graph.table), true);
  // From left to right, what is declared first is drawn lowest.
  const children = graph.direction === 'LR' ? graph.children.map(upsideDown).reverse() : graph.children;
  const nodes = graph.children.flatMap(nodesOf);
  const order = new Map(nodes.map(({ id }, index) => [id, index]));
  const edges = graph.edges.map((edge, index) => ({ ...edge, id: ` ${index}`, place: commonCluster(graph, edge) }));
  const lines = [
    `digraph ${quoted(graph.name)} {`,
    `  graph [rankdir=${graph.direction}, compound=true, bgcolor=transparent, pad=0.15, nodesep=0.25, ranksep=0.22, fontname="${FONT}", fontsize=12]`,
    `  node [shape=box, style="rounded,filled", margin="0.14,0.07", height=0.36, fontname="${FONT}", fontsize=12, color="${light('line')}", fontcolor="${light('ink')}"]`,
    `  edge [color="${light('line')}", arrowsize=0.7]`,
    ...(graph.title === undefined ? [] : [`  label=${html(graph.title, 'LEFT')}; labelloc=t; labeljust=l`]),
    ...children.flatMap((child) => childLines(child, '  ', labelsAreNodes ? edges : [])),
    ...(labelsAreNodes ? labelLines(edges, undefined, '  ') : []),
    ...edges.flatMap((edge) => (labelsAreNodes ? edgeLines(edge, order) : edgeLine(edge))).map((line) => `  ${line}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** The table of a graph, as the one thing that is drawn. */
function tabled({ name, title, direction }: Graph, rows: readonly TableRow[]): Graph {
  const label: Line[] = [...(title ?? [[{ text: name, colour: 'ink', bold: true }]]), ...rows.map(() => [])];
  return { name, direction, children: [{ id: name, shape: 'box', label, rows, fill: 'around' }], edges: [] };
}

/** A part of the graph with what is in it in the opposite order. */
function upsideDown(child: GraphNode | GraphCluster): GraphNode | GraphCluster {
  return isCluster(child) ? { ...child, children: child.children.map(upsideDown).reverse() } : child;
}

/** An edge, its number, and the innermost cluster that both its ends are in. */
type PlacedEdge = GraphEdge & { readonly id: string; readonly place: string | undefined };

function commonCluster({ children }: Pick<Graph, 'children'>, edge: GraphEdge): string | undefined {
  for (const child of children) {
    if (!isCluster(child)) continue;
    const inside = new Set(nodesOf(child).map(({ id }) => id));
    if (inside.has(edge.from) && inside.has(edge.to) && edge.fromCluster !== child.id)
      return commonCluster(child, edge) ?? child.id;
  }
  return undefined;
}

function childLines(child: GraphNode | GraphCluster, indent: string, edges: readonly PlacedEdge[]): string[] {
  if (!isCluster(child)) return [`${indent}${nodeLine(child)}`];
  const style = child.dashed ? 'rounded,filled,dashed' : 'rounded,filled';
  const align = child.labelAt === 'top right' ? 'RIGHT' : 'LEFT';
  const place = `labelloc=${child.labelAt === 'bottom left' ? 'b' : 't'}, labeljust=${align === 'LEFT' ? 'l' : 'r'}`;
  return [
    `${indent}subgraph ${quoted(clusterName(child.id))} {`,
    `${indent}  graph [label=${html(child.label, align)}, ${place}, style="${style}", color="${light('frame')}", fillcolor="${light(child.fill)}", margin=12]`,
    ...child.children.flatMap((inner) => childLines(inner, `${indent}  `, edges)),
    ...labelLines(edges, child.id, `${indent}  `),
    `${indent}}`,
  ];
}

const clusterName = (id: string): string => `cluster ${id}`;

function labelLines(edges: readonly PlacedEdge[], place: string | undefined, indent: string): string[] {
  return edges
    .filter((edge) => edge.place === place && edge.label.length > 0)
    .map(
      ({ id, label }) =>
        `${indent}${quoted(id)} [shape=plain, style="", margin=0, height=0, fontsize=10.5, label=${html(label)}]`,
    );
}

function nodeLine({ id, shape, label, rows, fill, strong }: GraphNode): string {
  const name = quoted(id);
  if (shape === 'dot')
    return `${name} [shape=circle, style=filled, label="", width=0.13, height=0.13, fillcolor="${light('line')}"]`;
  const text = rows === undefined ? html(label) : tableHtml(label.slice(0, label.length - rows.length), rows);
  const attributes = [`label=${text}`, `fillcolor="${light(strong ? 'visited' : fill)}"`];
  if (shape === 'pill') attributes.push('style="rounded,filled,dashed"');
  if (strong) attributes.push(`color="${light('strong')}"`, 'penwidth=2');
  return `${name} [${attributes.join(', ')}]`;
}

/** An edge as it is: from where it starts to where it leads, with its label. */
function edgeLine({ from, to, fromCluster, label, strong, dashed }: PlacedEdge): string {
  const attributes = [
    ...(label.length === 0 ? [] : [`label=${html(label)}`]),
    ...(fromCluster === undefined ? [] : [`ltail=${quoted(clusterName(fromCluster))}`]),
    ...(strong ? [`color="${light('strong')}"`, 'penwidth=2.2'] : []),
    ...(dashed ? ['style=dashed'] : []),
  ];
  return `${quoted(from)} -> ${quoted(to)}${attributes.length > 0 ? ` [${attributes.join(', ')}]` : ''}`;
}

/**
 * The nodes are laid out in the order in which they are declared, as a life or as code: an arrow against it
 * is written the other way round, and drawn with its head at its tail.
 */
function edgeLines(edge: PlacedEdge, order: ReadonlyMap<string, number>): string[] {
  const { id, from, to, fromCluster, label, strong, dashed } = edge;
  const distance = (order.get(to) ?? 0) - (order.get(from) ?? 0);
  const back = distance < 0;
  const [tail, head] = back ? [to, from] : [from, to];
  const common: string[] = [];
  if (strong) common.push(`color="${light('strong')}"`, 'penwidth=2.2');
  if (dashed) common.push('style=dashed');
  // One after the other stands below the other.
  if (distance === 1) common.push('weight=8');
  const frame = fromCluster === undefined ? [] : [`${back ? 'lhead' : 'ltail'}=${quoted(clusterName(fromCluster))}`];
  const line = (a: string, b: string, attributes: readonly string[]) =>
    `${quoted(a)} -> ${quoted(b)}${attributes.length > 0 ? ` [${attributes.join(', ')}]` : ''}`;
  if (label.length === 0) return [line(tail, head, [...common, ...frame, ...(back ? ['dir=back'] : [])])];
  const [upper, lower] = back ? [['dir=back'], ['dir=none', ...frame]] : [['dir=none', ...frame], []];
  return [line(tail, id, [...common, ...upper]), line(id, head, [...common, ...lower])];
}

function nodesOf(child: GraphNode | GraphCluster): GraphNode[] {
  return isCluster(child) ? child.children.flatMap(nodesOf) : [child];
}

/** A label of several lines, each with its own colours. */
function html(label: readonly Line[], align: 'CENTER' | 'LEFT' | 'RIGHT' = 'CENTER'): string {
  if (label.length === 0) return '""';
  const rows = label.map((line) => {
    const height = line.some(({ bold }) => bold) ? 16 : line.every(({ small }) => small) ? 12 : 13;
    // Graphviz sets a line of one piece higher than one of several.
    const spans = line.length === 1 && height === 12 ? [...line, BLANK] : line;
    // At the left of what stands right, an arrow comes in.
    const room = align === 'RIGHT' ? '<TD WIDTH="48"></TD>' : '';
    return `<TR>${room}<TD HEIGHT="${height}" ALIGN="${align}">${spans.map(spanHtml).join('')}</TD></TR>`;
  });
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">${rows.join('')}</TABLE>>`;
}

/** The columns of a table; one that no row has anything in is left out. */
const COLUMNS: readonly { head: string; of: 'state' | 'facts' | 'guard' | 'effect' | 'next'; colour: Colour }[] = [
  { head: 'state', of: 'state', colour: 'ink' },
  { head: 'fact', of: 'facts', colour: 'ink' },
  { head: 'guard', of: 'guard', colour: 'guard' },
  { head: 'effect', of: 'effect', colour: 'action' },
  { head: 'next', of: 'next', colour: 'ink' },
];

/** A table of facts, guards and effects under a title. */
function tableHtml(title: readonly Line[], rows: readonly TableRow[]): string {
  const columns = COLUMNS.filter(({ of }) => rows.some((row) => row[of] !== undefined));
  const cell = (text: string, colour: Colour, strong = false): string => {
    const lines = (text === '' ? [[BLANK]] : wrapped(text, colour, 30)).map(small);
    const ground = strong ? ` BGCOLOR="${light('visited')}"` : '';
    return `<TD ALIGN="LEFT" VALIGN="TOP"${ground}>${lines.map((line) => `${line.map(spanHtml).join('')}<BR ALIGN="LEFT"/>`).join('')}</TD>`;
  };
  const row = (cells: readonly string[]): string => `<TR>${cells.join('<TD WIDTH="12"></TD>')}</TR>`;
  const body = [
    ...title.map(
      (line) => `<TR><TD COLSPAN="${2 * columns.length - 1}" ALIGN="CENTER">${line.map(spanHtml).join('')}</TD></TR>`,
    ),
    row(columns.map(({ head }) => cell(head, 'faint'))),
    ...rows.map((said) => row(columns.map(({ of, colour }) => cell(said[of] ?? '', colour, said.strong)))),
  ];
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">${body.join('')}</TABLE>>`;
}

const BLANK: Span = { text: '\u00a0', colour: 'ink', small: true };

function spanHtml({ text, colour, bold, small }: Span): string {
  const plain = escapeXml(text);
  const size = small ? ' POINT-SIZE="9.5"' : '';
  return `<FONT COLOR="${light(colour)}"${size}>${bold ? `<B>${plain}</B>` : plain}</FONT>`;
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, ' ')}"`;
