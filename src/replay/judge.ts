import { brokenAt, type Property } from '../check/index.ts';
import { append, initialState, isRefusal, RefusedFact, type State, type System } from '../compose/index.ts';
import type { Fact } from '../facts/index.ts';

/** A promise that a log breaks, and the fact (from 1) after which it is broken. */
export interface Break {
  readonly property: string;
  readonly position: number;
}

/** A promise that cannot be judged along one log. */
export const isAboutAllLogs = ({ clauses }: Property): boolean =>
  clauses.every(({ kind }) => kind === 'can reach' || kind === 'no deadlock');

/**
 * Folds a log and judges promises on the way: the state at the end, and where each promise broke first.
 * With `until`, stops there. Throws {@link RefusedFact} at a fact that the machines do not accept, or whose data is not what they author.
 */
export function judge(
  system: System,
  log: Iterable<Fact>,
  properties: readonly Property[],
  { at = Infinity, until }: { at?: number; until?: string } = {},
): { state: State; folded: number; breaks: Break[] } {
  let state = initialState(system);
  let folded = 0;
  const breaks: Break[] = [];
  const open = new Set(properties.filter((property) => !isAboutAllLogs(property)));
  for (const fact of log) {
    if (folded >= at) break;
    checkData(system, state, fact, folded);
    const next = append(system, state, fact);
    if (isRefusal(next)) throw new RefusedFact(folded, fact, `refused by the ${next.refusedBy} ${next.index}`);
    folded++;
    for (const property of open) {
      if (!brokenAt(system, property, state, fact, next)) continue;
      breaks.push({ property: property.id, position: folded });
      open.delete(property);
    }
    state = next;
    if (until !== undefined && breaks.some(({ property }) => property === until)) break;
  }
  return { state, folded, breaks };
}

/** Throws {@link RefusedFact} if the data of a fact is not what its authors write. */
function checkData(system: System, state: State, fact: Fact, position: number): void {
  for (const { part, write } of system.authors(fact))
    for (const [field, value] of Object.entries(write(state[part]!, fact)))
      if (JSON.stringify((fact as unknown as Record<string, unknown>)[field]) !== JSON.stringify(value))
        throw new RefusedFact(position, fact, `${field} would be ${JSON.stringify(value)} in this state`);
}
