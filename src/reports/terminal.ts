import Table from 'cli-table3';
import pc from 'picocolors';
import type { AuditResult } from '../audit/audit-result.ts';
import { comparedText } from '../audit/baseline.ts';
import {
  brokenText,
  type Grid,
  gridOf,
  type Outcome,
  reservations,
  searchedText,
  summaryOf,
} from '../audit/summary.ts';
import type { Counterexample, Finding } from '../findings/finding.ts';
import type { Detail } from '../findings/rows.ts';
import {
  breaksText,
  byCause,
  causeText,
  counted,
  logsOf,
  pathText,
  placeText,
  reachText,
  type Step,
  stepsOf,
  toldBefore,
  worthText,
} from '../findings/texts.ts';
import { visible } from '../outside/visible.ts';

const GUARDS = pc.bold(
  'Missing guards: what the driver lets through when a caller keeps no contract. No perf core makes these calls.',
);

/** The terminal report of an audit: what is broken and why, by cause, then what holds. */
export function report(audited: AuditResult, detail: Detail): string {
  const { results, findings } = audited;
  const parts = [summaryText(audited)];
  let number = 0;
  for (const group of byCause(findings)) {
    if (!group[0]!.userReachable && !parts.includes(GUARDS)) parts.push(GUARDS);
    number++;
    parts.push(
      causeHeading(number, group[0]!),
      ...group.map((finding) => findingText(audited, finding, group, detail)),
    );
  }
  parts.push(heldTable(gridOf(results)));
  return `${parts.join('\n\n')}\n`;
}

function summaryText({ results, findings, target, compared }: AuditResult): string {
  const summary = summaryOf(results, findings);
  return [
    `${pc.bold(`Driver ${visible(target.name)}`)}: ${brokenText(summary)}.`,
    `${searchedText(summary)} in ${(summary.milliseconds / 1000).toFixed(1)} s.`,
    ...reservations(summary).map(pc.yellow),
    ...(compared === undefined ? [] : comparedText(compared)),
  ].join('\n');
}

function causeHeading(number: number, { cause }: Finding): string {
  return `${pc.bold(`${number}. ${visible(causeText(cause))}`)}\n   ${pc.dim(visible(placeText(cause)))}`;
}

const label = ({ userReachable, property: { severity } }: Finding): string =>
  userReachable ? SEVERITY[severity](severity.toUpperCase()) : pc.dim('GUARD');

const SEVERITY = { high: pc.red, medium: pc.yellow, low: pc.cyan } as const;

function findingText({ compared }: AuditResult, finding: Finding, group: readonly Finding[], detail: Detail): string {
  const { property, models } = finding;
  const known = compared === undefined ? '' : compared.known.has(finding.id) ? pc.dim(' known') : pc.bold(' new');
  const lines = [
    `   ${label(finding)}${known} ${pc.bold(property.id)}: ${property.statement}`,
    `   ${reachText(finding)} ${property.consequence}`,
  ];
  lines.push(...worthText(finding).map((sentence) => `   ${sentence}`));
  const more = models.length > 1 ? `, and ${counted(models.length - 1, 'more model')}` : '';
  for (const log of logsOf(finding)) lines.push(...logText(log, toldBefore(log, group), more, detail));
  return lines.join('\n');
}

/** A log as a table, who does what, and what is different after it; or where the same one was told before. */
function logText(log: Counterexample, same: Counterexample | undefined, more: string, detail: Detail): string[] {
  const { counterexample, shownIn } = log;
  if (same !== undefined) return [pc.dim(`   ${pathText(log)}: the same as for ${same.property.id}.`)];
  const where = `${shownIn.model.name}, ${shownIn.environment}${more}`;
  return [
    pc.dim(`   ${pathText(log)}: ${counted(counterexample.facts.length, 'fact')} (${where})`),
    stepsTable(stepsOf(log, detail)),
    `   ${pc.red('✗')} ${breaksText(log)}`,
  ];
}

/** Steps of a log as a table; those that violate a property are marked. */
export function stepsTable(steps: readonly Step[]): string {
  const table = new Table({
    chars: { ...BORDERLESS },
    style: { 'padding-left': 1, 'padding-right': 1, head: [], border: [] },
    head: ['', 'who', 'does', 'where', 'changed'].map((title) => pc.dim(title)),
    colWidths: [
      Math.max(5, `${steps.at(-1)?.position ?? 0}`.length + 3),
      17,
      46,
      30,
      Math.max(30, (process.stdout.columns ?? 0) - 100),
    ],
    wordWrap: true,
  });
  for (const step of steps) table.push(cells(step));
  return indent(table.toString());
}

/** The same steps as text, one a line. */
export function stepsText(steps: readonly Step[]): string {
  const width = `${steps.at(-1)?.position ?? 0}`.length;
  return steps
    .map(({ position, who, what, where, changed, breaks }) => {
      const number = `${position}`.padStart(width);
      const told = `${who}: ${what}${where === '' ? '' : ` [${where}]`}`;
      return [`${breaks ? pc.red('✗') : ' '} ${number}  ${told}`, ...changed].join('; ');
    })
    .join('\n');
}

function cells({ position, who, what, where, changed, breaks }: Step): string[] {
  return [
    breaks ? pc.red(`✗${position}`) : `${position}`,
    who,
    visible(what),
    pc.dim(visible(where)),
    visible(changed.join('\n')),
  ];
}

export const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const;

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');

const OUTCOME: Record<Outcome, (text: string) => string> = {
  broken: pc.red,
  bounded: pc.yellow,
  probable: pc.yellow,
  holds: pc.green,
  vacuous: pc.dim,
  '-': pc.dim,
};

/** What every property came to, by environment: states are those of all searches that were asked. */
function heldTable({ environments, rows, notes }: Grid): string {
  const table = new Table({
    chars: { ...BORDERLESS },
    style: { 'padding-left': 1, 'padding-right': 1, head: [], border: [] },
    head: ['property', ...environments, 'states'].map((title) => pc.dim(title)),
    colAligns: ['left', ...environments.map(() => 'left' as const), 'right'],
  });
  for (const { property, outcomes, states } of rows)
    table.push([property, ...outcomes.map((outcome) => OUTCOME[outcome](outcome)), states.toLocaleString('en')]);
  return [
    pc.bold('What every property came to'),
    table.toString(),
    ...notes.map((note) => pc.dim(` ${visible(note)}`)),
  ].join('\n');
}
