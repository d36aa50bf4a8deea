import type { GroundAudit, GroundFinding } from '../../subject/ground/audit.ts';
import { type Baseline, baselineFor, type Compared, compareFindings, type Known } from '../baseline.ts';
import { idOf } from './texts.ts';

/** A finding as a baseline keeps it: what only a later core brings about is no user's yet. */
const knownOf = (finding: GroundFinding): Known => ({
  id: idOf(finding),
  cause: finding.text,
  userReachable: finding.core === undefined,
  models: [finding.scope],
  environments: [],
});

/** The baseline of a driver in which all findings of an audit are known; `compared`: what it was held against. */
export const groundBaseline = (driver: string, audit: GroundAudit, compared?: Compared): Baseline =>
  baselineFor(driver, audit.findings.map(knownOf), compared);

/** Holds an audit against a baseline: what is not found any more is gone where its property was decided. */
export const compareGround = (audit: GroundAudit, baseline: Baseline): Compared =>
  compareFindings(audit.findings.map(knownOf), baseline, ({ id }) => {
    const verdict = audit.verdicts.get(id.split('/')[0]!)?.verdict;
    return verdict !== undefined && verdict !== 'bounded';
  });
