import { byCause, type Counterexample, type Finding, type Step, stepText } from '../findings/finding.ts';
import type { Report, Table } from '../findings/report.ts';
import { tokenOf } from '../findings/token.ts';
import { ascii, escapeMarkdown } from '../outside/escape.ts';
import { wrap } from './wrap.ts';

/** A mail to a list is read in a terminal of 80 columns, and quoted. */
export const WIDTH = 72;

/**
 * A report as a mail to a kernel list: plain text in 7 bits and 72 columns that is Markdown too.
 * One section a cause: what, where, the shortest path, the consequence. What only a caller without a contract can do is named at the end.
 *
 * @public
 */
export function toMarkdown(report: Report): string {
  const { summary, reservations, notes, legend, findings, closing, tables } = report;
  const title = `Hartproof: ${escapeMarkdown(report.title)}`;
  const groups = byCause(findings);
  const reachable = groups.filter((group) => group.some((finding) => finding.reachable));
  const guards = groups.filter((group) => !group.some((finding) => finding.reachable));
  const parts = [
    `${title}\n${'='.repeat(title.length)}`,
    wrap([...summary, ...reservations].map(escapeMarkdown).join(' '), WIDTH),
    ...(legend.length === 0 ? [] : [wrap(legend.map(escapeMarkdown).join(' '), WIDTH)]),
    ...(notes.length === 0 ? [] : [wrap(notes.map(escapeMarkdown).join(' '), WIDTH)]),
    ...reachable.map((group, number) => section(group, number + 1)),
    ...(guards.length === 0 ? [] : [guardsText(guards)]),
    ...closing.map((text) => wrap(escapeMarkdown(text), WIDTH)),
    ...(closing.length > 0 ? [] : tables.map(listOf)),
  ];
  return `${ascii(parts.join('\n\n'))}\n`;
}

function section(group: readonly Finding[], number: number): string {
  const shown = simplest(group);
  const { rule, remarks, instead, sides = [], again, known } = shown;
  const margin = `${number}. `.length;
  const paragraph = (text: string): string => wrap(' '.repeat(margin) + text, WIDTH, margin);
  const violated = group.map((finding) => finding.rule.id).join(', ');
  const more = group.length > 1 ? ` to violate ${rule.id}` : '';
  const width = Math.max(...sides.map(([side]) => side.length)) + 1;
  return [
    wrap(`${number}. ${headingOf(shown)}`, WIDTH, margin),
    ...(shown.where === '' ? [] : [paragraph(escapeMarkdown(shown.where))]),
    '',
    paragraph(`${known === true ? 'Known. ' : ''}${rule.consequence}`),
    '',
    paragraph(`Violates ${violated}${coresOf(group)} (${tokenOf(shown.id)}).`),
    ...(shown.cores.length > 0 || shown.reach === '' ? [] : [paragraph(shown.reach)]),
    ...remarks.map((text) => paragraph(escapeMarkdown(text))),
    ...shown.counterexamples.flatMap((log, index) => [
      ...(index > 0 ? [''] : []),
      paragraph(`${log.title}${index === 0 ? more : ''}:`),
      '',
      ...pathLines(log, margin + 4),
    ]),
    ...(sides.length === 0 ? [] : ['', ...sides.map(([side, value]) => sideLine(side, value, margin + 4, width))]),
    ...(instead === undefined ? [] : ['', paragraph(`Instead: ${instead}.`)]),
    ...(again === undefined ? [] : ['', `${' '.repeat(margin)}${again}`]),
  ].join('\n');
}

/** Far enough in to be a code block in Markdown. */
const sideLine = (side: string, value: string, margin: number, width: number): string =>
  wrap(`${' '.repeat(margin)}${`${side}:`.padEnd(width)} ${value}`, WIDTH, margin + width + 1);

/** The finding with the least to tell, of those that users can hit: one whose violation lasts, if there is one. */
const simplest = (group: readonly Finding[]): Finding =>
  group
    .filter(({ reachable }) => reachable)
    .toSorted(
      (a, b) =>
        Number(lasts(b)) - Number(lasts(a)) ||
        rowCount(a) - rowCount(b) ||
        (a.counterexamples[0]?.trace?.log.length ?? 0) - (b.counterexamples[0]?.trace?.log.length ?? 0),
    )[0]!;

const lasts = ({ counterexamples }: Finding): boolean => counterexamples[0]?.lasts ?? true;

const rowCount = ({ counterexamples }: Finding): number => counterexamples[0]?.steps('callbacks').length ?? 0;

function pathLines({ steps, ending }: Counterexample, margin: number): string[] {
  return [
    ...steps('callbacks').flatMap((step, row) => stepLines(step, row + 1, margin)),
    wrap(`${' '.repeat(margin)}* ${ending}`, WIDTH, margin + 2),
  ];
}

/** One row of a counterexample, far enough in to be a code block in Markdown. */
function stepLines(step: Step, row: number, margin: number): string[] {
  const { where, changed, violates } = step;
  // A whole callback is its function; of one step of it, the line is news.
  const at = where.includes(':') ? ` (${where})` : '';
  const lead = `${' '.repeat(margin)}${violates ? '*' : ' '} ${String(row).padStart(2)}. `;
  return [
    wrap(`${lead}${stepText(step)}${at}`, WIDTH, lead.length),
    ...changed.map((change) => wrap(' '.repeat(lead.length + 2) + change, WIDTH, lead.length + 4)),
  ];
}

/** The cause: where it says what to do instead, it is a decision that we have words for; else text from outside may be in it. */
const headingOf = ({ cause, instead }: Finding): string => (instead === undefined ? escapeMarkdown(cause) : cause);

/** The cores that bring one of them about. */
function coresOf(group: readonly Finding[]): string {
  const cores = [...new Set(group.flatMap((finding) => finding.cores))];
  return cores.length === 0 ? '' : `; perf core of ${cores.join(', ')}`;
}

function guardsText(groups: readonly (readonly Finding[])[]): string {
  const causes = groups.map((group) =>
    wrap(`- ${escapeMarkdown(group[0]!.cause)}: ${group.map(({ rule }) => rule.id).join(', ')}`, WIDTH, 2),
  );
  return ['Missing guards; no perf core makes these calls:', '', ...causes].join('\n');
}

/** A table as a list: a mail has no room for its columns. */
function listOf({ lead, rows, notes }: Table): string {
  const items = rows.map(([first, ...others]) =>
    wrap(`- ${escapeMarkdown(first!.text)}: ${others.map(({ text }) => escapeMarkdown(text)).join(', ')}`, WIDTH, 2),
  );
  return [
    ...(lead === undefined ? [] : [wrap(escapeMarkdown(lead), WIDTH), '']),
    ...items,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => wrap(escapeMarkdown(note), WIDTH))]),
  ].join('\n');
}
