import { ENVIRONMENTS } from '../../models/index.ts';
import type { AuditTarget } from '../audit/audit-target.ts';
import type { Cause } from '../audit/cause.ts';
import { rolesOf } from '../engine/check/index.ts';
import type { BreakingLog } from '../facts/index.ts';
import type { Counterexample, Finding } from './finding.ts';
import { type Detail, type Row, range, rowsOf } from './rows.ts';
import type { Place } from './trace.ts';

/** The words in which every report tells a finding, whatever its format. */

/** Which file the source lines of a report are those of. */
export const linesOf = ({ file }: AuditTarget): string => file ?? 'arch/riscv/kernel/perf_event.c as posted';

/** Findings with the same cause, in the order of the first of each. */
export function byCause(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = causeText(finding.cause);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

/** The cause of a finding, in plain words. */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'decision':
      return cause.decision.posted;
    case 'missing guard':
      return `no guard in the driver stops ${cause.call.type.replace('.call', '')} of an event that is ${cause.state}`;
    case 'place':
      return `${cause.function || 'the driver'} violates a property, and no known change of it alone keeps that property`;
  }
}

/** The place in the C in which the cause lies; undefined where no line is to blame. */
export function causeSource(cause: Cause): Place | undefined {
  switch (cause.kind) {
    case 'decision':
      return cause.place ?? cause.decision;
    case 'missing guard':
      return undefined;
    case 'place':
      return cause.lines[0] === 0 ? undefined : cause;
  }
}

/** The name of the file in which a place is. */
export const fileName = ({ file = 'perf_event.c' }: Place): string => file.slice(file.lastIndexOf('/') + 1);

/** Where in the C the cause lies, as a person writes it. */
export function placeText(cause: Cause): string {
  const source = causeSource(cause);
  if (source === undefined) return cause.kind === 'place' ? 'no line is known' : 'not a bug that users can hit';
  return `${source.function === '' ? '' : `${source.function}, `}${fileName(source)}:${range(source.lines)}`;
}

/** Who can bring a finding about. */
export const reachText = ({ userReachable, environments }: Finding): string =>
  userReachable ? `In ${ENVIRONMENTS.filter((one) => environments.includes(one)).join(', ')}.` : 'Only in any-order.';

/** The logs of a finding: the shortest, and where its break does not last, one whose break does. */
export const logsOf = (finding: Finding): Counterexample[] =>
  finding.lasting ? [finding, finding.lasting] : [finding];

/** What of the group is told before this log, and with the very same facts. */
export function toldBefore(log: Counterexample, group: readonly Finding[]): Counterexample | undefined {
  const facts = JSON.stringify(log.counterexample.facts);
  const all = group.flatMap(logsOf);
  return all.slice(0, all.indexOf(log)).find(({ counterexample }) => JSON.stringify(counterexample.facts) === facts);
}

/** What a log is: no break comes sooner, or none that lasts. */
export const pathText = ({ isShortest }: Counterexample): string =>
  isShortest ? 'Shortest path' : 'Shortest path to a break that lasts';

/** What the break of a finding is worth where it does not last, in sentences; none where it does. */
export function worthText({ onlyInFlight, lasts, brokenIn }: Finding): string[] {
  if (lasts) return [];
  if (!onlyInFlight) return ['It is broken first while a call is in flight, and later lasts.'];
  const searched = brokenIn.every(({ covered }) => covered.stoppedBy === undefined) ? '' : ', in what was searched';
  return [`It lasts only while a call is in flight${searched}.`];
}

/** A row of a counterexample. */
export interface Step extends Row {
  /** Whether the breaking fact lies in it. */
  readonly breaks: boolean;
}

/** A log as rows: who does what, and what is different after it. */
export function stepsOf({ counterexample, property, trace }: Counterexample, detail: Detail): Step[] {
  const rows = rowsOf(trace, { detail, roles: rolesOf(property) });
  const end = counterexample.facts.length;
  return rows.map((row, number) => {
    const next = rows[number + 1];
    return { ...row, breaks: row.position <= end && (next === undefined || next.position > end) };
  });
}

/** What is wrong at the breaking step, and whether it stays so. */
export const breaksText = ({ counterexample, lasts }: Counterexample): string =>
  lasts ? BREAKS[counterexample.breaks] : 'after this step the property is violated, while a call is in flight.';

const BREAKS: Record<BreakingLog['breaks'], string> = {
  fact: 'this step violates the property.',
  state: 'after this step the property is violated.',
  never: 'from here on, no sequence of calls leads back.',
  stuck: 'after this step nothing can happen any more.',
};

/** `1 fact`, `2 facts`. */
export const counted = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : what.endsWith('ch') ? 'es' : 's'}`;
