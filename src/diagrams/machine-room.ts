import { type Colour, escapeXml, PALETTE } from './palette.ts';

/**
 * A picture of the machine room: who holds the PMC and who waits for its mutex, the harts with their counters and slots, the
 * events, and which event lies in which slot. What it shows are observations by the names that reports give them; where each
 * stands hangs on the names and on `width` (in pixels) alone, so that nothing moves from step to step.
 */
export function machineRoom(
  values: ReadonlyMap<string, string>,
  changed: ReadonlySet<string> = new Set(),
  width = WIDTH,
): string {
  const owners = groupsOf(values);
  const frames: Frame[] = [];
  let top = PAD;
  for (const group of owners) {
    const frame = frameOf(group, top, width);
    frames.push(frame);
    top += frame.height + GAP;
  }
  const height = top - GAP + PAD;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="room" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="the machine room" font-family="Arial,Helvetica,Liberation Sans,sans-serif" font-size="12">`,
    `<style>\n${STYLE}\n</style>`,
    ...frames.map((frame) => frameText(frame, width)),
    ...frames.flatMap(({ cells }) =>
      cells.map((cell) => cellText(cell, values.get(cell.of) ?? '', changed.has(cell.of))),
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** What a cell shows of an observation: the value, or one entry of a list. */
export const shownIn = (value: string, index: number | undefined): string =>
  index === undefined ? value : (listOf(value)[index] ?? '');

/** Whether a value says that something is there: an event in a slot, a lock that is held, a bit that is set. */
export const isFilled = (value: string): boolean => !EMPTY.includes(value);

const EMPTY: readonly string[] = [
  '',
  '-',
  '–',
  '0',
  '0x0',
  '-1',
  'free',
  'NULL',
  'away',
  'nobody',
  'none',
  'idle',
  'inactive',
  'closed',
];

const [WIDTH, PAD, GAP, HEAD] = [640, 8, 10, 22];
const [CELL_HEIGHT, SPACE] = [36, 6];
/** How wide a cell is at least: of what all share, names of tasks stand in it; of an event, a place in the C. */
const [WIDE, NARROW] = [190, 130];
/** The room that a character of a value takes. */
const CHARACTER = 6.7;

interface Cell {
  /** The observation that it shows. */
  readonly of: string;
  readonly index?: number;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Frame {
  readonly title: string;
  readonly y: number;
  readonly height: number;
  readonly colour: Colour;
  readonly cells: readonly Cell[];
}

interface Group {
  readonly title: string;
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

/** The observations by what they belong to: what all share, the harts, the events. */
function groupsOf(values: ReadonlyMap<string, string>): Group[] {
  const groups = new Map<string, string[]>();
  for (const name of values.keys()) {
    const owner = OWNER.exec(name)?.[1] ?? SHARED;
    groups.set(owner, [...(groups.get(owner) ?? []), name]);
  }
  const rank = (title: string): number => [SHARED, 'device', 'hart', 'event'].indexOf(title.split(' ')[0]!);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b)).map(([title, names]) => ({ title, names, values }));
}

const OWNER = /^(device|(?:event|hart) \d+) /;
const SHARED = 'shared';

const listOf = (value: string): string[] => (/^\[.+\]$/.test(value) ? value.slice(1, -1).split(', ') : []);

function frameOf({ title, names, values }: Group, y: number, whole: number): Frame {
  const isWide = title === SHARED;
  const inner = whole - 4 * PAD + SPACE;
  const across = Math.max(1, Math.floor(inner / ((isWide ? WIDE : NARROW) + SPACE)));
  const width = Math.floor(inner / across) - SPACE;
  const places = names.flatMap((of): Pick<Cell, 'of' | 'index' | 'label'>[] => {
    const label = of.replace(OWNER, '');
    const entries = listOf(values.get(of)!);
    if (!label.endsWith('[]') || entries.length === 0) return [{ of, label }];
    return entries.map((_, index) => ({ of, index, label: label.replace('[]', `[${index}]`) }));
  });
  const cells = places.map((place, number) => ({
    ...place,
    width,
    x: 2 * PAD + (number % across) * (width + SPACE),
    y: y + HEAD + Math.floor(number / across) * (CELL_HEIGHT + SPACE),
  }));
  const rows = Math.ceil(places.length / across);
  const colour = isWide ? 'frame' : /^(hart|device)/.test(title) ? 'running' : 'live';
  return { title, y, height: HEAD + rows * (CELL_HEIGHT + SPACE) + 2, colour, cells };
}

/** What all share, and the PMC where it is one that has an owner. */
const titleOf = ({ title, cells }: Frame): string => {
  if (title !== SHARED) return title === 'device' ? 'the device' : title;
  return cells.some(({ of }) => of === 'perf_irq') ? 'the PMC, and what all share' : 'what all share';
};

const frameText = (frame: Frame, width: number): string =>
  `<rect x="${PAD}" y="${frame.y}" width="${width - 2 * PAD}" height="${frame.height}" rx="8" class="room-frame room-${frame.colour}"/>` +
  `<text x="${2 * PAD}" y="${frame.y + 15}" class="room-title">${escapeXml(titleOf(frame))}</text>`;

function cellText({ of, index, label, x, y, width }: Cell, value: string, isChanged: boolean): string {
  const most = Math.floor((width - 12) / CHARACTER);
  const shown = shownIn(value, index);
  const kinds = ['room-cell', ...(isFilled(shown) ? ['filled'] : []), ...(isChanged ? ['differs'] : [])].join(' ');
  return [
    `<g class="${kinds}" data-of="${escapeXml(of)}"${index === undefined ? '' : ` data-index="${index}"`}>`,
    `<title>${escapeXml(`${of}: ${value}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${CELL_HEIGHT}" rx="4"/>`,
    `<text x="${x + 6}" y="${y + 14}" class="room-label">${escapeXml(short(label, most + 3))}</text>`,
    `<text x="${x + 6}" y="${y + 29}" class="room-value" data-most="${most}" data-empty="${EMPTY.join('|')}">${escapeXml(short(shown, most))}</text>`,
    '</g>',
  ].join('');
}

const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const RULES: readonly (readonly [selector: string, property: string, colour: Colour])[] = [
  ['.room-frame', 'stroke', 'frame'],
  ['.room-frame', 'fill', 'around'],
  ['.room-running', 'stroke', 'action'],
  ['.room-live', 'stroke', 'line'],
  ['.room-title', 'fill', 'ink'],
  ['.room-label', 'fill', 'faint'],
  ['.room-value', 'fill', 'ink'],
  ['.room-cell rect', 'fill', 'state'],
  ['.room-cell rect', 'stroke', 'frame'],
  ['.room-cell.filled rect', 'fill', 'running'],
  ['.room-cell.differs rect', 'fill', 'visited'],
  ['.room-cell.differs rect', 'stroke', 'strong'],
];

const rules = (theme: 0 | 1): string =>
  RULES.map(([selector, property, colour]) => `${selector}{${property}:${PALETTE[colour][theme]}}`).join(' ');

/** Its own style sheet, so that a step changes classes only. */
const STYLE = [
  '.room-title{font-weight:bold} .room-label{font-size:10.5px} .room-value{font-family:ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;font-size:11px}',
  '.room-cell.differs rect{stroke-width:2}',
  rules(0),
  `@media (prefers-color-scheme: dark){${rules(1)}}`,
].join('\n');
