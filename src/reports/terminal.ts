import Table from 'cli-table3';
import pc from 'picocolors';
import { byCause, type Counterexample, type Finding, type Step, shownBefore } from '../findings/finding.ts';
import type { Report, Table as ReportTable, Tone } from '../findings/report.ts';
import type { Detail } from '../findings/rows.ts';
import { visible } from '../outside/visible.ts';

const GUARDS = pc.bold(
  'Missing guards: what the driver lets through when a caller keeps no contract. No perf core makes these calls.',
);

/** A report for a terminal: what is violated and why, by cause, then all verdicts. @public */
export function toText(report: Report, detail: Detail): string {
  const { title, summary, reservations, notes, findings, tables } = report;
  const [first = '', ...others] = summary;
  const parts = [
    [
      `${pc.bold(visible(title.replace(/^driver /, 'Driver ')))}: ${visible(first)}`,
      ...others.map(visible),
      ...reservations.map((text) => pc.yellow(visible(text))),
      ...notes.map(visible),
    ].join('\n'),
  ];
  for (const [index, group] of byCause(findings).entries()) {
    if (!group[0]!.reachable && !parts.includes(GUARDS)) parts.push(GUARDS);
    parts.push(causeHeading(index + 1, group[0]!), ...group.map((finding) => findingText(finding, group, detail)));
  }
  parts.push(...tables.map(tableText));
  return `${parts.join('\n\n')}\n`;
}

function causeHeading(number: number, { cause, where }: Finding): string {
  return `${pc.bold(`${number}. ${visible(cause)}`)}${where === '' ? '' : `\n   ${pc.dim(visible(where))}`}`;
}

const SEVERITY = { high: pc.red, medium: pc.yellow, low: pc.cyan } as const;

const label = ({ reachable, rule: { severity } }: Finding): string =>
  reachable ? SEVERITY[severity](severity.toUpperCase()) : pc.dim('GUARD');

function findingText(finding: Finding, group: readonly Finding[], detail: Detail): string {
  const { rule, known, reach, remarks, sides = [], instead, again, counterexamples } = finding;
  const width = Math.max(0, ...sides.map(([side]) => side.length)) + 1;
  const lines = [
    `   ${label(finding)}${known === undefined ? '' : known ? pc.dim(' known') : pc.bold(' new')} ${pc.bold(rule.id)}: ${rule.statement}`,
    `   ${[reach, rule.consequence].filter((text) => text !== '').join(' ')}`,
    ...remarks.map((sentence) => `   ${visible(sentence)}`),
    ...counterexamples.flatMap((log) => logText(log, shownBefore(log, group), detail)),
    ...sides.map(([side, value]) => `   ${`${side}:`.padEnd(width)} ${visible(value)}`),
    ...(instead === undefined || group[0] !== finding ? [] : [`   Instead: ${instead}.`]),
    ...(again === undefined ? [] : [`   ${visible(again)}`]),
  ];
  return lines.join('\n');
}

/** A counterexample as a table, who does what, and what is different after it; or where the same one was told before. */
function logText(log: Counterexample, same: Finding | undefined, detail: Detail): string[] {
  const { title, length, scope, others, ending } = log;
  if (same !== undefined) return [pc.dim(`   ${title}: the same as for ${same.rule.id}.`)];
  const more = others.length > 0 ? `, and ${others.length} more model${others.length === 1 ? '' : 's'}` : '';
  return [
    pc.dim(`   ${title}: ${length} (${visible(scope)}${more})`),
    stepsTable(log.steps(detail)),
    `   ${pc.red('✗')} ${visible(ending)}`,
  ];
}

const bare = (chars: readonly string[]): Record<string, string> => Object.fromEntries(chars.map((char) => [char, '']));

/** A table without lines, for {@link Table}. */
export const BORDERLESS = bare([
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
]);

const STYLE = { 'padding-left': 1, 'padding-right': 1, head: [], border: [] };

/** Steps of a log as a table of the columns that say something; those that violate a property are marked. */
export function stepsTable(steps: readonly Step[]): string {
  const names = ['who', 'what', 'where', 'changed'] as const;
  const columns = names.filter((name) => steps.some((step) => step[name].length > 0));
  const table = new Table({
    chars: { ...BORDERLESS },
    style: STYLE,
    head: ['', ...columns.map((name) => (name === 'what' ? 'does' : name))].map((title) => pc.dim(title)),
    colWidths: [
      Math.max(5, `${steps.at(-1)?.position ?? 0}`.length + 3),
      ...columns.map((name) => widthOf(name, columns.length)),
    ],
    wordWrap: true,
  });
  for (const { position, violates, who, what, where, changed } of steps) {
    const cells = { who, what: visible(what), where: pc.dim(visible(where)), changed: visible(changed.join('\n')) };
    table.push([violates ? pc.red(`✗${position}`) : `${position}`, ...columns.map((name) => cells[name])]);
  }
  return indent(table.toString());
}

/** Wide enough for what stands in most rows; the last column of four takes what is left of the terminal. */
function widthOf(name: 'who' | 'what' | 'where' | 'changed', columns: number): number {
  const left = process.stdout.columns ?? 0;
  if (name === 'who') return 17;
  if (name === 'what') return columns < 3 ? Math.max(72, left - 30) : 46;
  return name === 'where' ? 30 : Math.max(30, left - 100);
}

/** The same steps as text, one a line. */
export function stepsText(steps: readonly Step[]): string {
  const width = `${steps.at(-1)?.position ?? 0}`.length;
  return steps
    .map(({ position, who, what, where, changed, violates }) => {
      const number = `${position}`.padStart(width);
      const text = `${who}: ${what}${where === '' ? '' : ` [${where}]`}`;
      return [`${violates ? pc.red('✗') : ' '} ${number}  ${text}`, ...changed].join('; ');
    })
    .join('\n');
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');

const TONE: Record<Tone, (text: string) => string> = {
  violated: pc.red,
  bounded: pc.yellow,
  holds: pc.green,
  vacuous: pc.dim,
};

function tableText({ title, lead, head, numbers, rows, notes }: ReportTable): string {
  const table = new Table({
    chars: { ...BORDERLESS },
    style: STYLE,
    head: head.map((text) => pc.dim(text)),
    colAligns: head.map((_, column) => (column < head.length - numbers ? 'left' : 'right')),
  });
  for (const row of rows)
    table.push(row.map(({ text, tone }) => (tone === undefined ? visible(text) : TONE[tone](visible(text)))));
  return [
    pc.bold(title),
    ...(lead === undefined ? [] : [visible(lead)]),
    table.toString(),
    ...notes.map((note) => pc.dim(` ${visible(note)}`)),
  ].join('\n');
}
