import pc from 'picocolors';
import type { TraceReport } from './check.ts';
import { hartsText } from './harts.ts';
import type { BrokenProperty } from './properties.ts';
import type { OverlappingCall, TraceRefusal } from './refusal.ts';
import { shown } from './shown.ts';

/** The terminal report of a trace: whether it is accepted or where not, then the properties that it breaks. */
export function traceReport(file: string, report: TraceReport): string {
  const parts = [report.accepted ? accepted(file, report) : refused(file, report)];
  if (report.broken.length > 0) parts.push(brokenTable(report.broken));
  parts.push(rest(report));
  return `${parts.join('\n\n')}\n`;
}

/** `3 callbacks`. */
export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

function accepted(file: string, { callbacks, driver, environment, facts, orders }: TraceReport): string {
  return [
    `${pc.bold(file)}: ${pc.green('accepted')} from the first line to the last, by driver ${driver} in environment ${environment}.`,
    `${counted(callbacks, 'callback')}, ${counted(facts, 'fact')} inferred. ${counted(orders.overlapping, 'callback')} did something after a later one had begun; ${counted(orders.tried, 'step')} of overlapping calls tried.`,
  ].join('\n');
}

function refused(file: string, { driver, environment, refused, bounded }: TraceReport): string {
  const end = refused ?? bounded!;
  const said = refused === undefined ? pc.yellow('undecided') : pc.red('refused');
  return [
    `${pc.bold(file)}: ${said} at line ${end.line} (${shown(end.scn)}), by driver ${driver} in environment ${environment}.`,
    ...(refused === undefined ? boundedText(end) : refusedText(end)),
  ].join('\n');
}

/** Where a search for an order gave up. */
export const boundedText = ({ callback, what, expected, found }: TraceRefusal): string[] => [
  `  ${callback}: ${what} is not known.`,
  `  sought   ${expected}`,
  `  found    ${found}`,
];

/** Which machine does not agree, and both values. */
export const refusedText = ({
  callback,
  machine,
  what,
  expected,
  found,
  beside = [],
  smallest = [],
}: TraceRefusal): string[] => [
  `  ${callback}: the ${machine} does not agree on ${what}.`,
  `  the model says    ${expected}`,
  `  the trace shows   ${found}`,
  ...(beside.length > 0 ? [`  there is no order of it and what ran beside it: ${beside.join(', ')}`] : []),
  ...(smallest.length > 0 ? ['  without any one of these there would be one:', ...smallest.map(overlapText)] : []),
];

const overlapText = ({ line, callback, before, after }: OverlappingCall): string => {
  const seen = [before === undefined ? '' : `${before} before`, after === undefined ? '' : `${after} after`];
  return `    line ${line}: ${callback} saw riscv_active_events ${seen.filter(Boolean).join(', ') || 'nowhere'}`;
};

function brokenTable(broken: readonly BrokenProperty[]): string {
  const rows = [...new Set(broken.map(({ property }) => property))].map((property) => {
    const breaks = broken.filter((candidate) => candidate.property === property);
    const [first] = breaks as [BrokenProperty];
    const times = breaks.length.toLocaleString('en');
    return [property, times, `line ${first.line}`, `${shown(first.scn)}: ${first.callback}`, worst(breaks)];
  });
  const head = ['property', 'times', 'first', '', ''];
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column]!)].map(({ length }) => length)),
  );
  const text = (row: readonly string[]) =>
    row.map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column]!))).join('  ');
  return [
    pc.bold('Violated properties'),
    ...[pc.dim(text(head)), ...rows.map(text)].map((row) => ` ${row}`.trimEnd()),
  ].join('\n');
}

/** By how much, or until when. */
export function worst(breaks: readonly BrokenProperty[]): string {
  const ticks = breaks.flatMap(({ ticks, line }) => (ticks === undefined ? [] : [{ ticks: BigInt(ticks), line }]));
  if (ticks.length > 0) {
    const size = (value: bigint) => (value < 0n ? -value : value);
    const most = ticks.reduce((one, other) => (size(other.ticks) > size(one.ticks) ? other : one));
    return `at most ${size(most.ticks).toLocaleString('en')} ticks too ${most.ticks < 0n ? 'few' : 'many'} (line ${most.line})`;
  }
  const last = breaks.at(-1)!;
  return last.states && last.until === undefined ? `still broken at the end (since line ${last.line})` : '';
}

/** A line that lists properties, if there are any. */
export const list = (title: string, ids: readonly string[]): string[] =>
  ids.length === 0 ? [] : [`${title}: ${ids.join(', ')}.`];

function rest({ accepted, held, vacuous, cpus }: TraceReport): string {
  return [...list(accepted ? 'Held' : 'Held so far', held), ...list('Vacuous', vacuous), ...hartsText(cpus)]
    .map((line) => pc.dim(line))
    .join('\n');
}
