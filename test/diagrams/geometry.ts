/** A rectangle of a picture, in its own units: y grows downwards. */
export interface Box {
  readonly of: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Whether it is drawn over what runs behind it. */
  readonly covers?: boolean;
}

type Point = readonly [x: number, y: number];

interface Arrow {
  readonly of: string;
  readonly points: readonly Point[];
}

/** How wide a page is on which a picture must be readable, and how high its smallest text is then at least, in pixels. */
const [PAGE, SMALLEST] = [880, 10];

/** What is wrong with a picture of a graph, as an eye sees it: a line through a word, words on words, what is cut or too small. */
export function faultsOf(svg: string): string[] {
  const groups = [...svg.matchAll(/<g id="[^"]*" class="(node|edge|cluster)">\s*<title>([^<]*)<\/title>(.*?)<\/g>/gs)];
  const texts = textsOf(svg);
  const boxes = groups.flatMap(([, kind, of, body]) => (kind === 'node' ? boxOf(of!, body!) : []));
  const arrows = groups.flatMap(([, kind, of, body]) => (kind === 'edge' ? arrowsOf(of!, body!) : []));
  return [
    ...arrows.flatMap((arrow) =>
      texts
        .filter((text) => !text.covers && crosses(arrow, text, 0.5))
        .map(({ of }) => `${arrow.of} runs through ${of}`),
    ),
    ...arrows.flatMap((arrow) =>
      boxes.filter((box) => crosses(arrow, box, 2)).map(({ of }) => `${arrow.of} runs through the box ${of}`),
    ),
    ...texts.flatMap((one, index) =>
      texts
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => `${one.of} lies on ${other.of}`),
    ),
    ...outside(svg, texts, boxes, arrows),
    ...tooSmall(svg),
  ];
}

export const numbers = (text: string): number[] => [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);

export const attribute = (attributes: string, name: string): string | undefined =>
  new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];

/** The texts of a picture, in the order in which they are drawn. Throws an Error if the place or width of one is not said. */
export function textsOf(svg: string): Box[] {
  const usual = attribute(/<svg ([^>]*)>/.exec(svg)![1]!, 'font-size');
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].flatMap(([, attributes, of]): Box[] => {
    if (of!.replace(/&#160;/g, ' ').trim() === '') return [];
    const [x, y, size, width] = ['x', 'y', 'font-size', 'textLength'].map((name) =>
      Number(attribute(attributes!, name) ?? (name === 'font-size' ? usual : undefined)),
    );
    if (![x, y, size, width].every(Number.isFinite)) throw new Error(`no place or width is said of ${of}`);
    const anchor = attribute(attributes!, 'text-anchor');
    const left = x! - (anchor === 'middle' ? width! / 2 : anchor === 'end' ? width! : 0);
    return [
      {
        of: of!,
        left,
        right: left + width!,
        top: y! - 0.7 * size!,
        bottom: y!,
        covers: attributes!.includes('paint-order'),
      },
    ];
  });
}

function boxOf(of: string, body: string): Box[] {
  const shape = /<(?:path|polygon) [^>]*? (?:d|points)="([^"]*)"/.exec(body)?.[1];
  if (shape === undefined) return [];
  const all = numbers(shape);
  const [xs, ys] = [0, 1].map((axis) => all.filter((_, index) => index % 2 === axis)) as [number[], number[]];
  return [{ of, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }];
}

function arrowsOf(of: string, body: string): Arrow[] {
  return [...body.matchAll(/<path [^>]*? d="([^"]*)"/g)].map(([, path]) => {
    const all = numbers(path!);
    const ends = all.flatMap((x, index): Point[] => (index % 2 === 0 ? [[x, all[index + 1]!]] : []));
    const points: Point[] = [];
    for (let first = 0; first + 3 < ends.length; first += 3)
      for (let step = 0; step <= 40; step++) points.push(bezier(ends.slice(first, first + 4), step / 40));
    return { of, points };
  });
}

function bezier(ends: readonly Point[], at: number): Point {
  const weights = [(1 - at) ** 3, 3 * (1 - at) ** 2 * at, 3 * (1 - at) * at ** 2, at ** 3];
  return [0, 1].map((axis) =>
    ends.reduce((sum, end, index) => sum + weights[index]! * end[axis as 0 | 1], 0),
  ) as unknown as Point;
}

/** Whether an arrow is inside a rectangle by more than a margin. */
const crosses = ({ points }: Arrow, { left, right, top, bottom }: Box, margin: number): boolean =>
  points.some(([x, y]) => x > left + margin && x < right - margin && y > top + margin && y < bottom - margin);

/** Whether two rectangles have more than an edge in common. */
export const overlap = (one: Box, other: Box): boolean =>
  Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0.5 &&
  Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0.5;

function outside(svg: string, texts: readonly Box[], boxes: readonly Box[], arrows: readonly Arrow[]): string[] {
  const [, , width, height] = numbers(/viewBox="([^"]*)"/.exec(svg)![1]!) as [number, number, number, number];
  const [dx, dy] = numbers(/translate\(([^)]*)\)/.exec(svg)![1]!) as [number, number];
  const isIn = (x: number, y: number): boolean => x + dx >= 0 && x + dx <= width && y + dy >= 0 && y + dy <= height;
  return [
    ...[...texts, ...boxes]
      .filter(({ left, right, top, bottom }) => !isIn(left, top) || !isIn(right, bottom))
      .map(({ of }) => `${of} is cut`),
    ...arrows.filter(({ points }) => points.some(([x, y]) => !isIn(x, y))).map(({ of }) => `${of} is cut`),
  ];
}

function tooSmall(svg: string): string[] {
  const width = (Number(/width="(\d+)pt"/.exec(svg)![1]) * 4) / 3;
  const least = Math.min(...[...svg.matchAll(/font-size="([^"]*)"/g)].map(([, size]) => (Number(size) * 4) / 3));
  const shown = least * Math.min(1, PAGE / width);
  return shown >= SMALLEST ? [] : [`its text is ${shown.toFixed(1)} px high where the page is ${PAGE} px wide`];
}
