import { join } from 'node:path';
import { type Environment, type Model, propertyOf } from '../../models/index.ts';
import type { Covered, DiskOptions, Limits, Progress, SearchOptions } from '../engine/check/index.ts';
import { shortOfMemory } from '../engine/check/memory.ts';
import { sideBySide } from '../engine/check/side-by-side.ts';
import type { Verdict } from '../facts/index.ts';
import { VERSION } from '../version.ts';
import type { AuditTarget } from './audit-target.ts';

/** One property, asked in one model and one environment. @public */
export interface Result {
  readonly model: Model;
  readonly environment: Environment;
  /** The id of the property. */
  readonly property: string;
  readonly verdict: Verdict;
  readonly covered: Covered;
  /** What the C lacks to decide it. */
  readonly lacking?: string;
}

/** What is audited, in which models and environments, and how far. @public */
export interface AuditOptions {
  readonly target: AuditTarget;
  readonly models: readonly Model[];
  readonly environments: readonly Environment[];
  /** The ids of the properties; all that a model decides, if left out. */
  readonly properties?: readonly string[];
  readonly limits?: Limits;
  /** Keep only fingerprints of states: see `SearchOptions.compact`. */
  readonly compact?: boolean;
  readonly symmetry?: SearchOptions['symmetry'];
  readonly partialOrder?: SearchOptions['partialOrder'];
  /** A directory in which each search keeps its states in one of its own: see `SearchOptions.disk`. */
  readonly disk?: string;
  readonly signal?: AbortSignal;
  /** Called with what one search has decided, before all is. */
  readonly onDecided?: (results: readonly Result[]) => void;
  /** Told with it: how many searches are done, of how many. */
  readonly onProgress?: (model: Model, environment: Environment, progress: Progress, done: number, all: number) => void;
}

/**
 * Decides the properties of each model in each of its environments.
 * After an abort, what was not searched to the end is *bounded*.
 *
 * @public
 */
export async function audit(options: AuditOptions): Promise<Result[]> {
  const {
    target,
    models,
    environments,
    properties,
    limits,
    compact,
    disk,
    symmetry,
    partialOrder,
    signal,
    onProgress,
    onDecided,
  } = options;
  const isAsked = (id: string): boolean => properties?.includes(id) ?? true;
  const isAskedOf = ({ properties: ids }: Model): boolean =>
    ids.some(isAsked) || target.everywhere?.some(({ id }) => isAsked(id)) === true;
  const asked = models.filter(isAskedOf);
  const environmentsOf = (model: Model): Environment[] =>
    model.environments.filter((name) => environments.includes(name));
  const all = asked.reduce((sum, model) => sum + environmentsOf(model).length, 0);
  let done = 0;
  const lanes = Array.from({ length: target.lanes ?? 1 }, (_, lane) => lane);
  const found = await sideBySide(lanes, asked, async (lane, model) => {
    const results: Result[] = [];
    // The environments of a model differ in little, and are asked one after the other.
    for (const environment of environmentsOf(model)) {
      const decided = await decide(model, environment, lane);
      onDecided?.(decided);
      results.push(...decided);
      done++;
    }
    return results;
  });
  return await withProofs(target, found.flat(), signal);

  async function decide(model: Model, environment: Environment, lane: number): Promise<Result[]> {
    const { covered, verdicts, lacking } = await target.decide(
      model,
      environment,
      model.properties.filter(isAsked).map(propertyOf),
      {
        watch: shortOfMemory,
        ...(limits && { limits }),
        ...(compact && { compact }),
        ...(symmetry && { symmetry }),
        ...(partialOrder && { partialOrder }),
        ...(disk !== undefined && { disk: placeOf(disk, target, model, environment) }),
        ...(signal && { signal }),
        ...(onProgress && { onProgress: (progress: Progress) => onProgress(model, environment, progress, done, all) }),
      },
      lane,
    );
    return [...verdicts]
      .filter(([property]) => isAsked(property))
      .map(([property, verdict]) => {
        const lacks = lacking?.get(property);
        return { model, environment, property, verdict, covered, ...(lacks !== undefined && { lacking: lacks }) };
      });
  }
}

/** Where a search keeps its states: no search of another version, driver, model or environment goes on with them. */
const placeOf = (disk: string, { name: driver }: AuditTarget, model: Model, environment: Environment): DiskOptions => ({
  directory: join(disk, `${model.name}-${environment}`),
  identity: { version: VERSION, driver, model: model.name, environment },
});

/** What holds, with the proofs that are quickly found: in environments in which nothing is violated, whatever was asked. */
async function withProofs(target: AuditTarget, results: Result[], signal?: AbortSignal): Promise<Result[]> {
  const proved: Result[] = [];
  for (const result of results) {
    const { model, environment, property, verdict } = result;
    const isClean = !results.some((one) => one.environment === environment && one.verdict.verdict === 'violated');
    const proofs =
      verdict.verdict === 'holds' && isClean && !signal?.aborted ? await target.prove?.(model, environment) : undefined;
    const proof = proofs?.get(property);
    proved.push(proof === undefined ? result : { ...result, verdict: { verdict: 'holds', proof } });
  }
  return proved;
}
