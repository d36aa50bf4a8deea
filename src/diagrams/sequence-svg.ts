import { type Colour, DARK_STYLE, escapeXml, light } from './palette.ts';
import type { Lane, Sequence, Step } from './sequence.ts';

const ROW = 26;
const TOP = 62;
/** The room for the numbers of the facts, left of all lanes. */
const NUMBERS = 36;
/** After so many facts, the heads of the lanes stand again, in the room of two rows. */
const AGAIN = 40;
const HEADS = 2;
/** How wide a character is at most, on the average. */
const CHARACTER = 6.9;

/** A sequence diagram as a picture: time runs down, one fact a row, the breaking step on a red ground. */
export function svgOfSequence({ title, lanes, steps, violated }: Sequence): string {
  const at = placesOf(lanes, steps);
  const last = lanes.at(-1);
  const marked = violated !== undefined && steps.length > 0;
  const widest = Math.max(
    0,
    ...steps.filter(({ to }) => to === undefined).map(({ lane, text }) => at(lane) + half(text)),
  );
  const width = Math.ceil(
    Math.max(
      last === undefined ? 0 : at(last.id) + half(last.title) + 16,
      widest + 16,
      title.length * 7.5 + 32,
      half(violated ?? '') * 2 + 16,
    ),
  );
  const head = title === '' ? 0 : 28;
  const rows = steps.length + (marked ? 1 : 0);
  const headsBefore = (row: number): number => Math.floor(Math.max(0, row) / AGAIN);
  const y = (row: number): number => head + TOP + (row + HEADS * headsBefore(row)) * ROW + ROW / 2;
  const lastRow = y(steps.length - 1);
  const height = head + TOP + (rows + HEADS * headsBefore(steps.length - 1)) * ROW + 20;
  const again = Array.from({ length: headsBefore(steps.length - 1) }, (_, number) => (number + 1) * AGAIN);
  const breaking = steps.findIndex(({ breaks }) => breaks);
  const body = [
    ...(title === '' ? [] : [text(16, 22, title, 'ink', { bold: true, anchor: 'start', size: 14 })]),
    ...(breaking < 0 || !marked
      ? []
      : [
          `<rect x="6" y="${y(breaking) - ROW / 2}" width="${width - 12}" height="${2 * ROW}" rx="6" fill="${light('alarm')}"/>`,
          text(width / 2, y(breaking) + ROW + 4, `✗ ${violated}`, 'broken', { bold: true }),
        ]),
    ...lanes.map(
      ({ id }) =>
        `<path d="M${at(id)} ${head + 44}V${marked ? lastRow + ROW / 2 : height - 12}" stroke="${light('frame')}" stroke-width="1.2"/>`,
    ),
    ...bars(steps, at, y),
    ...[head, ...again.map((row) => y(row) - TOP - ROW / 2 + 6)].flatMap((from) =>
      lanes.map((lane) => heading(lane, at(lane.id), from)),
    ),
    ...steps.map((step, row) => `<g class="step">${numbered(step, y(row))}${drawn(step, at, y(row)).join('')}</g>`),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="Arial,Helvetica,Liberation Sans,sans-serif" font-size="12">`,
    `<title>${escapeXml(title || 'Sequence of facts')}</title>`,
    `<style>\n${DARK_STYLE}\n</style>`,
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0.8L8 4L0 7.2z" fill="${light('line')}"/></marker></defs>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** Half the width of a text in a frame. */
const half = (said: string): number => (said.length * CHARACTER) / 2 + 12;

/** Where the lanes stand: far enough apart for their titles, and for what is written between neighbours. */
function placesOf(lanes: readonly Lane[], steps: readonly Step[]): (lane: string) => number {
  const need = (lane: Lane): number =>
    Math.max(
      half(lane.title),
      ...steps.filter((step) => step.lane === lane.id && step.to === undefined).map((step) => half(step.text)),
    );
  const places = new Map<string, number>();
  let x = 16 + NUMBERS;
  for (const [index, lane] of lanes.entries()) {
    const before = lanes[index - 1];
    const own = need(lane);
    x = before === undefined ? x + own : x + Math.max(need(before) + own, 110) + 8;
    places.set(lane.id, Math.round(x));
  }
  return (lane) => places.get(lane)!;
}

function heading({ title, kind }: Lane, x: number, head: number): string {
  const width = half(title) * 2 - 8;
  const fill: Colour = kind === 'task' ? 'live' : kind === 'hart' ? 'running' : 'state';
  const frame = `<rect x="${round(x - width / 2)}" y="${head + 16}" width="${round(width)}" height="28" rx="8" fill="${light(fill)}" stroke="${light('line')}"/>`;
  return frame + text(x, head + 34, title, 'ink', { bold: true });
}

/** The time in which a call runs, as a bar on its lane. */
function bars(steps: readonly Step[], at: (lane: string) => number, y: (row: number) => number): string[] {
  const open = new Map<string, number>();
  const drawn: string[] = [];
  const bar = (lane: string, from: number, to: number): void => {
    drawn.push(
      `<rect x="${at(lane) - 4}" y="${y(from)}" width="8" height="${y(to) - y(from)}" fill="${light('passing')}" stroke="${light('line')}" stroke-width="0.8"/>`,
    );
  };
  for (const [row, { lane, call }] of steps.entries()) {
    if (call === 'begins') open.set(lane, row);
    if (call === 'ends') {
      bar(lane, open.get(lane) ?? 0, row);
      open.delete(lane);
    }
  }
  for (const [lane, row] of open) bar(lane, row, steps.length - 0.5);
  return drawn;
}

const numbered = ({ number }: Step, y: number): string =>
  number === undefined ? '' : text(NUMBERS, y + 4, number.toLocaleString('en'), 'faint', { anchor: 'end', size: 10 });

function drawn({ text: said, lane, to, call, alarm, breaks }: Step, at: (lane: string) => number, y: number): string[] {
  const x = at(lane);
  const colour: Colour = alarm || breaks ? 'broken' : 'ink';
  if (to === undefined) {
    const width = half(said) * 2 - 8;
    const fill: Colour = alarm ? 'alarm' : call === undefined ? 'state' : 'passing';
    const frame = `<rect x="${round(x - width / 2)}" y="${y - 10}" width="${round(width)}" height="20" rx="10" fill="${light(fill)}" stroke="${light(alarm || breaks ? 'broken' : 'line')}"/>`;
    return [frame, text(x, y + 4, said, colour, { bold: call === 'begins' })];
  }
  const target = at(to);
  const side = target > x ? 1 : -1;
  return [
    `<path d="M${x + side * 5} ${y + 6}H${target - side * 2}" stroke="${light(breaks ? 'broken' : 'line')}" stroke-width="${breaks ? 2 : 1.2}" marker-end="url(#head)"/>`,
    // Beside the lane that it is done to, so that the columns read as what happened to each.
    text(target - side * 10, y + 1, said, colour, { anchor: side > 0 ? 'end' : 'start' }),
  ];
}

function text(
  x: number,
  y: number,
  said: string,
  colour: Colour,
  {
    bold = false,
    anchor = 'middle',
    size,
  }: { bold?: boolean; anchor?: 'start' | 'middle' | 'end'; size?: number } = {},
): string {
  const style = `${bold ? ' font-weight="bold"' : ''}${size === undefined ? '' : ` font-size="${size}"`}`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${light(colour)}"${style}>${escapeXml(said)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
