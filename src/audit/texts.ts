import { ENVIRONMENTS } from '../../models/index.ts';
import { type Proof, rolesOf } from '../engine/check/index.ts';
import type { BreakingLog } from '../facts/index.ts';
import type { Step } from '../findings/finding.ts';
import { type Detail, range, rowsOf } from '../findings/rows.ts';
import type { Place } from '../findings/trace.ts';
import type { AuditTarget } from './audit-target.ts';
import type { Cause } from './cause.ts';
import type { ViolatingLog, Violation } from './violation.ts';

/** The words for what violates a property, and why. */

/** Which file the source lines of a report are those of. */
export const linesOf = ({ file }: AuditTarget): string => file ?? 'arch/riscv/kernel/perf_event.c as posted';

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
export const reachText = ({ userReachable, environments }: Violation): string =>
  userReachable ? `In ${ENVIRONMENTS.filter((one) => environments.includes(one)).join(', ')}.` : 'Only in any-order.';

/** The logs of a finding: the shortest, and where its break does not last, one whose break does. */
export const logsOf = (finding: Violation): ViolatingLog[] =>
  finding.lasting ? [finding, finding.lasting] : [finding];

/** What a log is: no break comes sooner, or none that lasts. */
export const pathText = ({ isShortest }: ViolatingLog): string =>
  isShortest ? 'Shortest path' : 'Shortest path to a violation that lasts';

/** What the break of a finding is worth where it does not last, in sentences; none where it does. */
export function worthText({ onlyInFlight, lasts, brokenIn }: Violation): string[] {
  if (lasts) return [];
  if (!onlyInFlight) return ['It is violated first while a call is in flight; a later violation lasts.'];
  const searched = brokenIn.every(({ covered }) => covered.stoppedBy === undefined) ? '' : ', in what was searched';
  return [`It lasts only while a call is in flight${searched}.`];
}

/** A log as rows: who does what, and what is different after it. */
export function stepsOf({ counterexample, property, trace }: ViolatingLog, detail: Detail): Step[] {
  const rows = rowsOf(trace, { detail, roles: rolesOf(property) });
  const end = counterexample.facts.length;
  return rows.map((row, number) => {
    const next = rows[number + 1];
    return { ...row, violates: row.position <= end && (next === undefined || next.position > end) };
  });
}

/** What is wrong at the breaking step, and whether it stays so. */
export const breaksText = ({ counterexample, lasts }: ViolatingLog): string =>
  lasts ? BREAKS[counterexample.breaks] : 'after this step the property is violated, while a call is in flight.';

const BREAKS: Record<BreakingLog['breaks'], string> = {
  fact: 'this step violates the property.',
  state: 'after this step the property is violated.',
  never: 'from here on, no sequence of calls leads back.',
  stuck: 'after this step nothing can happen any more.',
};

/** `any number of events and harts`. */
export const anyText = ({ of }: Pick<Proof, 'of'>): string =>
  `any number of ${of.map((kind) => `${kind}s`).join(' and ')}`;

/** A proof as data. */
export const proofJson = ({ of, k, limit, views, milliseconds, but }: Proof) => ({
  anyNumberOf: of,
  ...{ k, limit, views, milliseconds: Math.round(milliseconds) },
  ...(but !== undefined && { but }),
});
