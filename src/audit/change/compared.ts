import type { Finding } from '../../findings/finding.ts';
import { type Report, undecidedIn } from '../../findings/report.ts';

/** What became of a finding by a change. */
export type State = 'new' | 'there before' | 'fixed';

export interface ComparedFinding {
  readonly finding: Finding;
  readonly state: State;
}

/** What a change does to a driver: its findings, and the properties that are not decided after it, and were before. */
export interface ComparedDriver {
  readonly path: string;
  readonly findings: readonly ComparedFinding[];
  readonly undecided: readonly string[];
}

/**
 * Compares what an audit found after a change with what one found before it; without a report of before, everything is new.
 * A finding is known by its id: the property, and the function or the decision that is to blame.
 */
export function comparedOf(path: string, after: Report | undefined, before: Report | undefined): ComparedDriver {
  const known = new Set(before?.findings.map(({ id }) => id));
  const there = new Set(after?.findings.map(({ id }) => id));
  const undecided = after === undefined ? [] : undecidedIn(after);
  const open = new Set(before === undefined ? [] : undecidedIn(before));
  return {
    path,
    findings: [
      ...(after?.findings ?? []).map(
        (finding): ComparedFinding => ({ finding, state: known.has(finding.id) ? 'there before' : 'new' }),
      ),
      ...(before?.findings ?? [])
        // What is not decided after it is not known to be fixed.
        .filter(({ id, rule }) => !there.has(id) && !undecided.includes(rule.id))
        .map((finding): ComparedFinding => ({ finding, state: 'fixed' })),
    ],
    undecided: undecided.filter((property) => !open.has(property)),
  };
}
