import type { Present } from '../../engine/check/index.ts';
import type { Fact, System } from '../../facts/index.ts';
import type { Counterexample } from '../../findings/finding.ts';
import { countsAlong, observe } from '../../findings/observe.ts';

/** What the page needs to go through a log step by step, and back. */
export interface Replay {
  /** What the log changes at some time, by name, and its value before the first fact. */
  readonly start: readonly (readonly [name: string, value: string])[];
  /** For each fact, what it changes: the number of the name, and the value after it. */
  readonly changes: readonly (readonly (readonly [name: number, value: string])[])[];
  /** For each fact, the state of the driver's chart in which it is taken; null for what the driver does not do. */
  readonly places: readonly (string | null)[];
}

/** What a log changes, step by step; nothing where its states are not known. */
export function replayOf({ trace, seen }: Counterexample): Replay {
  if (trace !== undefined) return ofTrace(trace);
  return { ...changesIn(seen ?? []), places: (seen ?? []).slice(1).map(() => null) };
}

function ofTrace({ system, log, states }: NonNullable<Counterexample['trace']>): Replay {
  const counts = countsAlong(system, log);
  const waits = system.partOf('reservation', 0);
  const seen = states.map((state, position) => {
    const observed = observe(system, state, counts[position]!);
    const waiters = waits === undefined ? undefined : (state[waits]!.context.waiters as readonly number[] | undefined);
    return waiters === undefined ? observed : new Map([...observed, ['mutex awaited by', tasksText(waiters)]]);
  });
  return {
    ...changesIn(seen),
    // A call finds the driver idle: it is where the function begins.
    places: log.map(
      (fact, position) =>
        placeOf(system, states[position]!, fact) ?? placeOf(system, states[position + 1]!, fact) ?? null,
    ),
  };
}

/** What is not there at a moment. */
const AWAY = '-';

/** What changes at some time, by what is seen before and after each step. */
function changesIn(seen: readonly ReadonlyMap<string, string>[]): Pick<Replay, 'start' | 'changes'> {
  const valueAt = (moment: number, name: string): string => seen[moment]!.get(name) ?? AWAY;
  const names = [...new Set(seen.flatMap((then) => [...then.keys()]))].filter((name) =>
    seen.some((_, moment) => valueAt(moment, name) !== valueAt(0, name)),
  );
  return {
    start: names.map((name) => [name, valueAt(0, name)]),
    changes: seen.slice(1).map((_, before) =>
      names.flatMap((name, number) => {
        const value = valueAt(before + 1, name);
        return value === valueAt(before, name) ? [] : [[number, value] as const];
      }),
    ),
  };
}

/** Who waits, as a person reads it. */
const tasksText = (events: readonly number[]): string =>
  events.length === 0 ? 'nobody' : events.map((event) => `task of event ${event}`).join(', ');

/** Where the driver of the fact's event is; undefined while it is idle. */
function placeOf(system: System, state: readonly Present[], fact: Fact): string | undefined {
  const part = 'event' in fact ? system.partOf('driver', fact.event) : undefined;
  if (part === undefined || state[part]!.hasTag('idle')) return undefined;
  return pathOf(state[part]!.value).join('.');
}

/** The path to the innermost state of a chart without regions. */
function pathOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const [entry] = Object.entries(value as object);
  return entry === undefined ? [] : [entry[0], ...pathOf(entry[1])];
}
