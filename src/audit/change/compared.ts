import type { Finding } from '../../findings/finding.ts';
import { type Report, undecidedIn, whyUndecided } from '../../findings/report.ts';

/** What became of a finding by a change. */
export type State = 'new' | 'there before' | 'fixed';

export interface ComparedFinding {
  readonly finding: Finding;
  readonly state: State;
}

/** What a change does to a driver. */
export interface ComparedDriver {
  readonly path: string;
  readonly findings: readonly ComparedFinding[];
  /** The properties that are not decided after it, and were before; all that are not, where it leaves nothing decided. */
  readonly undecided: readonly string[];
  /** How many others are not decided, after it as before. */
  readonly open: number;
  /** By property that is not decided: why, where the audit says it. */
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * Compares what an audit found after a change with what one found before it; without a report of before, everything is new.
 * A finding is known by its id: the property, and the function or the decision that is to blame. It is new all the same where
 * perf cores bring it about that did not before.
 */
export function comparedOf(path: string, after: Report | undefined, before: Report | undefined): ComparedDriver {
  const known = new Map(before?.findings.map((finding) => [finding.id, finding]));
  const there = new Set(after?.findings.map(({ id }) => id));
  const undecided = after === undefined ? [] : undecidedIn(after);
  const open = new Set(before === undefined ? [] : undecidedIn(before));
  // Of a driver of which nothing is known, nothing passes.
  const left =
    after === undefined || decidesAny(after) ? undecided.filter((property) => !open.has(property)) : undecided;
  return {
    path,
    findings: [
      ...(after?.findings ?? []).map(
        (finding): ComparedFinding => ({ finding, state: stateOf(finding, known.get(finding.id)) }),
      ),
      ...(before?.findings ?? [])
        // What is not decided after it is not known to be fixed.
        .filter(({ id, rule }) => !there.has(id) && !undecided.includes(rule.id))
        .map((finding): ComparedFinding => ({ finding, state: 'fixed' })),
    ],
    undecided: left,
    open: undecided.length - left.length,
    reasons: Object.fromEntries(
      left.flatMap((property) => {
        const why = whyUndecided(after!, property);
        return why === undefined ? [] : [[property, why]];
      }),
    ),
  };
}

const decidesAny = ({ findings, tables }: Report): boolean =>
  findings.length > 0 ||
  tables.some(({ rows }) => rows.some((row) => row.some(({ tone }) => tone === 'holds' || tone === 'violated')));

/** What a finding is, given the one of the same id that there was before. */
export const stateOf = (finding: Finding, old: Finding | undefined): State =>
  covers(old, finding) ? 'there before' : 'new';

/** Whether all who bring a finding about now did so before. Where no cores are told apart, all of them do. */
function covers(old: Finding | undefined, { cores, reachable, isNote }: Finding): boolean {
  if (old === undefined || (reachable && !old.reachable) || (old.isNote && !isNote)) return false;
  return old.cores.length === 0 || (cores.length > 0 && cores.every((core) => old.cores.includes(core)));
}
