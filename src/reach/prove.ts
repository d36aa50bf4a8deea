import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { scaledTo } from '../../models/proofs.ts';
import type { Proof } from '../engine/check/index.ts';
import { prove } from '../engine/prove/index.ts';
import type { Fact } from '../facts/index.ts';
import { asInvariant } from './as-invariant.ts';
import type { Question } from './expression.ts';

/** A model in which a question has no answer, whatever number of events and harts there is. */
export interface ProvedIn {
  readonly model: Model;
  readonly environment: Environment;
  readonly proof: Proof;
}

/** A proof that takes longer is no part of an answer. */
const [VIEWS, MILLISECONDS] = [3000, 15_000];

/**
 * Proves that a question has no answer in a model with any number of its events, and of its harts if it has any, opened and closed
 * as often as one likes: see docs/prove.md. Undefined where it cannot be said by an invariant, where it is not proved soon, and
 * where it has an answer with more events than the model has.
 */
export async function proveNever(
  question: Question,
  machine: DriverMachine,
  model: Model,
  environment: Environment,
  signal?: AbortSignal,
): Promise<ProvedIn | undefined> {
  const systemOf = (size: number) => compose(scaledTo(model, size), environment, machine);
  // A group takes its events by number.
  const property = model.scope.group > 0 ? undefined : asInvariant(question, systemOf(1));
  if (property === undefined) return undefined;
  const options = { views: VIEWS, milliseconds: MILLISECONDS, sizes: 2, ...(signal && { signal }) };
  const { verdicts } = await prove<Fact, string>(systemOf as never, [property] as never, options);
  const verdict = verdicts.get(property.id);
  return verdict?.verdict === 'proved' ? { model, environment, proof: verdict.proof } : undefined;
}

/**
 * The proofs of all scopes that were searched, or none where one of them is not proved. `onProof` is called before each with the
 * name of its model.
 */
export async function proveInAll(
  question: Question,
  machine: DriverMachine,
  scopes: readonly { readonly model: Model; readonly environment: Environment }[],
  signal: AbortSignal,
  onProof: (model: string) => void = () => {},
): Promise<readonly ProvedIn[]> {
  const proved: ProvedIn[] = [];
  for (const { model, environment } of scopes) {
    onProof(model.name);
    const one = await proveNever(question, machine, model, environment, signal);
    if (one === undefined || signal.aborted) return [];
    proved.push(one);
  }
  return proved;
}
