/** The library: the vocabulary, the composition, the search, the machines, the models, path tests, ports, repairs and the traces of kernels. */
export * from '../machines/drivers.ts';
export * from '../machines/hardware/index.ts';
export * from '../machines/index.ts';
export * from '../models/devices/index.ts';
export * from '../models/index.ts';
export * from './diagrams/index.ts';
export * from './engine/index.ts';
export * from './facts/index.ts';
// What the engine's types are with the vocabulary of perf.
export type {
  Always,
  BreakingLog,
  Broken,
  CanReach,
  Clause,
  Counterexample,
  Outcome,
  Part,
  Projection,
  Property,
  Refusal,
  System,
  Verdict,
  View,
  Whenever,
} from './facts/perf.ts';
export * from './paths/index.ts';
export * from './porting/index.ts';
export { type Repair, repair } from './repair/repair.ts';
export * from './trace/index.ts';
export type { Undecided } from './trace/properties.ts';
