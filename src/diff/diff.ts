import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { audit, type Result } from '../audit/audit.ts';
import { described } from '../audit/modelled.ts';
import type { Verdict } from '../check/index.ts';
import type { Fact } from '../facts/index.ts';
import { firstDifference } from './first-difference.ts';

export interface NamedDriver {
  readonly name: string;
  readonly machine: DriverMachine;
}

/** A promise of which two drivers come to different verdicts in an environment. */
export interface PromiseDifference {
  readonly property: string;
  readonly environment: Environment;
  readonly verdicts: readonly [Verdict['verdict'], Verdict['verdict']];
}

/** A shortest log that one driver accepts and the other does not, and where. */
export interface LogDifference {
  readonly acceptedBy: string;
  readonly refusedBy: string;
  readonly model: Model;
  readonly environment: Environment;
  /** The last fact is the one that the other driver refuses. */
  readonly log: readonly Fact[];
}

export interface DriverDifference {
  readonly promises: readonly PromiseDifference[];
  /** One for each driver that accepts a log which the other one does not. */
  readonly logs: readonly LogDifference[];
  /** Whether some search for such a log was stopped, so that one may be missing. */
  readonly bounded: boolean;
}

/** In what two drivers differ: the promises, and what they can do at all. */
export async function diff(
  drivers: readonly [NamedDriver, NamedDriver],
  models: readonly Model[],
  environments: readonly Environment[],
  onProgress?: (doing: string) => void,
): Promise<DriverDifference> {
  const [one, other] = drivers;
  const verdicts: Map<string, Verdict['verdict']>[] = [];
  for (const { name, machine } of drivers) {
    onProgress?.(`the promises of ${name}`);
    verdicts.push(worst(await audit({ auditee: described(name, machine), models, environments })));
  }
  const promises = [...verdicts[0]!.keys()].flatMap((key): PromiseDifference[] => {
    const [a, b] = [verdicts[0]!.get(key)!, verdicts[1]!.get(key)!];
    const [property, environment] = key.split(' ') as [string, Environment];
    return a === b ? [] : [{ property, environment, verdicts: [a, b] }];
  });
  onProgress?.('logs that one accepts');
  const [first, second] = [shortest(one, other, models, environments), shortest(other, one, models, environments)];
  return {
    promises,
    logs: [first.found, second.found].filter((found) => found !== undefined),
    bounded: (first.found === undefined && first.bounded) || (second.found === undefined && second.bounded),
  };
}

/** How bad a verdict is; of several models the worst counts. */
const ORDER = ['vacuous', 'holds', 'bounded', 'violated'] as const;

/** By promise and environment, the worst verdict of all models. */
function worst(results: readonly Result[]): Map<string, Verdict['verdict']> {
  const verdicts = new Map<string, Verdict['verdict']>();
  for (const { property, environment, verdict } of results) {
    const key = `${property} ${environment}`;
    const known = verdicts.get(key) ?? 'vacuous';
    verdicts.set(key, ORDER.indexOf(verdict.verdict) > ORDER.indexOf(known) ? verdict.verdict : known);
  }
  return verdicts;
}

/** The shortest log of any model that one driver accepts and the other does not; small models are asked first. */
function shortest(
  one: NamedDriver,
  other: NamedDriver,
  models: readonly Model[],
  environments: readonly Environment[],
): { found: LogDifference | undefined; bounded: boolean } {
  let found: LogDifference | undefined;
  let bounded = false;
  const sizeOf = ({ scope }: Model): number => scope.events.length * 10 + scope.harts + scope.ticks.length;
  for (const model of models.toSorted((a, b) => sizeOf(a) - sizeOf(b)))
    for (const environment of model.environments.filter((name) => environments.includes(name))) {
      const systems = [one, other].map(({ machine }) => compose(model.scope, environment, machine)) as [never, never];
      // A pair that is no shorter is of no use.
      const difference = firstDifference(...systems, { pairs: 3_000, depth: (found?.log.length ?? 200) - 1 });
      if (difference.kind === 'differs')
        found = { acceptedBy: one.name, refusedBy: other.name, model, environment, log: difference.log };
      bounded ||= difference.kind === 'bounded';
    }
  return { found, bounded };
}
