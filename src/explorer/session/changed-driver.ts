import { DECISIONS, type DecisionName } from '../../../machines/driver/decisions.ts';
import { decides, driverNamed } from '../../../machines/drivers.ts';
import { rerun } from '../../audit/rerun.ts';
import type { Fact } from '../../facts/index.ts';
import { sharedLength } from './branches.ts';
import { Timeline } from './timeline.ts';
import { type World, worldOf } from './world.ts';

/** A decision of a driver, as a switch. */
export interface Switch {
  readonly name: DecisionName;
  /** What the posted C does. */
  readonly posted: string;
  /** What a driver does in which it is taken otherwise. */
  readonly instead: string;
  /** Whether the driver that is explored takes it otherwise already. */
  readonly isTaken: boolean;
  /** Whether the property that is looked at hangs on it. */
  readonly matters: boolean;
}

/** The decisions of a driver, those first on which a property hangs; none where it is no modelled one, or the log is a kernel's. */
export function switchesOf({ subject, driver }: World, property: string | undefined): Switch[] {
  if (subject.trace !== undefined || driverNamed(subject.driver) === undefined) return [];
  const all = Object.entries(DECISIONS) as [DecisionName, (typeof DECISIONS)[DecisionName]][];
  return all
    .map(([name, { posted, instead, properties }]) => ({
      ...{ name, posted, instead },
      isTaken: decides(driver, name),
      matters: (properties as readonly string[]).includes(property ?? ''),
    }))
    .sort((a, b) => Number(b.matters) - Number(a.matters));
}

/** The log that comes about when a changed driver meets the same callers. */
export interface Replayed {
  readonly timeline: Timeline;
  /** How many calls could not come: to an event that was refused. */
  readonly leftOut: number;
  /** How many facts both logs begin with. */
  readonly shared: number;
}

/** Replays the calls of a log on the driver in which more decisions are taken otherwise. */
export function replayedOn(world: World, facts: readonly Fact[], decisions: readonly DecisionName[]): Replayed {
  const changed = worldOf({ ...world.subject, driver: [world.subject.driver, ...decisions].join('+') });
  const steps = rerun(changed.system, facts);
  const log: Fact[] = [];
  let step = steps.next();
  for (; !step.done; step = steps.next()) log.push(step.value.fact);
  const timeline = new Timeline(changed, log);
  timeline.fold();
  return { timeline, leftOut: step.value, shared: sharedLength(facts, log) };
}

/** What both logs say of a property: after how many facts each violates it, if it does. */
export interface Told {
  readonly id: string;
  readonly here: number | undefined;
  readonly there: number | undefined;
}

/** The properties that one of two logs violates, or both. */
export function violatedInEither(here: Timeline, there: Timeline): Told[] {
  const at = ({ broken, brokenInFlight }: Timeline, id: string) => broken.get(id) ?? brokenInFlight.get(id);
  return here.world.properties.flatMap(({ id }) => {
    const told = { id, here: at(here, id), there: at(there, id) };
    return told.here === undefined && told.there === undefined ? [] : [told];
  });
}
