import { DRIVERS, type DriverName } from '../../../machines/drivers.ts';
import { compose } from '../../../models/index.ts';
import type { State, System } from '../../compose/index.ts';
import type { Fact } from '../../facts/index.ts';
import { statesAlong } from '../cause.ts';
import type { Finding } from '../finding.ts';
import { countsAlong, observe } from '../observe.ts';
import { toldLog } from '../telling.ts';

/** What the page needs to go through a log step by step, and back. */
export interface Replay {
  /** What the log changes at some time, by name, and its value before the first fact. */
  readonly start: readonly (readonly [name: string, value: string])[];
  /** For each fact, what it changes: the number of the name, and the value after it. */
  readonly changes: readonly (readonly (readonly [name: number, value: string])[])[];
  /** For each fact, the state of the driver's chart in which it is taken; null for what the driver does not do. */
  readonly places: readonly (string | null)[];
}

export function replayOf(finding: Finding, driver: DriverName): Replay {
  const { model, environment } = finding.shownIn;
  const system = compose(model.scope, environment, DRIVERS[driver]);
  const log = toldLog(finding);
  const states = statesAlong(system, log);
  const counts = countsAlong(system, log);
  const seen = states.map((state, position) => observe(system, state, counts[position]!));
  const first = seen[0]!;
  const names = [...first.keys()].filter((name) => seen.some((then) => then.get(name) !== first.get(name)));
  return {
    start: names.map((name) => [name, first.get(name)!]),
    changes: log.map((_, position) =>
      names.flatMap((name, number) => {
        const value = seen[position + 1]!.get(name)!;
        return value === seen[position]!.get(name) ? [] : [[number, value] as const];
      }),
    ),
    // A call finds the driver idle: it is where the function begins.
    places: log.map(
      (fact, position) =>
        placeOf(system, states[position]!, fact) ?? placeOf(system, states[position + 1]!, fact) ?? null,
    ),
  };
}

/** Where the driver of the fact's event is; undefined while it is idle. */
function placeOf(system: System, state: State, fact: Fact): string | undefined {
  const part = 'event' in fact ? system.partOf('driver', fact.event) : undefined;
  if (part === undefined || state[part]!.hasTag('idle')) return undefined;
  return state[part]!._nodes.at(-1)!.path.join('.');
}
