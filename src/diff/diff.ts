import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model, type Scope } from '../../models/index.ts';
import { audit, type Result } from '../audit/audit.ts';
import type { AuditTarget } from '../audit/audit-target.ts';
import { compiled } from '../audit/compiled.ts';
import { described } from '../audit/modelled.ts';
import type { Fact, Verdict } from '../facts/index.ts';
import { decidedBy } from '../repair/decided.ts';
import type { SourceAudit } from '../subject/index.ts';
import { type Beside, besideC } from './beside-c.ts';
import { type Change, changesBetween } from './changed-lines.ts';
import { firstDifference } from './first-difference.ts';
import { mismatchInC, type PartedInC } from './of-c.ts';

export interface NamedDriver {
  readonly name: string;
  readonly machine: DriverMachine;
  /** The models of its own PMU, where that is not the other's. */
  readonly models?: readonly Model[];
}

/** The C of a driver. */
export interface NamedSource {
  readonly name: string;
  readonly source: SourceAudit;
  readonly models?: readonly Model[];
}

/** Two drivers, each modelled or C. */
export type Pair = readonly [NamedDriver | NamedSource, NamedDriver | NamedSource];

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
  /** Where both are C: a shortest log on which they part, if there is any; and what differs between their texts. */
  readonly parted?: PartedInC;
  readonly changes?: readonly Change[];
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
    const asked = driver.models ?? models;
    verdicts.push(
      worst(
        await audit({
          target: auditeeOf(driver),
          models: asked,
          environments,
          onProgress: (_model, _environment, _progress, done, all) =>
            onProgress?.(`the properties of ${driver.name}: search ${done + 1} of ${all}`),
        }),
      ),
    );
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
  const [c, otherC] = drivers.filter(isC);
  if (c !== undefined && otherC !== undefined) {
    const changes = changesBetween(c.source.build.source, otherC.source.build.source);
    return { properties, logs: [], ...(await mismatchInC(c.source, otherC.source, smallFirst, environments)), changes };
  }
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
  const isAlike = decidedBy(one.machine) === decidedBy(other.machine);
  for (const model of models)
    for (const environment of model.environments.filter((name) => environments.includes(name))) {
      const scopes = [one, other].map((driver) => scopeFor(driver, model));
      if (scopes.includes(undefined)) continue;
      // Two that decide everything alike, on one PMU, are one driver: there is nothing to search.
      if (isAlike && JSON.stringify(scopes[0]) === JSON.stringify(scopes[1])) continue;
      const systems = [one, other].map(({ machine }, index) => compose(scopes[index]!, environment, machine)) as [
        never,
        never,
      ];
      // A pair that is no shorter is of no use.
      const difference = await firstDifference(...systems, { pairs: 3_000, depth: (found?.log.length ?? 200) - 1 });
      if (difference.kind === 'differs')
        found = { acceptedBy: one.name, refusedBy: other.name, model, environment, log: difference.log };
      bounded ||= difference.kind === 'bounded';
    }
  return { found, bounded };
}

/** The scope of a model, on a driver's own PMU where it has one; undefined where that PMU is not asked this. */
function scopeFor({ models }: NamedDriver, { name, scope }: Model): Scope | undefined {
  if (models === undefined) return scope;
  const own = models.find((model) => model.name === name);
  return own && { ...scope, pmu: own.scope.pmu };
}
