import {
  append,
  author,
  initialState,
  isRefusal,
  type State,
  snapshotKey,
  successors,
} from '../engine/compose/index.ts';
import type { Fact, System } from '../facts/index.ts';

/** What two systems of the same scope came to, for logs of which one system accepts every fact. */
export type Difference =
  /** A shortest log that the first accepts, and the second all of but its last fact. */
  | { readonly kind: 'differs'; readonly log: readonly Fact[] }
  /** Every log that the first accepts, the second accepts too. */
  | { readonly kind: 'contained' }
  /** Nothing was found before the search stopped: no answer. */
  | { readonly kind: 'bounded' };

interface Pair {
  readonly one: State;
  readonly other: State;
  readonly before: Pair | null;
  readonly fact: Fact | null;
  readonly depth: number;
}

/**
 * Searches the logs that both systems accept, breadth first, for one that goes on in the first only.
 * It stops at logs of `depth` facts, and after `pairs` pairs of states.
 */
export function firstDifference(
  one: System,
  other: System,
  { depth = Number.POSITIVE_INFINITY, pairs = 20_000 }: { depth?: number; pairs?: number } = {},
): Difference {
  const bare = one.bareFacts();
  const start: Pair = { one: initialState(one), other: initialState(other), before: null, fact: null, depth: 0 };
  const seen = new Set([keyOf(start)]);
  const queue = [start];
  for (const pair of queue) {
    if (pair.depth >= depth || queue.length > pairs) return { kind: 'bounded' };
    for (const [fact, next] of successors(one, pair.one, bare)) {
      const same = JSON.stringify(author(other, pair.other, fact)) === JSON.stringify(fact);
      const after = same ? append(other, pair.other, fact) : undefined;
      if (after === undefined || isRefusal(after)) return { kind: 'differs', log: [...logTo(pair), fact] };
      const reached: Pair = { one: next, other: after, before: pair, fact, depth: pair.depth + 1 };
      const key = keyOf(reached);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(reached);
    }
  }
  return { kind: 'contained' };
}

const keyOf = ({ one, other }: Pair): string => [...one, ...other].map(snapshotKey).join();

function logTo(pair: Pair): Fact[] {
  const log: Fact[] = [];
  for (let at: Pair | null = pair; at?.fact; at = at.before) log.push(at.fact);
  return log.reverse();
}
