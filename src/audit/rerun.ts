import { appendCompiled, author, enabled, initialLocals, isRefusal, type Locals } from '../engine/compose/index.ts';
import { type Fact, type System, WIRING } from '../facts/index.ts';

/** By event: the facts that its driver initiates. */
type Offers = readonly (readonly Fact[])[];

/** A step that the driver of an event can take next, with the state after it. */
function driverStep(system: System, state: Locals, event: number, offers: Offers): [Fact, Locals] | undefined {
  const [fact] = enabled(system, state, offers[event]!);
  return fact && [fact, appendCompiled(system, state, fact) as Locals];
}

const isIdle = (system: System, state: Locals, event: number): boolean =>
  state[system.partOf('driver', event)!]!.hasTag('idle');

function driverOffers(system: System): Offers {
  const offers = system.bareFacts().filter(({ type }) => WIRING[type].participants[0] === 'driver');
  return Array.from({ length: system.countOf('event') }, (_, event) =>
    offers.filter((offer) => 'event' in offer && offer.event === event),
  );
}

/** A fact that was taken, with the states around it. */
interface Step {
  readonly fact: Fact;
  readonly before: Locals;
  readonly after: Locals;
}

/**
 * Tells, fact by fact, the log that comes about when another driver meets the same callers: the same calls, ticks and other
 * owners in the same order, the drivers of the events taking turns as they did. What can no longer come (a call to an event that
 * was refused) is left out; at the end it answers how much that was.
 */
export function* rerun(system: System, log: readonly Fact[]): Generator<Step, number> {
  const offers = driverOffers(system);
  let leftOut = 0;
  let state = initialLocals(system);
  const step = (fact: Fact, after: Locals): Step => {
    const before = state;
    state = after;
    return { fact, before, after };
  };
  const advance = (event: number): Step | undefined => {
    const taken = isIdle(system, state, event) ? undefined : driverStep(system, state, event, offers);
    return taken && step(...taken);
  };
  function* finish(event: number): Generator<Step> {
    for (let step = advance(event); step !== undefined; step = advance(event)) yield step;
  }
  for (const fact of log) {
    if (WIRING[fact.type].participants[0] === 'driver') {
      const { event } = fact as Fact<'warn'>;
      if (fact.type.endsWith('.return')) yield* finish(event);
      else {
        const step = advance(event);
        if (step !== undefined) yield step;
      }
      continue;
    }
    if ('event' in fact) yield* finish(fact.event);
    const authored = author(system, state, fact);
    const next = appendCompiled(system, state, authored);
    if (isRefusal(next)) leftOut++;
    else yield step(authored, next);
  }
  for (let event = 0; event < system.countOf('event'); event++) yield* finish(event);
  return leftOut;
}

/**
 * What the callbacks that are in flight after a log go on to do, if nobody else does anything:
 * what a person needs to see where a property is lost in the middle of a callback.
 */
export function aftermath(system: System, from: Locals): Fact[] {
  const offers = driverOffers(system);
  const facts: Fact[] = [];
  let state: Locals = from;
  for (let event = 0; event < system.countOf('event'); event++)
    while (!isIdle(system, state, event)) {
      const taken = driverStep(system, state, event, offers);
      if (taken === undefined) break;
      facts.push(taken[0]);
      state = taken[1];
    }
  return facts;
}
