import type { DriverName } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import type { Proof, SearchOptions } from '../engine/check/index.ts';
import type { BreakingLog, Fact, Outcome, Property } from '../facts/index.ts';
import type { Trace } from '../findings/trace.ts';
import type { Cause } from './cause.ts';

/** What is audited: a driver that is modelled, or the C of one. @experimental */
export interface AuditTarget {
  /** What a report calls it. */
  readonly name: string;
  /** The modelled driver whose charts a report can draw; absent for C that nobody modelled. */
  readonly driver?: DriverName;
  /** The file of C that is compiled, which all source lines are counted in; absent where they are those of the posted one. */
  readonly file?: string;
  /** A file of the C; absent where the C is not at hand. */
  readonly textAt?: (file: string | undefined) => string | undefined;
  /** What was taken of what was given, what was left out, and what was assumed; in one sentence each. */
  readonly notes?: readonly string[];
  /** The properties that it decides in every model, beside those of the model. */
  readonly everywhere?: readonly Property[];
  /** How many searches it does side by side; one, if it is left out. */
  readonly lanes?: number;
  /** Decides properties in one model and one environment; those of {@link everywhere}, too. `lane`: which of the searches that are done side by side this is. */
  decide(
    model: Model,
    environment: Environment,
    properties: readonly Property[],
    options: SearchOptions,
    lane?: number,
  ): Promise<Decided>;
  /**
   * The proofs that are quickly found: of properties that hold in a model, for any number of its events, by property id. None
   * where there is none, or where finding one takes longer.
   */
  prove?(model: Model, environment: Environment): Promise<ReadonlyMap<string, Proof>>;
  /** Why a log violates a property. */
  causeOf(property: Property, log: readonly Fact[], model: Model, environment: Environment): Promise<Cause>;
  /** What a reader needs to see of a counterexample: its log, and what follows where the loss lies in the middle of a callback. */
  traceOf(counterexample: BreakingLog, model: Model, environment: Environment): Trace;
}

/** An outcome; for C, with what the driver lacks to decide a property, by the id of the property. */
export interface Decided extends Outcome {
  readonly lacking?: ReadonlyMap<string, string>;
}
