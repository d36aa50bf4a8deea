import type { Environment } from '../../models/index.ts';
import type { Counterexample, Property } from '../check/index.ts';
import type { Result } from './audit.ts';
import type { Auditee } from './auditee.ts';
import type { Cause } from './cause.ts';
import { segments } from './narrate.ts';
import { promiseOf } from './promise.ts';
import type { Story } from './story.ts';

/** A broken promise and its cause. */
export interface Finding {
  /** Stable across runs: the property, and the cause by name. */
  readonly id: string;
  readonly property: Property;
  readonly cause: Cause;
  /** Whether a perf core can bring it about; else only a caller without a contract does. */
  readonly userReachable: boolean;
  /** Whether it lasts only while a call is in flight, wherever it was found. */
  readonly onlyInFlight: boolean;
  readonly environments: readonly Environment[];
  readonly models: readonly string[];
  /** Every result in which it was found. */
  readonly brokenIn: readonly Result[];
  /** The shortest log of the model in which it is simplest to follow, and that model. */
  readonly counterexample: Counterexample;
  readonly shownIn: Result;
  /** What a reader needs to see of it: the log, and what follows where the loss lies in the middle of a callback. */
  readonly story: Story;
}

const SEVERITIES = ['high', 'medium', 'low'] as const;

/** Groups broken promises by their cause: the worst that users can hit first. */
export async function findingsOf(results: readonly Result[], auditee: Auditee): Promise<Finding[]> {
  const groups = new Map<string, { cause: Cause; broken: { result: Result; counterexample: Counterexample }[] }>();
  const causes = new Map<string, Cause>();
  for (const result of results) {
    if (result.verdict.verdict !== 'violated') continue;
    const { counterexample } = result.verdict;
    const property = promiseOf(result.property);
    // The cores mostly do the same: one log has one cause.
    const log = `${property.id} ${result.model.name} ${result.environment === 'any-order'} ${JSON.stringify(counterexample.facts)}`;
    const cause =
      causes.get(log) ?? (await auditee.causeOf(property, counterexample.facts, result.model, result.environment));
    causes.set(log, cause);
    const id = `${result.property}/${causeName(cause)}`;
    const group = groups.get(id) ?? { cause, broken: [] };
    group.broken.push({ result, counterexample });
    groups.set(id, group);
  }
  return [...groups]
    .map(([id, { cause, broken }]) => toFinding(id, cause, broken, auditee))
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

/** How long a shortest log is to a reader, who takes an undisturbed callback as one step. */
const rowsOf = ({ counterexample }: { counterexample: Counterexample }): number =>
  segments(counterexample.facts, 'callbacks').length;

function toFinding(
  id: string,
  cause: Cause,
  broken: readonly { result: Result; counterexample: Counterexample }[],
  auditee: Auditee,
): Finding {
  const shortest = broken.toSorted(
    (a, b) =>
      Number(a.counterexample.onlyInFlight) - Number(b.counterexample.onlyInFlight) ||
      // What users can hit, before what only a caller without a contract does.
      Number(a.result.environment === 'any-order') - Number(b.result.environment === 'any-order') ||
      rowsOf(a) - rowsOf(b) ||
      a.counterexample.facts.length - b.counterexample.facts.length,
  )[0]!;
  const { result, counterexample } = shortest;
  const environments = [...new Set(broken.map((one) => one.result.environment))];
  return {
    id,
    property: promiseOf(result.property),
    cause,
    userReachable: environments.some((environment) => environment !== 'any-order'),
    onlyInFlight: broken.every((one) => one.counterexample.onlyInFlight),
    environments,
    models: [...new Set(broken.map((one) => one.result.model.name))],
    brokenIn: broken.map((one) => one.result),
    counterexample,
    shownIn: result,
    story: auditee.tell(counterexample, result.model, result.environment),
  };
}
