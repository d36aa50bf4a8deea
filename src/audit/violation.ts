import type { Environment } from '../../models/index.ts';
import type { BreakingLog, Property } from '../facts/index.ts';
import { segments } from '../findings/rows.ts';
import type { Trace } from '../findings/trace.ts';
import type { Result } from './audit.ts';
import type { AuditTarget } from './audit-target.ts';
import type { Cause } from './cause.ts';
import { type Broken, brokenIn, Causes } from './causes.ts';
import { propertyOf } from './property.ts';

/** A log that violates a property, with its trace. */
export interface ViolatingLog {
  /** Stable across runs, and no other log's. */
  readonly id: string;
  readonly property: Property;
  readonly counterexample: BreakingLog;
  /** Whether the break is there when no call is in flight, too. */
  readonly lasts: boolean;
  /** Whether no log of that model is shorter; else it is the shortest of those whose break lasts. */
  readonly isShortest: boolean;
  /** The result in which it was found: the one in which it is simplest to follow. */
  readonly shownIn: Result;
  /** What a reader needs to see of it: the log, and what follows where the loss lies in the middle of a callback. */
  readonly trace: Trace;
}

/**
 * A violated property and its cause, with a shortest log. Its id is made of the property, and the cause by name.
 *
 * @public
 */
export interface Violation extends ViolatingLog {
  readonly cause: Cause;
  /** Whether a perf core can bring it about; else only a caller without a contract does. */
  readonly userReachable: boolean;
  /** Whether it lasts only while a call is in flight, wherever it was found. */
  readonly onlyInFlight: boolean;
  readonly environments: readonly Environment[];
  readonly models: readonly string[];
  /** Every result in which it was found. */
  readonly brokenIn: readonly Result[];
  /** Where the break of its log does not last: a shortest log with the same cause whose break does, if there is one. */
  readonly lasting?: ViolatingLog;
}

const SEVERITIES = ['high', 'medium', 'low'] as const;

/** Groups violated properties by their cause: the worst that users can hit first. `causes`: what is known of them. @public */
export async function violationsOf(
  results: readonly Result[],
  target: AuditTarget,
  causes = new Causes(target),
): Promise<Violation[]> {
  const groups = new Map<string, { cause: Cause; broken: Broken[] }>();
  for (const broken of results.flatMap(brokenIn)) {
    const { result } = broken;
    const cause = await causes.of(broken);
    const id = `${result.property}/${causeName(cause)}`;
    const group = groups.get(id) ?? { cause, broken: [] };
    group.broken.push(broken);
    groups.set(id, group);
  }
  return [...groups]
    .map(([id, { cause, broken }]) => toViolation(id, cause, broken, target))
    .sort(
      (a, b) =>
        Number(b.userReachable) - Number(a.userReachable) ||
        SEVERITIES.indexOf(a.property.severity) - SEVERITIES.indexOf(b.property.severity),
    );
}

function causeName(cause: Cause): string {
  switch (cause.kind) {
    case 'decision':
      return cause.name;
    case 'missing guard':
      return `${cause.call.type.replace('.call', '')} when ${cause.state}`;
    case 'place':
      return `${cause.function}:${cause.lines[0]}`;
  }
}

/** How long a log is to a reader, who takes an undisturbed callback as one step. */
const rowCount = ({ counterexample }: Broken): number => segments(counterexample.facts, 'callbacks').length;

/** The log that is simplest to follow; undefined if there is none. */
const simplest = (broken: readonly Broken[]): Broken | undefined =>
  broken.toSorted(
    (a, b) =>
      // What users can hit, before what only a caller without a contract does.
      Number(a.result.environment === 'any-order') - Number(b.result.environment === 'any-order') ||
      rowCount(a) - rowCount(b) ||
      a.counterexample.facts.length - b.counterexample.facts.length,
  )[0];

const logOf = (id: string, { result, ...broken }: Broken, target: AuditTarget): ViolatingLog => ({
  ...broken,
  id,
  property: propertyOf(result.property),
  shownIn: result,
  trace: target.traceOf(broken.counterexample, result.model, result.environment),
});

/** A shortest log of a result, and one whose break lasts, where that is another, as a report tells them. */
export const logsIn = (id: string, result: Result, target: AuditTarget): ViolatingLog[] =>
  brokenIn(result).map((broken) => logOf(broken.isShortest ? id : lastingId(id), broken, target));

const lastingId = (id: string): string => `${id}/lasting`;

function toViolation(id: string, cause: Cause, broken: readonly Broken[], target: AuditTarget): Violation {
  const shown = simplest(broken.filter(({ isShortest }) => isShortest)) ?? simplest(broken)!;
  const lasting = shown.lasts ? undefined : simplest(broken.filter(({ lasts }) => lasts));
  const environments = [...new Set(broken.map((one) => one.result.environment))];
  return {
    ...logOf(id, shown, target),
    cause,
    userReachable: environments.some((environment) => environment !== 'any-order'),
    onlyInFlight: !broken.some(({ lasts }) => lasts),
    environments,
    models: [...new Set(broken.map((one) => one.result.model.name))],
    brokenIn: [...new Set(broken.map((one) => one.result))],
    ...(lasting && { lasting: logOf(lastingId(id), lasting, target) }),
  };
}
