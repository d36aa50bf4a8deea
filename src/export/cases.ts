import { type Condition, isOneOf } from './condition.ts';
import type { Variable } from './local-states.ts';
import type { Share } from './relations.ts';

/** Where a machine goes from some of its local states. */
export interface Case {
  readonly when: Condition;
  /** The name of the local state that it goes to; undefined where it stays. */
  readonly to: string | undefined;
}

/** What a fact does to a machine that is ready for it: one case for each local state that it can come to. */
export function casesOf({ ready, steps }: Share, variable: Variable): Case[] {
  const among = { ...variable, states: [...ready].sort((a, b) => a - b) };
  const froms = new Map<string | undefined, Set<number>>();
  for (const [from, to] of [...steps].sort(([a], [b]) => a - b)) {
    const name = from === to ? undefined : variable.kind.states[to]!.name;
    froms.set(name, (froms.get(name) ?? new Set()).add(from));
  }
  return [...froms].map(([to, states]) => ({ when: isOneOf(among, states), to }));
}
