import type * as engine from '../engine/index.ts';
import { defineSystem } from '../engine/index.ts';
import { isIndexValue } from './form.ts';
import { type Fact, type IndexField, ROLES, type Role, WIRING } from './vocabulary.ts';

/** The indices of facts. A log may be of any attribute, and of any flags; of events, harts and counters that are there. */
const INDICES: { readonly [I in IndexField]: engine.IndexDefinition } = {
  event: { values: 'events' },
  hart: { values: 'harts' },
  attribute: { values: 'attributes', allows: (value) => isIndexValue('attribute', value) },
  flags: { values: [], allows: (value) => isIndexValue('flags', value) },
  counter: { values: 'counters' },
  half: { values: ['low', 'high'] },
  ticks: { values: 'ticks', allows: (value) => isIndexValue('ticks', value) },
};

/** The vocabulary of perf, as the engine reads it. @experimental */
export const PERF = defineSystem<Fact, Role>({ facts: WIRING, roles: ROLES, indices: INDICES });

// What the types of the engine are with this vocabulary.
export type System = engine.System<Fact, Role>;
export type Part = engine.Part<Role>;
export type Refusal = engine.Refusal<Role>;
export type Projection = engine.Projection<Fact, Role>;
export type View = engine.View<Role>;
export type Always = engine.Always<Role>;
export type Whenever = engine.Whenever<Fact, Role>;
export type CanReach = engine.CanReach<Role>;
export type Clause = engine.Clause<Fact, Role>;
/** A property of a driver. @public */
export type Property = engine.Property<Fact, Role>;
export type BreakingLog = engine.BreakingLog<Fact>;
export type Counterexample = engine.Counterexample<Fact>;
export type Broken = engine.Broken<Fact>;
export type Verdict = engine.Verdict<Fact>;
export type Outcome = engine.Outcome<Fact>;
