/**
 * The engine: machines of XState that are composed on the facts that they share, searched and tested. It knows nothing of perf.
 */
export { DiskError } from './check/disk/disk-error.ts';
export type { DiskOptions } from './check/disk/disk-options.ts';
export { isQuiescent, violatedByFact, violatedInState } from './check/evaluate.ts';
export type { Limits } from './check/limits.ts';
export { type LogAnswer, LogMonitor, type Noticed } from './check/log-monitor.ts';
export { type PlainSearchOptions, plainSearch } from './check/plain-search.ts';
export { ProductSystem } from './check/product-system.ts';
export {
  type Always,
  type Bounds,
  between,
  type CanReach,
  type Clause,
  type NoDeadlock,
  type Present,
  type Property,
  type View,
  type Whenever,
} from './check/property.ts';
export { check, type Progress, type SearchOptions } from './check/search.ts';
export { Searches } from './check/searches.ts';
export type { TransitionSystem } from './check/transition-system.ts';
export { Undecided } from './check/undecided.ts';
export type { BreakingLog, Broken, Counterexample, Covered, Outcome, Proof, Verdict } from './check/verdict.ts';
export { RefusedFact } from './compose/claim.ts';
export { enabled, refusing, successors } from './compose/enabled.ts';
export {
  append,
  author,
  fold,
  initialState,
  isRefusal,
  type Refusal,
  type State,
  statesAlong,
} from './compose/fold.ts';
export { type Mark, Projection } from './compose/projection.ts';
export { type AnyAuthors, type Domains, type Part, System } from './compose/system.ts';
export { explore, type StateGraph, type Transition } from './explore.ts';
export { type PathTest, type PathTests, pathTests } from './paths/path-tests.ts';
export {
  type Checked,
  checkProof,
  NoProof,
  type ProofText,
  type ProofVerdict,
  type Proved,
  type ProveOptions,
  prove,
  type Scope,
} from './prove/index.ts';
export { sequenceDiagram } from './sequence.ts';
export {
  type AnyFact,
  defineSystem,
  type FactDefinition,
  type IndexDefinition,
  type RoleDefinition,
  type SystemDefinition,
  type Vocabulary,
} from './vocabulary.ts';
