import type { GroundAudit, GroundFinding } from '../../subject/ground/audit.ts';
import { type Baseline, baselineFor, type Compared, compareFindings, type Known } from '../baseline.ts';
import { idOf } from './texts.ts';

/** An audit of any driver's C, held against what was known of it. */
export interface ComparedGround {
  readonly audit: GroundAudit;
  readonly compared?: Compared;
}

/** A finding as a baseline keeps it: what only a later core brings about is no user's yet. */
const knownOf = (finding: GroundFinding): Known => ({
  id: idOf(finding),
  cause: finding.text,
  userReachable: finding.core === undefined,
  models: [finding.scope],
  environments: [],
});

/** The baseline in which all findings of an audit are known. */
export const groundBaseline = ({ audit, compared }: ComparedGround): Baseline =>
  baselineFor(audit.build.files[0]!, audit.findings.map(knownOf), compared);

/** Holds an audit against a baseline: what is not found any more is gone where its property was decided. */
export const compareGround = (audit: GroundAudit, baseline: Baseline): Compared =>
  compareFindings(audit.findings.map(knownOf), baseline, ({ id }) => {
    const verdict = audit.verdicts.get(id.split('/')[0]!)?.verdict;
    return verdict !== undefined && verdict !== 'bounded';
  });
