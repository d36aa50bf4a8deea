import type { DriverName } from '../../machines/drivers.ts';
import { ENVIRONMENTS, type Environment, modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { violationsOf } from '../../src/audit/violation.ts';
import type { Limits } from '../../src/engine/check/index.ts';

/** Audits a few models, for the tests of the reports. */
export async function audited(
  names: readonly string[],
  {
    driver = 'as-posted',
    environments = ENVIRONMENTS,
    limits,
  }: { driver?: DriverName; environments?: readonly Environment[]; limits?: Limits } = {},
): Promise<AuditResult> {
  const models = names.map(modelOf);
  const target = modelled(driver);
  const results = await audit({ target, models, environments, ...(limits && { limits }) });
  return { target, results, findings: await violationsOf(results, target) };
}

export interface Samples {
  /** Findings of every kind: by users in sequence and at once, in counts, with another owner, and a missing guard. */
  readonly various: AuditResult;
  /** A search that was cut short before it found anything. */
  readonly stopped: AuditResult;
  /** A driver that keeps its contract. */
  readonly clean: AuditResult;
}

/** Audits of each kind, made once for all tests. */
export function samples(): Promise<Samples> {
  made ??= make();
  return made;
}

let made: Promise<Samples> | undefined;

async function make(): Promise<Samples> {
  const of416 = ['4.16'] as const;
  return {
    various: await audited(['any-order-event', 'refused-open-raw', 'two-threads', 'foreign-owner', 'migration'], {
      environments: ['4.16', 'any-order'],
    }),
    stopped: await audited(['two-threads'], { environments: of416, limits: { states: 3 } }),
    clean: await audited(['two-threads', 'refused-open-sampling'], { driver: 'repaired', environments: of416 }),
  };
}
