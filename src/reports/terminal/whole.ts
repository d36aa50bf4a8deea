import pc from 'picocolors';
import { byCause, type Counterexample, type Finding, shownBefore } from '../../findings/finding.ts';
import type { Report } from '../../findings/report.ts';
import type { Detail } from '../../findings/rows.ts';
import { tokenOf } from '../../findings/token.ts';
import { visible } from '../../outside/visible.ts';
import { wrap } from '../wrap.ts';
import { stepsTable, tableText } from './table.ts';

const GUARDS =
  'Missing guards: what the driver lets through when a caller keeps no contract. No perf core makes these calls.';

/** A report with every finding whole, by cause, and then every table. */
export function wholeText(report: Report, detail: Detail, width: number): string {
  const parts = [headText(report, width)];
  let guards = false;
  for (const [index, group] of byCause(report.findings).entries()) {
    if (!group[0]!.reachable && !guards) parts.push(pc.bold(wrap(GUARDS, width)));
    guards ||= !group[0]!.reachable;
    parts.push(causeText(index + 1, group, report, { detail, width }));
  }
  parts.push(...report.tables.map((table) => tableText(table, width)));
  return `${parts.join('\n\n')}\n`;
}

/** What was checked, what it came to, and what was not searched to its end. */
export function headText({ title, summary, reservations, notes }: Report, width: number): string {
  const [first = '', ...others] = summary;
  const name = visible(title.replace(/^driver /, 'Driver '));
  return [
    wrap(`${name}: ${visible(first)}`, width).replace(name, pc.bold(name)),
    ...others.map((text) => wrap(visible(text), width)),
    ...reservations.map((text) => pc.yellow(wrap(visible(text), width))),
    ...notes.map((text) => wrap(visible(text), width)),
  ].join('\n');
}

export interface WholeOptions {
  readonly detail: Detail;
  readonly width: number;
  /** Shows the driver's own lines beside the steps. */
  readonly lines?: boolean;
}

/** A cause with all that it violates: each counterexample once. */
export const causeText = (number: number, group: readonly Finding[], report: Report, options: WholeOptions): string =>
  [
    headingText(number, group[0]!, report, options),
    ...group.map((finding) => findingText(finding, group, report, options)),
  ].join('\n\n');

/** The cause, and where it is; with the line there, as a compiler shows it. */
function headingText(
  number: number,
  { cause, where, place }: Finding,
  { lineAt }: Report,
  options: WholeOptions,
): string {
  const heading = pc.bold(wrap(`${number}. ${visible(cause)}`, options.width, 3));
  const line = options.lines && place !== undefined ? lineAt?.(place.file, place.lines[0]) : undefined;
  if (line === undefined)
    return where === '' ? heading : `${heading}\n${pc.dim(wrap(`   ${visible(where)}`, options.width, 3))}`;
  const digits = `${place!.lines[0]}`;
  const margin = ' '.repeat(digits.length);
  const text = visible(line.replaceAll('\t', '    ').trimEnd());
  const start = text.length - text.trimStart().length;
  return [
    heading,
    `   ${margin}${pc.cyan('-->')} ${visible(where)}`,
    `   ${margin} ${pc.cyan('|')}`,
    `   ${pc.cyan(`${digits} |`)} ${text}`,
    `   ${margin} ${pc.cyan('|')} ${' '.repeat(start)}${pc.red('^'.repeat(Math.max(1, text.length - start)))}`,
  ].join('\n');
}

const SEVERITY = { high: pc.red, medium: pc.yellow, low: pc.cyan } as const;

/** How bad a finding is; what only a caller without a contract reaches is a guard. */
export const severityOf = ({ reachable, rule }: Finding): { readonly text: string; colour(text: string): string } =>
  reachable
    ? { text: rule.severity.toUpperCase(), colour: SEVERITY[rule.severity] }
    : { text: 'GUARD', colour: pc.dim };

function findingText(finding: Finding, group: readonly Finding[], report: Report, options: WholeOptions): string {
  const { id, rule, known, reach, remarks, sides = [], instead, again, counterexamples } = finding;
  const width = Math.max(0, ...sides.map(([side]) => side.length)) + 1;
  const { text, colour } = severityOf(finding);
  const paragraph = (said: string): string => wrap(`   ${visible(said)}`, options.width, 3);
  const news = known === undefined ? '' : known ? ' known' : ' new';
  const label = `${text}${news} ${rule.id}`;
  const title = wrap(`   ${label}: ${rule.statement} (${tokenOf(id)})`, options.width, 5);
  const lines = [
    title.replace(label, `${colour(text)}${known === false ? pc.bold(news) : pc.dim(news)} ${pc.bold(rule.id)}`),
    paragraph([reach, rule.consequence].filter((said) => said !== '').join(' ')),
    ...remarks.map(paragraph),
    ...counterexamples.flatMap((log) => logText(log, shownBefore(log, group), report, options)),
    ...sides.map(([side, value]) => wrap(`   ${`${side}:`.padEnd(width)} ${visible(value)}`, options.width, 4 + width)),
    ...(instead === undefined || group[0] !== finding ? [] : [paragraph(`Instead: ${instead}.`)]),
    ...(again === undefined ? [] : [`   ${visible(again)}`]),
  ];
  return lines.join('\n');
}

/** A counterexample, step by step; or where the same one was shown before. */
function logText(
  log: Counterexample,
  same: Finding | undefined,
  { lineAt }: Report,
  { detail, width, lines }: WholeOptions,
): string[] {
  const { title, length, scope, others, ending } = log;
  if (same !== undefined) return [pc.dim(`   ${title}: the same as for ${same.rule.id}.`)];
  const more = others.length > 0 ? `, and ${others.length} more model${others.length === 1 ? '' : 's'}` : '';
  const at = lines && lineAt !== undefined;
  return [
    pc.dim(wrap(`   ${title}: ${length} (${visible(scope)}${more})`, width, 5)),
    stepsTable(
      log.steps(detail),
      width,
      at ? ({ place }) => (place === undefined ? undefined : lineAt(place.file, place.lines[0])) : undefined,
    ),
    wrap(`   ✗ ${visible(ending)}`, width, 5).replace('✗', pc.red('✗')),
  ];
}
