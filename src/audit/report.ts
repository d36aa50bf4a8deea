import Table from 'cli-table3';
import pc from 'picocolors';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, ENVIRONMENTS, propertyOf } from '../../models/index.ts';
import { rolesOf } from '../check/index.ts';
import type { Fact } from '../facts/index.ts';
import type { Result } from './audit.ts';
import type { Cause } from './cause.ts';
import type { Finding } from './finding.ts';
import { type Detail, narrate, type Row, range } from './narrate.ts';

const GUARDS = pc.bold(
  'Missing guards: what the driver lets through when a caller keeps no contract. No perf core makes these calls.',
);

/** The terminal report of an audit: what is broken and why, by cause, then what holds. */
export function report(
  results: readonly Result[],
  findings: readonly Finding[],
  driver: DriverName,
  detail: Detail,
): string {
  const parts = [summary(results, findings, driver)];
  let number = 0;
  for (const group of byCause(findings)) {
    if (!group[0]!.userReachable && !parts.includes(GUARDS)) parts.push(GUARDS);
    number++;
    parts.push(
      causeHeading(number, group[0]!),
      ...group.map((finding) => findingText(finding, shownBefore(finding, group), driver, detail)),
    );
  }
  parts.push(heldTable(results));
  return `${parts.join('\n\n')}\n`;
}

function summary(results: readonly Result[], findings: readonly Finding[], driver: DriverName): string {
  const searches = new Set(results.map(({ covered }) => covered));
  const states = [...searches].reduce((sum, { states }) => sum + states, 0);
  const milliseconds = [...searches].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const models = new Set(results.map(({ model }) => model.name)).size;
  const promises = new Set(results.map(({ property }) => property));
  const broken = new Set(findings.filter(({ userReachable }) => userReachable).map(({ property }) => property.id));
  const bounded = [...searches].filter(({ exhaustive }) => !exhaustive).length;
  const lines = [
    `${pc.bold(`Driver ${driver}`)}: ${broken.size} of ${promises.size} promises ${bounded > 0 ? 'were broken, in what was searched,' : 'can be broken'} by a perf core that keeps its contract.`,
    `Searched ${counted(models, 'model')} in ${searches.size === 1 ? '1 search' : `${searches.size} searches`}: ${states.toLocaleString('en')} states in ${(milliseconds / 1000).toFixed(1)} s.`,
  ];
  if (bounded > 0)
    lines.push(
      pc.yellow(
        `${bounded === 1 ? '1 search was' : `${bounded} searches were`} stopped before seeing everything: what was not found there is no pass.`,
      ),
    );
  return lines.join('\n');
}

/** Findings with the same cause, in the order of the first of each. */
function byCause(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = causeText(finding.cause);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function causeHeading(number: number, { cause }: Finding): string {
  return `${pc.bold(`${number}. ${causeText(cause)}`)}\n   ${pc.dim(placeText(cause))}`;
}

/** The cause of a finding, in plain words. */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'decision':
      return cause.decision.posted;
    case 'missing guard':
      return `no guard in the driver stops ${cause.call.type.replace('.call', '')} of an event that is ${cause.state}`;
    case 'place':
      return `${cause.function} breaks a promise, and no known change of it alone keeps that promise`;
  }
}

/** Where in the C the cause lies. */
export function placeText(cause: Cause): string {
  switch (cause.kind) {
    case 'decision':
      return `${cause.decision.function}, perf_event.c:${range(cause.decision.lines)}`;
    case 'missing guard':
      return 'not a bug that users can hit';
    case 'place':
      return `${cause.function}, perf_event.c:${range(cause.lines)}`;
  }
}

const label = ({ userReachable, property: { severity } }: Finding): string =>
  userReachable ? SEVERITY[severity](severity.toUpperCase()) : pc.dim('GUARD');

const SEVERITY = { high: pc.red, medium: pc.yellow, low: pc.cyan } as const;

/** A finding of the group that is shown before this one and with the very same log. */
function shownBefore(finding: Finding, group: readonly Finding[]): Finding | undefined {
  const log = JSON.stringify(finding.counterexample.facts);
  return group
    .slice(0, group.indexOf(finding))
    .find(({ counterexample }) => JSON.stringify(counterexample.facts) === log);
}

function findingText(finding: Finding, sameLog: Finding | undefined, driver: DriverName, detail: Detail): string {
  const { property, environments, counterexample, shownIn, models } = finding;
  const lines = [
    `   ${label(finding)} ${pc.bold(property.id)}: ${property.promise}`,
    `   ${finding.userReachable ? `In ${ENVIRONMENTS.filter((one) => environments.includes(one)).join(', ')}. ` : 'Only in any-order. '}${property.consequence}`,
  ];
  if (finding.onlyInFlight) lines.push('   It lasts only while a call is in flight.');
  if (sameLog !== undefined)
    return [...lines, pc.dim(`   Shortest way: the same as for ${sameLog.property.id}.`)].join('\n');
  const more = models.length > 1 ? `, and ${counted(models.length - 1, 'more model')}` : '';
  lines.push(
    pc.dim(
      `   Shortest way: ${counted(counterexample.facts.length, 'fact')} (${shownIn.model.name}, ${shownIn.environment}${more})`,
    ),
  );
  lines.push(counterexampleTable(finding, driver, detail));
  return lines.join('\n');
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** The shortest log as a table: who does what, and what is different after it. */
function counterexampleTable(
  { counterexample, aftermath, shownIn, property }: Finding,
  driver: DriverName,
  detail: Detail,
): string {
  const system = compose(shownIn.model.scope, shownIn.environment, DRIVERS[driver]);
  const end = counterexample.facts.length;
  // Only a loss in the middle of a callback needs the rest of it.
  const log: readonly Fact[] =
    counterexample.breaks === 'never' ? [...counterexample.facts, ...aftermath] : counterexample.facts;
  const rows = narrate(system, log, { detail, roles: rolesOf(property) });
  const table = new Table({
    chars: { ...BORDERLESS },
    style: { 'padding-left': 1, 'padding-right': 1, head: [], border: [] },
    head: ['', 'who', 'does', 'where', 'changed'].map((title) => pc.dim(title)),
    colWidths: [5, 17, 46, 30, Math.max(30, (process.stdout.columns ?? 0) - 100)],
    wordWrap: true,
  });
  for (const row of rows) table.push(cells(row, breaksHere(row, rows, end)));
  return `${indent(table.toString())}\n   ${verdictLine(counterexample.breaks)}`;
}

/** Whether the breaking fact lies in this row. */
function breaksHere(row: Row, rows: readonly Row[], end: number): boolean {
  const next = rows[rows.indexOf(row) + 1];
  return row.position <= end && (next === undefined || next.position > end);
}

function cells({ position, who, what, where, changed }: Row, breaks: boolean): string[] {
  return [breaks ? pc.red(`✗${position}`) : `${position}`, who, what, pc.dim(where), changed.join('\n')];
}

function verdictLine(breaks: 'fact' | 'state' | 'never' | 'stuck'): string {
  switch (breaks) {
    case 'fact':
      return `${pc.red('✗')} this step breaks the promise.`;
    case 'state':
      return `${pc.red('✗')} after this step the promise is broken.`;
    case 'never':
      return `${pc.red('✗')} from here on, no sequence of calls leads back.`;
    case 'stuck':
      return `${pc.red('✗')} after this step nothing can happen any more.`;
  }
}

const BORDERLESS = {
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

/** What every promise came to, by environment: states are those of all searches that were asked. */
function heldTable(results: readonly Result[]): string {
  const environments = ENVIRONMENTS.filter((environment) =>
    results.some((result) => result.environment === environment),
  );
  const table = new Table({
    chars: { ...BORDERLESS },
    style: { 'padding-left': 1, 'padding-right': 1, head: [], border: [] },
    head: ['promise', ...environments, 'states'].map((title) => pc.dim(title)),
    colAligns: ['left', ...environments.map(() => 'left' as const), 'right'],
  });
  const notes = new Set<string>();
  for (const id of new Set(results.map(({ property }) => property))) {
    const of = results.filter(({ property }) => property === id);
    const cellsOf = environments.map((environment) => {
      const verdicts = of.filter((result) => result.environment === environment).map(({ verdict }) => verdict.verdict);
      if (verdicts.includes('violated')) return pc.red('broken');
      if (verdicts.includes('bounded')) return pc.yellow('bounded');
      if (verdicts.includes('holds')) return pc.green('holds');
      const { needsContract, vacuousWhen } = propertyOf(id);
      if (verdicts.includes('vacuous')) {
        notes.add(`${id} is vacuous: ${vacuousWhen}.`);
        return pc.dim('vacuous');
      }
      if (environment === 'any-order' && needsContract !== undefined)
        notes.add(`${id} is not asked in any-order: ${needsContract}.`);
      return pc.dim('-');
    });
    const states = [...new Set(of.map(({ covered }) => covered))].reduce((sum, { states }) => sum + states, 0);
    table.push([id, ...cellsOf, states.toLocaleString('en')]);
  }
  return [
    pc.bold('What every promise came to'),
    table.toString(),
    ...[...notes].map((note) => pc.dim(` ${note}`)),
  ].join('\n');
}
