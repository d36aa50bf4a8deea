import { CORES, type CoreName } from '../../machines/cores.ts';
import { DECISIONS, type Decision, type DecisionName } from '../../machines/driver/decisions.ts';
import type { DriverMachine } from '../../machines/drivers.ts';
import { lifecycle } from '../../machines/lifecycle.ts';
import { compose, type Environment, type Scope } from '../../models/index.ts';
import { check, isQuiescent, violatedByFact, violatedInState } from '../engine/check/index.ts';
import {
  append,
  checkFact,
  initialSnapshot,
  initialState,
  isRefusal,
  localsAlong,
  RefusedFact,
  type State,
  step,
} from '../engine/compose/index.ts';
import { type Fact, type Property, type System, WIRING } from '../facts/index.ts';
import { type Place, traceOf } from '../findings/trace.ts';
import { isAboutAllLogs } from '../replay/log-verdicts.ts';
import { rerun } from './rerun.ts';

/** Why a property is violated. */
export type Cause =
  /** A decision of the driver. */
  | {
      readonly kind: 'decision';
      readonly name: DecisionName;
      readonly decision: Decision;
      /** Where it shows in the C that was audited, if that is not the posted one. */
      readonly place?: Place;
    }
  /** A caller who broke the contract, and whom nothing in the driver stops: the call that no perf core would make. */
  | { readonly kind: 'missing guard'; readonly call: Fact; readonly state: string }
  /** Neither: the C function and lines where the breaking step lies. */
  | ({ readonly kind: 'place' } & Place);

/** Finds why a log violates a property. */
export async function causeOf(
  property: Property,
  log: readonly Fact[],
  scope: Scope,
  environment: Environment,
  driver: DriverMachine,
): Promise<Cause> {
  const call = environment === 'any-order' ? lastOffence(log, scope) : undefined;
  if (call !== undefined) return { kind: 'missing guard', ...call };
  const system = composed(scope, environment, driver);
  const lasts = isQuiescent(system, localsAlong(system, log).at(-1)!);
  const mending: { name: DecisionName; decision: Decision; leftOut: number }[] = [];
  for (const [name, decision] of Object.entries(DECISIONS) as [DecisionName, Decision][]) {
    if (!decision.properties.includes(property.id) || !canMatter(name, scope)) continue;
    const mended = composed(scope, environment, mendedIn(driver, name));
    const leftOut = await keeps(mended, property, log, lasts);
    if (leftOut !== undefined) mending.push({ name, decision, leftOut });
    // None can leave out less, and the first of those that leave out as little is the cause.
    if (leftOut === 0) break;
  }
  // A decision that lets everything else happen as it did explains more than one under which it could not.
  const best = mending.toSorted((a, b) => a.leftOut - b.leftOut)[0];
  if (best !== undefined) return { kind: 'decision', name: best.name, decision: best.decision };
  const { places } = traceOf(system, log);
  return { kind: 'place', ...(places.findLast((place) => place !== undefined) ?? NOWHERE) };
}

let last:
  | undefined
  | { readonly scope: Scope; readonly environment: Environment; readonly systems: Map<DriverMachine, System> };

/** A driver in an environment: the logs of a scope come one after the other, and share what is found out about its systems. */
export function composed(scope: Scope, environment: Environment, driver: DriverMachine): System {
  if (last?.scope !== scope || last.environment !== environment) last = { scope, environment, systems: new Map() };
  const system = last.systems.get(driver) ?? compose(scope, environment, driver);
  last.systems.set(driver, system);
  return system;
}

/** Where a register holds a whole counter, there are no halves of it to read. */
const canMatter = (name: DecisionName, { pmu }: Scope): boolean =>
  name !== 'readsBothHalves' || pmu.xlen < pmu.counterWidth;

const mendedDrivers = new WeakMap<DriverMachine, Map<DecisionName, DriverMachine>>();

/** A driver with one decision taken better: made once, so that all that is found out about it is shared. */
function mendedIn(driver: DriverMachine, name: DecisionName): DriverMachine {
  const known = mendedDrivers.get(driver) ?? new Map<DecisionName, DriverMachine>();
  mendedDrivers.set(driver, known);
  const machine = known.get(name) ?? driver.provide({ guards: { [name]: () => true } });
  known.set(name, machine);
  return machine;
}

/** Whether a log is one of this system, fact by fact, and violates the property with its last fact. */
export async function breaksIn(system: System, property: Property, log: readonly Fact[]): Promise<boolean> {
  let state = initialState(system);
  let broken = false;
  for (const [position, fact] of log.entries()) {
    const next = writes(system, state, fact, position) ? append(system, state, fact) : undefined;
    if (next === undefined || isRefusal(next)) return false;
    // A break may last only while this call is in flight.
    broken = violatedByFact(system, property, state, fact) || violatedInState(system, property, next);
    state = next;
  }
  return broken || (isAboutAllLogs(property) && (await isViolated(system, property)));
}

/** Whether a fact is one that the system writes in a state, with this data: no answer of C is believed to be a machine's. */
function writes(system: System, state: State, fact: Fact, position: number): boolean {
  try {
    checkFact(system, state, fact, position);
    return true;
  } catch (error) {
    if (error instanceof RefusedFact) return false;
    throw error;
  }
}

const isViolated = async (system: System, property: Property): Promise<boolean> =>
  (await check(system, [property])).verdicts.get(property.id)?.verdict === 'violated';

/**
 * If a system keeps the property when it meets the callers of a log, whose break lasts or not: how much of what they did
 * could not happen.
 */
async function keeps(
  system: System,
  property: Property,
  log: readonly Fact[],
  lasts: boolean,
): Promise<number | undefined> {
  // What must stay possible cannot be seen along one log.
  if (isAboutAllLogs(property)) return (await isViolated(system, property)) ? undefined : 0;
  const steps = rerun(system, log);
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { before, fact, after } = step.value;
    if (violatedByFact(system, property, before, fact)) return undefined;
    // To mend a break that lasts, the property need not be kept while a call is in flight.
    if ((!lasts || isQuiescent(system, after)) && violatedInState(system, property, after)) return undefined;
  }
  return step.value;
}

/** A call that a perf core would not make. */
interface Offence {
  readonly call: Fact;
  /** The state of the event in which it came. */
  readonly state: string;
}

/** The last call of a log that no perf core would make; none if there is a core that could have made all of them. */
export function lastOffence(log: readonly Fact[], scope: Scope): Offence | undefined {
  const offences = (Object.keys(CORES) as CoreName[]).map((core) => offencesAgainst(core, log, scope));
  return offences.reduce((few, some) => (some.length < few.length ? some : few)).at(-1);
}

function offencesAgainst(core: CoreName, log: readonly Fact[], scope: Scope): Offence[] {
  const input = { core, offers: scope.events.flat(), oddOpens: log.length, reopens: true, grouped: true };
  const events = scope.events.map(() => initialSnapshot(lifecycle, input));
  const offences: Offence[] = [];
  for (const fact of log) {
    if (!('event' in fact) || !WIRING[fact.type]?.participants.includes('lifecycle')) continue;
    const before = events[fact.event]!;
    const after = step(lifecycle, input, before, fact);
    if (after === null) {
      if (fact.type.endsWith('.call')) offences.push({ call: fact, state: describe(before.value) });
      continue;
    }
    // A perf core frees the event between two opens.
    events[fact.event] = step(lifecycle, input, after, { type: 'event.free', event: fact.event } as Fact) ?? after;
  }
  return offences;
}

const describe = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value as object)
        .map(([key, inner]) => `${key} (${describe(inner)})`)
        .join(', ');

/** A break without a step of the driver. */
export const NOWHERE: Place = { function: '', lines: [0, 0] };
