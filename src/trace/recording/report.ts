import pc from 'picocolors';
import { hartsText } from '../harts.ts';
import type { Undecided } from '../properties.ts';
import { boundedText, counted, list, refusedText, worst } from '../report.ts';
import { FORMATS } from './formats.ts';
import type { ImportReport, Place, StretchReport, UnjudgedReport } from './import.ts';

/** The terminal report of a recording: what was judged, where a machine refused it, and which property was violated when. */
export function importReport(file: string, report: ImportReport): string {
  const parts = [
    heading(file, report),
    ...inOrder(report).map((part) => ('why' in part ? unjudged(part) : judged(part))),
    ...broken(report),
    ...undecided(report),
    rest(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function heading(file: string, report: ImportReport): string {
  const { format, callbacks, cpus, madeByDriver, ignored, moved, missed, doubled, driver, environment } = report;
  const beside = [
    ...(madeByDriver > 0 ? [`${counted(madeByDriver, 'call')} of the driver itself inside them left out`] : []),
    ...(ignored > 0 ? [`${counted(ignored, 'event')} of others ignored`] : []),
    ...(moved > 0 ? [`${counted(moved, 'line')} out of the order of time put in order`] : []),
    ...(missed > 0 ? [`${counted(missed, 'hit')} missing of calls that are known all the same`] : []),
    ...(doubled > 0 ? [`${counted(doubled, 'hit')} of probes that were defined twice left out`] : []),
  ];
  return [
    `${pc.bold(file)}: ${counted(callbacks, 'callback')} on ${counted(cpus, 'CPU')}, as ${FORMATS[format].tool} prints them${beside.map((text) => `; ${text}`).join('')}.`,
    `Held against driver ${driver} in environment ${environment}.`,
  ].join('\n');
}

const inOrder = ({ segments, unjudged }: ImportReport): (StretchReport | UnjudgedReport)[] =>
  [...segments, ...unjudged].toSorted((one, other) => order(one.from, other.from));

const order = (one: Place, other: Place): number => Number(one.time) - Number(other.time) || one.line - other.line;

/** When and where: `0.019732 s, cpu 0`. */
export function moment({ time, cpu }: Place): string {
  return `${time} ${time.includes('.') ? 's' : 'ns'}, cpu ${cpu}`;
}

const span = ({ from, to }: { from: Place; to: Place }): string =>
  `${at(from)} (${moment(from)}) to ${at(to)} (${moment(to)})`;

/** The lines of a callback. */
const at = ({ line, returned }: Place): string =>
  returned === undefined ? `line ${line}` : `line ${line}/${returned}`;

function unjudged({ why, callbacks, ...part }: UnjudgedReport): string {
  return `${pc.yellow('not judged')}: ${span(part)}, ${counted(callbacks, 'callback')}: ${why}.`;
}

function judged(part: StretchReport): string {
  const { refused, bounded, callbacks, unfinished } = part;
  const running = unfinished > 0 ? ` ${counted(unfinished, 'callback')} had not returned at its end.` : '';
  if (bounded !== undefined)
    return [
      `${pc.yellow('undecided')} at ${at(bounded.place)} (${moment(bounded.place)}); ${span(part)}.`,
      ...boundedText(bounded),
      '  Nothing after it is judged in this segment.',
    ].join('\n');
  if (refused === undefined)
    return `${pc.green('accepted')}: ${span(part)}, ${counted(callbacks, 'callback')}.${running}`;
  return [
    `${pc.red('refused')} at ${at(refused.place)} (${moment(refused.place)}), event ${refused.place.address}; ${span(part)}.`,
    ...refusedText(refused),
    `  Nothing after it is judged in this segment.`,
  ].join('\n');
}

function broken({ segments }: ImportReport): string[] {
  const all = segments.flatMap((segment) => segment.broken);
  if (all.length === 0) return [];
  const told = [...new Set(all.map(({ property }) => property))].flatMap((property) => {
    const breaks = all.filter((candidate) => candidate.property === property);
    const [first] = breaks as [(typeof breaks)[number]];
    const more = [breaks.length > 1 ? `${counted(breaks.length, 'time')}` : '', worst(breaks)].filter(Boolean);
    return [
      ` ${pc.bold(property)}${more.map((text) => `, ${text}`).join('')}`,
      `   first at ${at(first.place)} (${moment(first.place)}): ${first.callback} (${first.place.address}), with ${first.fact}`,
    ];
  });
  return [[pc.bold('Violated properties'), ...told].join('\n')];
}

function undecided({ segments }: ImportReport): string[] {
  const all = segments.flatMap((segment) => segment.undecided);
  const [first] = all;
  if (first === undefined) return [];
  return [
    [
      pc.bold('Undecided'),
      ` count-exact, at ${counted(all.length, 'callback')}: no line shows the counter where the event was started, or read`,
      `   first at ${at(first.place)} (${moment(first.place)}): ${first.callback}, ${range(first)}`,
    ].join('\n'),
  ];
}

/** How many ticks a count may have too many; beyond all counters where nothing bounds it. */
function range({ least, most }: Undecided): string {
  const [from, to] = [BigInt(least), BigInt(most)];
  if (to - from >= 1n << 63n) return 'by nobody knows how many ticks';
  return `${from.toLocaleString('en')} to ${to.toLocaleString('en')} ticks too many`;
}

function rest({ segments }: ImportReport): string {
  const sum = (of: (segment: StretchReport) => number) => segments.reduce((total, segment) => total + of(segment), 0);
  const notHeld = new Set(
    segments.flatMap(({ broken, undecided }) => [...broken, ...undecided]).map(({ property }) => property),
  );
  const held = [...new Set(segments.flatMap((segment) => segment.held))].filter((id) => !notHeld.has(id));
  const vacuous = (segments[0]?.vacuous ?? []).filter((id) =>
    segments.every((segment) => segment.vacuous.includes(id)),
  );
  const readings = sum(({ inferredReadings }) => inferredReadings);
  const facts = counted(
    sum((segment) => segment.facts),
    'fact',
  );
  const later = readings === 0 ? '' : `, ${counted(readings, 'counter reading')} from the next callback of the event`;
  const steps = counted(
    sum(({ orders }) => orders.tried),
    'step',
  );
  const overlapping = counted(
    sum(({ orders }) => orders.overlapping),
    'callback',
  );
  return [
    ...list('Held in what was judged', held),
    ...list('Vacuous', vacuous),
    ...new Set(segments.flatMap(({ cpus }) => hartsText(cpus))),
    `Inferred, as only one is possible: ${facts} inside the callbacks${later}.`,
    `Searched: the order of what overlapping callbacks share, in ${steps}; ${overlapping} did something after a later one had begun.`,
  ]
    .map((line) => pc.dim(line))
    .join('\n');
}
