import { append, author, initialState, isRefusal, type State, type System } from '../compose/index.ts';
import { type Fact, WIRING } from '../facts/index.ts';

/** A step that the driver of an event can take next, with the state after it. */
function driverStep(system: System, state: State, event: number, offers: readonly Fact[]): [Fact, State] | undefined {
  for (const offer of offers) {
    if (!('event' in offer) || offer.event !== event) continue;
    const fact = author(system, state, offer);
    const next = append(system, state, fact);
    if (!isRefusal(next)) return [fact, next];
  }
  return undefined;
}

const isIdle = (system: System, state: State, event: number): boolean =>
  state[system.partOf('driver', event)!]!.hasTag('idle');

/** The facts that only drivers initiate. */
function driverOffers(system: System): Fact[] {
  return system.bareFacts().filter(({ type }) => WIRING[type].participants[0] === 'driver');
}

/**
 * The log that comes about when another driver meets the same callers: the same calls, ticks and other owners in the same order,
 * the drivers of the events taking turns as they did. What can no longer come (a call to an event that was refused) is left out
 * and counted.
 */
export function retell(system: System, log: readonly Fact[]): { retold: Fact[]; leftOut: number } {
  const offers = driverOffers(system);
  const retold: Fact[] = [];
  let leftOut = 0;
  let state = initialState(system);
  const advance = (event: number): boolean => {
    const taken = driverStep(system, state, event, offers);
    if (taken === undefined) return false;
    retold.push(taken[0]);
    state = taken[1];
    return true;
  };
  const finish = (event: number): void => {
    while (!isIdle(system, state, event) && advance(event));
  };
  for (const fact of log) {
    if (WIRING[fact.type].participants[0] === 'driver') {
      const { event } = fact as Fact<'warn'>;
      if (fact.type.endsWith('.return')) finish(event);
      else if (!isIdle(system, state, event)) advance(event);
      continue;
    }
    if ('event' in fact) finish(fact.event);
    const next = append(system, state, author(system, state, fact));
    if (isRefusal(next)) {
      leftOut++;
      continue;
    }
    retold.push(author(system, state, fact));
    state = next;
  }
  for (let event = 0; event < system.domains.events; event++) finish(event);
  return { retold, leftOut };
}

/**
 * What the callbacks that are in flight after a log go on to do, if nobody else does anything:
 * what a person needs to see where a promise is lost in the middle of a callback.
 */
export function aftermath(system: System, from: State): Fact[] {
  const offers = driverOffers(system);
  const facts: Fact[] = [];
  let state = from;
  for (let event = 0; event < system.domains.events; event++)
    while (!isIdle(system, state, event)) {
      const taken = driverStep(system, state, event, offers);
      if (taken === undefined) break;
      facts.push(taken[0]);
      state = taken[1];
    }
  return facts;
}
