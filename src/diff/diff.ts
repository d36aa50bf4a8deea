import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { audit, type Result } from '../audit/audit.ts';
import type { AuditTarget } from '../audit/audit-target.ts';
import { compiled } from '../audit/compiled.ts';
import { described } from '../audit/modelled.ts';
import type { Fact, Verdict } from '../facts/index.ts';
import type { SourceAudit } from '../subject/index.ts';
import { type Beside, besideC } from './beside-c.ts';
import { firstDifference } from './first-difference.ts';

export interface NamedDriver {
  readonly name: string;
  readonly machine: DriverMachine;
}

/** The C of a driver. */
interface NamedSource {
  readonly name: string;
  readonly source: SourceAudit;
}

/** Two drivers, of which one may be C. */
export type Pair = readonly [NamedDriver, NamedDriver | NamedSource] | readonly [NamedSource, NamedDriver];

/** A property of which two drivers come to different verdicts in an environment. */
export interface PropertyDifference {
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
  readonly properties: readonly PropertyDifference[];
  /** One for each driver that accepts a log which the other one does not; none if one is C. */
  readonly logs: readonly LogDifference[];
  /** Where one is C: a shortest log after which they part, if there is any. */
  readonly inC?: Beside;
  /** Whether some search for such a log was stopped, so that one may be missing. */
  readonly bounded: boolean;
}

/** In what two drivers differ: the properties, and what they can do at all. */
export async function diff(
  drivers: Pair,
  models: readonly Model[],
  environments: readonly Environment[],
  onProgress?: (doing: string) => void,
): Promise<DriverDifference> {
  const verdicts: Map<string, Verdict['verdict']>[] = [];
  for (const driver of drivers) {
    onProgress?.(`the properties of ${driver.name}`);
    verdicts.push(worst(await audit({ target: auditeeOf(driver), models, environments })));
  }
  const properties = [...new Set(verdicts.flatMap((known) => [...known.keys()]))].flatMap(
    (key): PropertyDifference[] => {
      const [a, b] = verdicts.map((known) => known.get(key));
      const [property, environment] = key.split(' ') as [string, Environment];
      // What only C can break is asked of C only.
      if (a === undefined || b === undefined) {
        const found = a ?? b;
        return found === 'violated' ? [{ property, environment, verdicts: [a ?? 'vacuous', b ?? 'vacuous'] }] : [];
      }
      return a === b ? [] : [{ property, environment, verdicts: [a, b] }];
    },
  );
  onProgress?.('logs that one accepts');
  const smallFirst = models.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  const modelled = drivers.filter((driver): driver is NamedDriver => !isC(driver));
  const c = drivers.find(isC);
  if (c !== undefined)
    return { properties, ...(await besideC(modelled[0]!.machine, c.source, smallFirst, environments)) };
  const [one, other] = modelled as [NamedDriver, NamedDriver];
  const [first, second] = [
    await shortest(one, other, smallFirst, environments),
    await shortest(other, one, smallFirst, environments),
  ];
  return {
    properties,
    logs: [first.found, second.found].filter((found) => found !== undefined),
    bounded: (first.found === undefined && first.bounded) || (second.found === undefined && second.bounded),
  };
}

const isC = (driver: NamedDriver | NamedSource): driver is NamedSource => 'source' in driver;

const auditeeOf = (driver: NamedDriver | NamedSource): AuditTarget =>
  isC(driver) ? compiled(driver.source) : described(driver.name, driver.machine);

const sizeOf = ({ scope }: Model): number => scope.events.length * 10 + scope.harts + scope.ticks.length;

/** How bad a verdict is; of several models the worst counts. */
const ORDER = ['vacuous', 'holds', 'probable', 'bounded', 'violated'] as const;

/** By property and environment, the worst verdict of all models. */
function worst(results: readonly Result[]): Map<string, Verdict['verdict']> {
  const verdicts = new Map<string, Verdict['verdict']>();
  for (const { property, environment, verdict } of results) {
    const key = `${property} ${environment}`;
    const known = verdicts.get(key) ?? 'vacuous';
    verdicts.set(key, ORDER.indexOf(verdict.verdict) > ORDER.indexOf(known) ? verdict.verdict : known);
  }
  return verdicts;
}

/** The shortest log of any model that one driver accepts and the other does not; the models are asked in their order. */
async function shortest(
  one: NamedDriver,
  other: NamedDriver,
  models: readonly Model[],
  environments: readonly Environment[],
): Promise<{ found: LogDifference | undefined; bounded: boolean }> {
  let found: LogDifference | undefined;
  let bounded = false;
  for (const model of models)
    for (const environment of model.environments.filter((name) => environments.includes(name))) {
      const systems = [one, other].map(({ machine }) => compose(model.scope, environment, machine)) as [never, never];
      // A pair that is no shorter is of no use.
      const difference = await firstDifference(...systems, { pairs: 3_000, depth: (found?.log.length ?? 200) - 1 });
      if (difference.kind === 'differs')
        found = { acceptedBy: one.name, refusedBy: other.name, model, environment, log: difference.log };
      bounded ||= difference.kind === 'bounded';
    }
  return { found, bounded };
}
