import type { Variable } from './local-states.ts';

/** A condition in Promela, which is C's here; the two constants stand for themselves. */
export type Condition = string;

/** The variable is in one of these local states; `true` if those are all that it can be in. */
export function isOneOf({ name, kind, states }: Variable, wanted: ReadonlySet<number>): Condition {
  const runs: [number, number][] = [];
  let open = false;
  // Numbers that this variable never has may lie inside a run.
  for (const state of states) {
    if (!wanted.has(state)) open = false;
    else if (open) runs.at(-1)![1] = state;
    else {
      runs.push([state, state]);
      open = true;
    }
  }
  if (runs.length === 1 && runs[0]![0] === states[0] && runs[0]![1] === states.at(-1)) return 'true';
  const called = (state: number): string => kind.states[state]!.name;
  return any(
    runs.map(([low, high]) =>
      low === high ? `${name} == ${called(low)}` : `between(${name}, ${called(low)}, ${called(high)})`,
    ),
  );
}

export function any(conditions: readonly Condition[]): Condition {
  if (conditions.includes('true')) return 'true';
  const open = conditions.filter((condition) => condition !== 'false');
  return open.length === 0 ? 'false' : open.length === 1 ? open[0]! : `(${open.join(' || ')})`;
}

export function all(conditions: readonly Condition[]): Condition {
  if (conditions.includes('false')) return 'false';
  const open = conditions.filter((condition) => condition !== 'true');
  return open.length === 0 ? 'true' : open.length === 1 ? open[0]! : `(${open.join(' && ')})`;
}
