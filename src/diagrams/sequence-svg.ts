import { fillOf } from './list.ts';
import { type Colour, light } from './palette.ts';
import type { Lane, Sequence, Step } from './sequence.ts';
import { columnsOf, frameWidth, headLines, headWidth, isBold, MESSAGE, numberText } from './sequence-layout.ts';
import { rounded, SIZE, svgHead, svgText } from './svg-text.ts';
import { linesWithin } from './text-width.ts';

const ROW = 24;
/** From line to line of a text. */
const LINE = 15;
/** Around all, and below the heads. */
const PAD = 12;
/** After so many rows, the heads of the lanes stand again. */
const AGAIN = 40;
/** The size of the title. */
const LARGE = 14;
/** What has a title is so wide that it has not many lines. */
const LEAST = 420;

/**
 * A sequence diagram as a picture: time runs down, one step a row, the breaking step on a red ground. The heads of the lanes stand
 * again after so many rows; with Infinity, only once.
 */
export function svgOfSequence(sequence: Sequence, rows = AGAIN): string {
  const { title, lanes, steps, violated } = sequence;
  const { at, numbers, width: needed } = columnsOf(sequence);
  const width = Math.max(needed, title === '' && violated === undefined ? 0 : LEAST);
  const titles = title === '' ? [] : linesWithin(title, width - 2 * PAD, LARGE, true);
  const marks = violated === undefined || steps.length === 0 ? [] : markLines(violated, width);
  const deepest = Math.max(0, ...lanes.map((lane) => headLines(lane).length));
  /** How high the heads are, with the room below them. */
  const heads = deepest * LINE + 2 * PAD;
  const top = PAD / 2 + (titles.length === 0 ? 0 : titles.length * (LARGE + 5) + 6);
  const y = (row: number): number => top + heads * (1 + Math.floor(Math.max(0, row) / rows)) + row * ROW + ROW / 2;
  const last = y(steps.length - 1);
  const bottom = last + ROW / 2;
  const height = Math.ceil(bottom + marks.length * (LINE + 3) + PAD);
  const again = steps.flatMap((_, row) => (row % rows === 0 && row > 0 ? [y(row) - ROW / 2 - heads] : []));
  const body = [
    ...titles.map((line, index) => svgText(PAD, top - 6 - (titles.length - 1 - index) * (LARGE + 5), line, TITLE)),
    ...marks.flatMap((line, index) => [
      ...(index > 0
        ? []
        : [
            `<rect x="4" y="${last - ROW / 2}" width="${width - 8}" height="${height - PAD / 2 - last + ROW / 2}" rx="6" fill="${light('alarm')}"/>`,
          ]),
      svgText(width / 2, bottom + LINE + index * (LINE + 3) - 1, line, { colour: 'broken', bold: true }),
    ]),
    ...lanes.map(
      ({ id }) =>
        `<path class="lane" d="M${at(id)} ${top + heads - PAD}V${bottom}" stroke="${light('frame')}" stroke-width="1.2"/>`,
    ),
    ...bars(steps, at, y),
    ...[top, ...again].flatMap((from) => lanes.map((lane) => heading(lane, at(lane.id), from, deepest))),
    ...steps.map((step, row) => drawn(step, at, numbers, y(row))),
  ];
  return [
    svgHead(width, height, title || 'Sequence of facts'),
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto"><path d="M0 0.8L8 4L0 7.2z" fill="${light('line')}"/></marker></defs>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

const TITLE = { bold: true, anchor: 'start', size: LARGE } as const;

const markLines = (violated: string, width: number): string[] =>
  linesWithin(`✗ ${violated}`, width - 2 * PAD, SIZE, true);

function heading(lane: Lane, x: number, top: number, lines: number): string {
  const width = headWidth(lane);
  const fill = fillOf(lane);
  const height = lines * LINE + 8;
  const said = headLines(lane);
  const first = top + height / 2 + 4 - ((said.length - 1) * LINE) / 2;
  return [
    `<rect x="${rounded(x - width / 2)}" y="${top}" width="${width}" height="${height}" rx="8" fill="${light(fill)}" stroke="${light('line')}"/>`,
    ...said.map((line, index) => svgText(x, first + index * LINE, line, { bold: true })),
  ].join('');
}

/** The time in which a call runs, as a bar on its lane. */
function bars(steps: readonly Step[], at: (lane: string) => number, y: (row: number) => number): string[] {
  const open = new Map<string, number>();
  const drawn: string[] = [];
  const bar = (lane: string, from: number, to: number): void => {
    drawn.push(
      `<rect x="${at(lane) - 4}" y="${y(from)}" width="8" height="${to - y(from)}" fill="${light('passing')}" stroke="${light('line')}" stroke-width="0.8"/>`,
    );
  };
  for (const [row, { lane, call }] of steps.entries()) {
    if (call === 'begins') open.set(lane, row);
    if (call === 'ends') {
      bar(lane, open.get(lane) ?? 0, y(row));
      open.delete(lane);
    }
  }
  for (const [lane, row] of open) bar(lane, row, y(steps.length - 1) + ROW / 2);
  return drawn;
}

/** A step with the numbers of its facts, which a page may mark. */
function drawn(step: Step, at: (lane: string) => number, numbers: number, y: number): string {
  const { number, end } = step;
  const facts = number === undefined ? '' : ` data-from="${number}" data-to="${end ?? number}"`;
  const said = numberText(step);
  const beside = said === '' ? '' : svgText(numbers, y + 4, said, { colour: 'faint', anchor: 'end' });
  return `<g class="step"${facts}>${beside}${step.to === undefined ? framed(step, at(step.lane), y) : arrow(step, at(step.lane), at(step.to), y)}</g>`;
}

function framed(step: Step, x: number, y: number): string {
  const { text: said, call, alarm, breaks } = step;
  const width = frameWidth(step);
  const fill: Colour = alarm ? 'alarm' : call === undefined ? 'state' : 'passing';
  return [
    `<rect x="${rounded(x - width / 2)}" y="${y - 10}" width="${width}" height="20" rx="10" fill="${light(fill)}" stroke="${light(alarm || breaks ? 'broken' : 'line')}"/>`,
    svgText(x, y + 4, said, { colour: alarm || breaks ? 'broken' : 'ink', bold: isBold(step) }),
  ].join('');
}

function arrow({ text: said, alarm, breaks }: Step, from: number, to: number, y: number): string {
  const side = to > from ? 1 : -1;
  return [
    `<path d="M${from + side * 5} ${y + 6}H${to - side * 2}" stroke="${light(breaks ? 'broken' : 'line')}" stroke-width="${breaks ? 2 : 1.2}" marker-end="url(#head)"/>`,
    // Beside the lane that it is done to, so that the columns read as what happened to each.
    svgText(to - side * MESSAGE, y + 1, said, {
      colour: alarm || breaks ? 'broken' : 'ink',
      anchor: side > 0 ? 'end' : 'start',
    }),
  ].join('');
}
