import { type Graph, type GraphCluster, type GraphNode, isCluster, type Line } from './graph.ts';
import { light } from './palette.ts';

/**
 * The graph as a Mermaid state diagram (`stateDiagram-v2`), in the part of the language that GitHub draws:
 * states with a description, nested states, transitions with a text, classes.
 */
export function mermaidOf(graph: Graph): string {
  const names = new Map<string, string>();
  for (const child of graph.children.flatMap(all)) {
    const isDot = !isCluster(child) && child.shape === 'dot';
    names.set(child.id, isDot ? '[*]' : `s${names.size + 1}`);
  }
  const nodes = graph.children.flatMap(all).filter((child): child is GraphNode => !isCluster(child));
  const styles: [string, string, GraphNode[]][] = [
    ['outside', 'stroke-dasharray: 4 3', nodes.filter(({ shape }) => shape === 'pill')],
    ['visited', `stroke:${light('strong')},stroke-width:3px`, nodes.filter(({ strong }) => strong === true)],
  ];
  const used = styles.filter(([, , members]) => members.length > 0);
  const lines = [
    'stateDiagram-v2',
    `  direction ${graph.direction}`,
    ...graph.children.flatMap((child) => stateLines(graph, child, '  ', names)),
    ...graph.edges.map(({ from, to, fromCluster, label, strong }) => {
      const text = labelText(label);
      const mark = strong ? (text === '' ? '●' : '● ') : '';
      const said = `${mark}${text}`;
      return `  ${names.get(fromCluster ?? from)} --> ${names.get(to)}${said === '' ? '' : ` : ${said}`}`;
    }),
    ...used.map(([name, style]) => `  classDef ${name} ${style}`),
    ...used.map(([name, , members]) => `  class ${members.map(({ id }) => names.get(id)).join(',')} ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

function stateLines(
  graph: Graph,
  child: GraphNode | GraphCluster,
  indent: string,
  names: ReadonlyMap<string, string>,
): string[] {
  if (!isCluster(child) && child.shape === 'dot') return [];
  // The title of a state with states inside has one line, and cannot be empty.
  const label = labelText(child.label, isCluster(child) ? ', ' : '<br/>') || mermaidText(graph.name);
  const state = `${indent}state "${label}" as ${names.get(child.id)}`;
  if (!isCluster(child)) return [state];
  return [
    `${state} {`,
    ...child.children.flatMap((inner) => stateLines(graph, inner, `${indent}  `, names)),
    `${indent}}`,
  ];
}

const all = (child: GraphNode | GraphCluster): (GraphNode | GraphCluster)[] =>
  isCluster(child) ? [child, ...child.children.flatMap(all)] : [child];

const labelText = (label: readonly Line[], newline = '<br/>'): string =>
  label.map((line) => mermaidText(line.map(({ text }) => text).join(''))).join(newline);

/** A text without what means something to Mermaid; a character that does stands as its code. */
export function mermaidText(text: string): string {
  return text.replace(/[#;:"<>{}%\n\\`|]/g, (character) =>
    character === '\n' ? ' ' : `#${character.codePointAt(0)};`,
  );
}
