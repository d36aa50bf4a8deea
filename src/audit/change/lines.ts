import type { Finding } from '../../findings/finding.ts';
import { tokenOf } from '../../findings/token.ts';
import type { ComparedDriver, ComparedFinding } from './compared.ts';

const LEVEL = { high: 'ERROR', medium: 'WARNING', low: 'CHECK' } as const;

/**
 * What a change does to a driver, a line each, as `checkpatch --terse` has it:
 * `FILE:LINE: ERROR: what is wrong (hartproof type-routed, 2 calls, hp:3f9a1c)`. With `all`, also what was there before, what is
 * fixed, and what only a caller without a contract reaches.
 */
export function checkLines({ path, findings, undecided, reasons }: ComparedDriver, all: boolean): string[] {
  return [
    ...findings.filter((one) => all || isNew(one)).map((one) => lineOf(path, one)),
    ...(undecided.length === 0
      ? []
      : [`${path}:1: WARNING: not decided, which is no pass: ${byReason(undecided, reasons)} (hartproof)`]),
  ];
}

/** The properties that are not decided, each reason behind all that it leaves open: `count-exact, isolation (probe answers -22)`. */
function byReason(undecided: readonly string[], reasons: ComparedDriver['reasons']): string {
  const groups = new Map<string, string[]>();
  for (const property of undecided) {
    const why = reasons[property] ?? '';
    const group = groups.get(why);
    if (group === undefined) groups.set(why, [property]);
    else group.push(property);
  }
  return [...groups].map(([why, all]) => `${all.join(', ')}${why === '' ? '' : ` (${why})`}`).join('; ');
}

/** Whether a finding sets the exit status: it is new, and a perf core brings it about. */
export const isNew = ({ finding, state }: ComparedFinding): boolean => state === 'new' && finding.reachable;

/** The line of one finding. */
export function lineOf(path: string, one: ComparedFinding): string {
  const { finding, state } = one;
  const { place, cause, id, rule, counterexamples } = finding;
  const details = [rule.id, ...counterexamples.slice(0, 1).map(({ length }) => length), tokenOf(id)];
  const was = state === 'new' ? '' : `${state}: `;
  return `${place?.file ?? path}:${place?.lines[0] ?? 1}: ${isNew(one) ? levelOf(finding) : 'NOTE'}: ${was}${cause} (hartproof ${details.join(', ')})`;
}

const levelOf = ({ rule, isNote }: Finding): string => (isNote ? 'CHECK' : LEVEL[rule.severity]);
