import { type Mark, Projection } from '../engine/compose/index.ts';
import type { Fact, System } from '../facts/index.ts';
import { counted, noCounts } from './observe.ts';
import { type Trace, traceOf } from './trace.ts';

/** How many facts before an excerpt are looked at, to know whose callbacks run where it begins. */
const LEAD = 500;

/**
 * The trace of a long log from fact `from` (1 is the first) to fact `to`, with some facts before it. It is told from one of the
 * `marks` on, of which the first is the beginning of the log.
 */
export function excerptOf(
  system: System,
  log: readonly Fact[],
  marks: readonly Mark[],
  from: number,
  to: number,
): Trace {
  const mark = marks.findLast(({ folded }) => folded === 0 || folded < from - LEAD)!;
  const { folded, state } = new Projection(system, mark);
  let counts = noCounts(system);
  for (let position = 0; position < folded; position++) counts = counted(counts, log[position]!);
  return traceOf(system, log.slice(folded, to), { state, folded, counts });
}
