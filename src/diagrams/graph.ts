import type { Colour } from './palette.ts';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly colour: Colour;
  readonly bold?: boolean;
  readonly small?: boolean;
}

/** One line of a label. */
export type Line = readonly Span[];

export interface GraphNode {
  readonly id: string;
  /** `box`: a state; `dot`: where it starts; `pill`: something outside of what is drawn. */
  readonly shape: 'box' | 'dot' | 'pill';
  readonly label: readonly Line[];
  /** Drawn as a table, in place of the last lines of the label, of which each says the same as a row. */
  readonly rows?: readonly TableRow[];
  readonly fill: Colour;
  /** Drawn stronger: a log went through it. */
  readonly strong?: boolean;
}

/** What a machine does at some facts: whether it takes them, and what that does. */
export interface TableRow {
  /** The state in which it does; left out where the machine has one state only. */
  readonly state?: string;
  readonly facts: string;
  readonly guard: string;
  readonly effect: string;
  /** Where that leads, if it leads anywhere. */
  readonly next?: string;
  /** Drawn stronger: a log went through it. */
  readonly strong?: boolean;
}

/** Nodes with a frame around them. */
export interface GraphCluster {
  readonly id: string;
  readonly label: readonly Line[];
  /** In which corner the label stands; at the top left if it is left out. */
  readonly labelAt?: 'top right' | 'bottom left';
  readonly fill: Colour;
  readonly dashed?: boolean;
  readonly children: readonly (GraphNode | GraphCluster)[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The cluster at whose frame it starts, in place of the node. */
  readonly fromCluster?: string;
  readonly label: readonly Line[];
  readonly strong?: boolean;
  readonly dashed?: boolean;
}

/** What is drawn, in any format. Ids are any strings. */
export interface Graph {
  readonly name: string;
  /** Written above all; nothing if it is left out. */
  readonly title?: readonly Line[];
  readonly direction: 'LR' | 'TB';
  /** Drawn in place of states and arrows, where these are too many for one look. */
  readonly table?: readonly TableRow[];
  readonly children: readonly (GraphNode | GraphCluster)[];
  readonly edges: readonly GraphEdge[];
}

export const isCluster = (child: GraphNode | GraphCluster): child is GraphCluster => 'children' in child;

/** A text as lines of about that many characters, broken at blanks. */
export function wrapped(text: string, colour: Colour, width = 30): Line[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => [{ text: line, colour }]);
}

/** The line in a smaller type. */
export const small = (line: Line): Line => line.map((span) => ({ ...span, small: true }));
