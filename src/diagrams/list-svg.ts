import type { Line, Span } from './graph.ts';
import type { List, ListItem, ListRow } from './list.ts';
import { light } from './palette.ts';
import { SIZE, svgHead, svgText } from './svg-text.ts';
import { textWidth } from './text-width.ts';

/** How wide a list is, in pixels: as much as a page on a telephone has room for. */
const WIDTH = 360;
/** From line to line, and how far letters stand above the end of theirs. */
const [LINE, LOW] = [16, 3];
const [EDGE, INSIDE, GAP] = [4, 9, 8];
/** How far what is in a frame stands from its edge. */
const DEEPER = 10;
/** How far what leads away is moved in, and what is said of it. */
const SAID = 12;

/** A list as a picture that is as wide as a telephone's page, and as high as it has to be: all of its letters have one size. */
export function svgOfList({ title, items }: List, name: string): string {
  const body: string[] = [];
  let y = EDGE;
  for (const line of title.flatMap((one) => broken(one, WIDTH - 2 * EDGE))) {
    y += LINE;
    body.push(lineAt(line, EDGE, y - LOW));
  }
  if (title.length > 0) y += GAP;
  for (const item of items) {
    const { drawn, height } = box(item, y);
    body.push(...drawn);
    y += height + GAP;
  }
  return [svgHead(WIDTH, Math.ceil(y), name), ...body, '</svg>', ''].join('\n');
}

/** A box that begins at a height, and how high it is. */
function box({ depth, heading, fill, strong, rows }: ListItem, top: number): { drawn: string[]; height: number } {
  const left = EDGE + depth * DEEPER;
  const width = WIDTH - EDGE - left;
  const inside = left + (fill === undefined ? 0 : INSIDE);
  const room = left + width - INSIDE - inside;
  let y = top + (fill === undefined ? 0 : 4);
  const drawn: string[] = [];
  for (const line of heading.flatMap((one) => broken(one, room))) {
    y += LINE;
    drawn.push(lineAt(line, inside, y - LOW));
  }
  for (const [index, row] of rows.entries()) {
    if (fill !== undefined && (index > 0 || heading.length > 0)) {
      drawn.push(`<path d="M${left} ${y + 5}H${left + width}" stroke="${light('frame')}"/>`);
      y += 6;
    }
    const { number = '' } = row;
    if (number !== '') drawn.push(svgText(inside, y + LINE - LOW, number, { colour: 'faint', anchor: 'start' }));
    for (const { line, x } of linesOf(row, room)) {
      y += LINE;
      drawn.push(lineAt(line, inside + x, y - LOW));
    }
  }
  const height = y - top + (fill === undefined ? 0 : 6);
  const bars = Array.from({ length: depth }, (_, outer) => {
    const x = EDGE + outer * DEEPER + 2;
    return `<path d="M${x} ${top - GAP}V${top + height}" stroke="${light('frame')}" stroke-width="2"/>`;
  });
  if (fill === undefined) return { drawn: [...bars, ...drawn], height };
  const look = `fill="${light(strong ? 'visited' : fill)}" stroke="${light(strong ? 'strong' : 'line')}"`;
  const frame = `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="6" ${look}/>`;
  return { drawn: [...bars, frame, ...drawn], height };
}

/** The lines of a row, each with how far it is moved in. */
function linesOf({ number = '', lines, strong }: ListRow, room: number): { line: Line; x: number }[] {
  const own = besideNumber(number);
  return lines.flatMap((line, index) => {
    const x = own + (index === 0 ? 0 : SAID);
    const told = strong ? line.map((span) => ({ ...span, colour: 'strong' as const })) : line;
    return broken(told, room - x - SAID).map((part, again) => ({ line: part, x: x + (again === 0 ? 0 : SAID) }));
  });
}

/** How far what stands beside a number is from where that begins. */
const besideNumber = (number: string): number => (number === '' ? 0 : Math.ceil(textWidth(number, SIZE)) + 8);

/** A line as several that are no wider than so much; broken at blanks, and within a word where that is too long. */
function broken(line: Line, most: number): Line[] {
  const lines: Span[][] = [[]];
  let left = most;
  for (const span of line)
    for (const word of span.text.match(/ *[^ ]+ *$| *[^ ]+/g) ?? []) {
      for (const part of partsOf(word, most, span.bold)) {
        const isFirst = lines.at(-1)!.length === 0;
        const wide = textWidth(part, SIZE, span.bold);
        if (!isFirst && wide > left) {
          lines.push([]);
          left = most;
        }
        const text = lines.at(-1)!.length === 0 ? part.trimStart() : part;
        lines.at(-1)!.push({ ...span, text });
        left -= textWidth(text, SIZE, span.bold);
      }
    }
  return lines.map(joined);
}

/** A word, or where that is too wide for a line, its parts between the signs that names are made with. */
const partsOf = (word: string, most: number, bold = false): string[] =>
  textWidth(word, SIZE, bold) <= most ? [word] : (word.match(/[^._|,]+[._|,]*|[._|,]+/g) ?? [word]);

/** A line with neighbours that look the same as one piece. */
function joined(line: readonly Span[]): Line {
  const spans: Span[] = [];
  for (const span of line) {
    const last = spans.at(-1);
    if (last !== undefined && last.colour === span.colour && last.bold === span.bold)
      spans[spans.length - 1] = { ...last, text: last.text + span.text };
    else spans.push(span);
  }
  return spans;
}

function lineAt(line: Line, x: number, y: number): string {
  let at = x;
  return line
    .map(({ text, colour, bold = false }) => {
      // Blanks at the edge of a text are not drawn.
      const said = text.trim();
      const before = text.length - text.trimStart().length;
      const start = at + textWidth(text.slice(0, before), SIZE, bold);
      at += textWidth(text, SIZE, bold);
      return said === '' ? '' : svgText(start, y, said, { colour, bold, anchor: 'start' });
    })
    .join('');
}
