import type { DecisionName } from '../../../machines/driver/decisions.ts';
import type { DriverSource } from '../../subject/source.ts';
import { NotRecognised } from './c-file.ts';
import { DriverFile } from './driver-file.ts';
import { NOT_IN_C, RULES } from './rules/index.ts';

/** A driver's C with changes made in it. */
export interface Rewritten {
  readonly source: DriverSource;
  /** The changes that could not be made, and why. */
  readonly left: ReadonlyMap<DecisionName, string>;
}

/** Makes changes in a driver's C, each where its rule recognises what it looks for; nothing else is touched. */
export function rewrite(source: DriverSource, changes: readonly DecisionName[]): Rewritten {
  const left = new Map<DecisionName, string>();
  for (const change of changes)
    if (!RULES.has(change)) left.set(change, NOT_IN_C[change] ?? 'there is no rule that makes it in C');
  let changed = source;
  for (const [change, rule] of RULES) {
    if (!changes.includes(change)) continue;
    const file = new DriverFile(changed);
    try {
      rule(file);
      changed = { ...changed, text: file.edits.made() };
    } catch (error) {
      if (!(error instanceof NotRecognised)) throw error;
      left.set(change, error.message);
    }
  }
  return { source: changed, left };
}
