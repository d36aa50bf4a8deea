/** A point of a layout, in points of Graphviz: y grows upwards. */
export type Point = readonly [x: number, y: number];

/** A text that Graphviz has placed: how wide it took it to be, and where its line starts. */
export interface PlacedText {
  readonly text: string;
  readonly size: number;
  readonly bold: boolean;
  readonly left: number;
  readonly width: number;
  /** Where its letters stand. */
  readonly base: number;
}

/** A frame with the lines of its title. */
export interface PlacedCluster {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly title: readonly PlacedText[];
}

/** What Graphviz made of a text in its language: as much of it as is needed to mend its picture. */
export interface Layout {
  readonly texts: readonly PlacedText[];
  readonly clusters: readonly PlacedCluster[];
  /** The arrows, each as points close together. */
  readonly curves: readonly (readonly Point[])[];
}

/** One operation of Graphviz's drawing, as its JSON has it. */
type Operation =
  | { readonly op: 'F'; readonly size: number }
  | { readonly op: 't'; readonly fontchar: number }
  | {
      readonly op: 'T';
      readonly pt: Point;
      readonly align: 'l' | 'c' | 'r';
      readonly width: number;
      readonly text: string;
    }
  | { readonly op: 'b'; readonly points: readonly Point[] }
  | { readonly op: 'other' };

interface Drawn {
  readonly name?: string;
  readonly bb?: string;
  readonly _draw_?: readonly Operation[];
  readonly _ldraw_?: readonly Operation[];
}

/** Reads the JSON that Graphviz writes beside a picture. */
export function readLayout(json: string): Layout {
  const whole = JSON.parse(json) as Drawn & { readonly objects?: readonly Drawn[]; readonly edges?: readonly Drawn[] };
  const { objects = [], edges = [] } = whole;
  return {
    texts: [whole, ...objects].flatMap(textsOf),
    clusters: objects.filter(({ bb }) => bb !== undefined).map(clusterOf),
    curves: edges.flatMap(({ _draw_ = [] }) =>
      _draw_.flatMap((drawn) => (drawn.op === 'b' ? [curve(drawn.points)] : [])),
    ),
  };
}

function clusterOf(drawn: Drawn): PlacedCluster {
  const [left = 0, , right = 0] = drawn.bb!.split(',').map(Number);
  return { name: drawn.name!, left, right, title: textsOf(drawn) };
}

function textsOf({ _ldraw_ = [] }: Drawn): PlacedText[] {
  let size = 0;
  let bold = false;
  return _ldraw_.flatMap((drawn): PlacedText[] => {
    if (drawn.op === 'F') size = drawn.size;
    if (drawn.op === 't') bold = (drawn.fontchar & 1) === 1;
    if (drawn.op !== 'T') return [];
    const { text, width, align, pt } = drawn;
    const left = pt[0] - { l: 0, c: width / 2, r: width }[align];
    return [{ text, size, bold, left, width, base: pt[1] }];
  });
}

/** Cubic Bézier curves, one after the other, as points. */
function curve(points: readonly Point[]): Point[] {
  const on: Point[] = [];
  for (let first = 0; first + 3 < points.length; first += 3) {
    const [a, b, c, d] = points.slice(first, first + 4) as [Point, Point, Point, Point];
    for (let step = 0; step <= STEPS; step++) {
      const t = step / STEPS;
      const at = (axis: 0 | 1): number =>
        (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b[axis] + 3 * (1 - t) * t ** 2 * c[axis] + t ** 3 * d[axis];
      on.push([at(0), at(1)]);
    }
  }
  return on;
}

const STEPS = 32;
