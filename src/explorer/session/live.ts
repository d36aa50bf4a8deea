import type { State } from '../../engine/compose/index.ts';
import type { Fact, Part } from '../../facts/index.ts';
import type { World } from './world.ts';

/** Of so many events or fewer, all are shown. */
export const FEW = 16;

const known = new WeakMap<State, ReadonlySet<number>>();

/** The events that are open in a state, or in a call. */
export function liveEvents({ system }: World, state: State): ReadonlySet<number> {
  let live = known.get(state);
  if (live === undefined) {
    const events = new Set<number>();
    for (const [number, { role, index }] of system.parts.entries())
      if (role === 'lifecycle' ? state[number]!.hasTag('live') : role === 'driver' && !state[number]!.hasTag('idle'))
        events.add(index);
    live = events;
    known.set(state, live);
  }
  return live;
}

/** How far back it is looked which events acted last. */
const FAR = 4096;

/** Of some events those that acted last in the first `at` facts of a log, {@link FEW} at most. */
export function lastOf(events: ReadonlySet<number>, log: readonly Fact[], at: number): ReadonlySet<number> {
  if (events.size <= FEW) return events;
  const last = new Set<number>();
  for (let number = at - 1; number >= Math.max(0, at - FAR) && last.size < FEW; number--) {
    const fact = log[number]!;
    if ('event' in fact && events.has(fact.event)) last.add(fact.event);
  }
  return last;
}

/** Whether a machine is of one of these events, or of none. */
export const isOf = (events: ReadonlySet<number>, { role, index }: Pick<Part, 'role' | 'index'>): boolean =>
  !(role === 'lifecycle' || role === 'driver' || role === 'count') || events.has(index);

const byEvent = new WeakMap<World, ReadonlyMap<number, readonly Fact[]>>();

/** What could happen to these events, to the first of the others, and to none. */
export function bareOf(world: World, events: ReadonlySet<number>): Fact[] {
  let groups = byEvent.get(world);
  if (groups === undefined) {
    const grouped = new Map<number, Fact[]>();
    for (const fact of world.bare) {
      const event = 'event' in fact ? fact.event : -1;
      const own = grouped.get(event);
      if (own === undefined) grouped.set(event, [fact]);
      else own.push(fact);
    }
    groups = grouped;
    byEvent.set(world, groups);
  }
  const next = [...groups.keys()].find((event) => event >= 0 && !events.has(event));
  return [-1, ...events, ...(next === undefined ? [] : [next])].flatMap((event) => groups.get(event) ?? []);
}
