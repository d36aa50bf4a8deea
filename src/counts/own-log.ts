import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, propertyOf } from '../../models/index.ts';
import type { Result } from '../audit/audit.ts';
import type { AuditResult } from '../audit/audit-result.ts';
import { breaksIn, causeOf } from '../audit/cause.ts';
import { described } from '../audit/modelled.ts';
import { rerun } from '../audit/rerun.ts';
import { violationsOf } from '../audit/violation.ts';
import type { Fact } from '../facts/index.ts';
import type { Defect } from './defects.ts';

const COUNT_EXACT = propertyOf('count-exact');

/**
 * The log of a defect as the whole driver does it, with whatever else it does wrongly; undefined where it does not count wrongly
 * there for the same reason.
 */
async function ownLogOf({ name, model, environment, log }: Defect, driver: DriverMachine): Promise<Fact[] | undefined> {
  const system = compose(model.scope, environment, driver);
  const facts: Fact[] = [];
  const steps = rerun(system, log);
  let step = steps.next();
  for (; !step.done; step = steps.next()) facts.push(step.value.fact);
  if (step.value > 0 || !(await breaksIn(system, COUNT_EXACT, facts))) return undefined;
  const cause = await causeOf(COUNT_EXACT, facts, model.scope, environment, driver);
  return cause.kind === 'decision' && cause.name === name ? facts : undefined;
}

/**
 * The logs of defects as findings of an audit, so that every command that takes a finding takes these; what no modelled driver does
 * is left out.
 */
export async function findingsOf(
  defects: readonly Defect[],
  driver: { readonly name: string; readonly machine: DriverMachine },
): Promise<AuditResult> {
  const target = described(driver.name, driver.machine);
  const results: Result[] = [];
  for (const defect of defects) {
    if (defect.decision === undefined) continue;
    const facts = await ownLogOf(defect, driver.machine);
    if (facts === undefined) continue;
    results.push({
      ...{ model: defect.model, environment: defect.environment, property: COUNT_EXACT.id },
      verdict: { verdict: 'violated', counterexample: { facts, breaks: 'fact', onlyInFlight: false } },
      covered: { states: 0, transitions: 0, depth: facts.length, bytes: 0, milliseconds: 0, exhaustive: true },
    });
  }
  return { target, results, findings: await violationsOf(results, target) };
}
