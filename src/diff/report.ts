import pc from 'picocolors';
import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, ENVIRONMENTS } from '../../models/index.ts';
import { lineText, stepsOf } from '../audit/conformance/texts.ts';
import { rowsOf } from '../findings/rows.ts';
import { traceOf } from '../findings/trace.ts';
import { columns } from '../reports/terminal/table.ts';
import { wrap } from '../reports/wrap.ts';
import type { Beside } from './beside-c.ts';
import type { DriverDifference, LogDifference, NamedDriver, Pair, PropertyDifference } from './diff.ts';
import { changesText, partedText } from './parted-report.ts';

/** The terminal report of a comparison. */
export function diffReport(drivers: Pair, difference: DriverDifference): string {
  const [one, other] = drivers.map(({ name }) => name) as [string, string];
  const { properties, logs, inC, parted, changes = [], bounded } = difference;
  const parts = [
    `${pc.bold(`${one} and ${other}`)}: ${properties.length === 0 ? 'every property comes to the same' : 'these properties come to different verdicts'}.`,
  ];
  if (properties.length > 0) parts.push(propertyTable(properties, [one, other]));
  for (const log of logs) {
    const driver = drivers.find(({ name }) => name === log.acceptedBy)! as NamedDriver;
    parts.push(logText(log, driver.machine));
  }
  if (inC !== undefined) parts.push(mismatchText(inC, drivers));
  if (parted !== undefined) parts.push(partedText(parted, [one, other]), changesText(parted, changes, [one, other]));
  else if (drivers.every((driver) => !('machine' in driver)) && !bounded)
    parts.push(
      'Call by call they answer and count alike, in all of these models. Of calls that overlap, the properties say more.',
    );
  else if (logs.length === 0 && inC === undefined && !bounded)
    parts.push('Each accepts every log of the other, in all of these models.');
  if (bounded) parts.push('A search for a log was stopped before its end: a difference may be missing here.');
  return `${parts.join('\n\n')}\n`;
}

function propertyTable(properties: readonly PropertyDifference[], names: readonly [string, string]): string {
  const rows = new Map<string, string[]>();
  for (const environment of ENVIRONMENTS)
    for (const one of properties.filter((property) => property.environment === environment)) {
      const key = [one.property, ...one.verdicts].join(' ');
      rows.set(key, [...(rows.get(key) ?? []), environment]);
    }
  return verdictTable(
    [...rows].map(([key, where]) => [...key.split(' '), where.join(', ')]),
    names,
    columns(),
    'callers',
  );
}

/** Properties and what they come to, in columns; where these do not fit, one under the other. */
export function verdictTable(
  rows: readonly (readonly string[])[],
  names: readonly [string, string],
  width: number,
  ...more: readonly string[]
): string {
  const table = [['property', ...names, ...more], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  if (widths.reduce((sum, one) => sum + one + 2, 0) > width)
    return rows
      .map(([property, a, b, ...others]) =>
        [
          ` ${property}${others.length === 0 ? '' : ` (${others.join(', ')})`}`,
          `   ${names[0]}: ${a}`,
          `   ${names[1]}: ${b}`,
        ].join('\n'),
      )
      .join('\n');
  const [head, ...body] = table.map((row) =>
    ` ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
  return [pc.dim(head!), ...body].join('\n');
}

function logText({ acceptedBy, refusedBy, model, environment, log }: LogDifference, machine: DriverMachine): string {
  const rows = rowsOf(traceOf(compose(model.scope, environment, machine), log), { detail: 'facts' });
  const width = Math.max(...rows.map(({ who }) => who.length));
  return [
    wrap(
      `A shortest log that ${acceptedBy} accepts and ${refusedBy} does not (${model.name}, ${environment}): only the last step differs.`,
      columns(),
    ),
    ...rows.map(({ position, who, what }) => ` ${String(position).padStart(3)}  ${who.padEnd(width)}  ${what}`),
  ].join('\n');
}

/** The last row is told twice: what the modelled driver does, and what the C does. */
function mismatchText({ model, environment, difference }: Beside, drivers: Pair): string {
  const modelled = drivers.find((driver) => 'machine' in driver)!;
  const c = drivers.find((driver) => !('machine' in driver))!;
  const rows = difference.facts.length === 0 ? [] : stepsOf(difference, 'facts');
  const width = Math.max(0, ...rows.map(({ who }) => who.length));
  const names = Math.max(modelled.name.length, c.name.length) + 1;
  const { place } = difference;
  return [
    `${pc.bold('a shortest log after which they differ')} (${model.name}, ${environment}):`,
    ...rows
      .filter(({ violates }) => !violates)
      .map(({ who, what }, row) => ` ${String(row + 1).padStart(3)}  ${who.padEnd(width)}  ${what}`),
    ` Then they differ in ${difference.what}:`,
    ` ${`${modelled.name}:`.padEnd(names)} ${difference.model}`,
    ` ${`${c.name}:`.padEnd(names)} ${difference.c}${place === undefined ? '' : `   (${lineText(place)})`}`,
  ].join('\n');
}
