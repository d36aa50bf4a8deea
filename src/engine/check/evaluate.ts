import type { State, System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { Monitor } from './monitor.ts';
import type { Property } from './property.ts';

type Asked = Monitor<State, true>;

const monitorOf = <F extends AnyFact, R extends string>(system: System<F, R>, property: Property<F, R>): Asked =>
  new Monitor<State, true>(system, [property], { present: (state, part) => state[part]! });

/** Whether a fact, in the state before it, violates the property. @experimental */
export const violatedByFact = <F extends AnyFact, R extends string>(
  system: System<F, R>,
  property: Property<F, R>,
  before: State,
  fact: F,
): boolean => monitorOf(system, property).fact(before, fact, true);

/** Whether the property is violated in a state. @experimental */
export const violatedInState = <F extends AnyFact, R extends string>(
  system: System<F, R>,
  property: Property<F, R>,
  state: State,
): boolean => {
  const monitor = monitorOf(system, property);
  monitor.state(state, true);
  return monitor.breaks.first.some((found) => found !== null);
};

/** Whether no call is in flight. @experimental */
export const isQuiescent = <F extends AnyFact, R extends string>(system: System<F, R>, state: State): boolean =>
  new Monitor<State, true>(system, [], { present: (all, part) => all[part]! }).isQuiescent(state);
