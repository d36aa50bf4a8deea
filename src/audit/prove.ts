import { isDeepStrictEqual } from 'node:util';
import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model, propertyOf } from '../../models/index.ts';
import { anyOpens, scaledTo } from '../../models/proofs.ts';
import type { Proof } from '../engine/check/index.ts';
import { type ProofText, type ProofVerdict, type ProveOptions, prove, type Scope } from '../engine/prove/index.ts';
import type { Fact } from '../facts/index.ts';
import type { AuditTarget } from './audit-target.ts';

/** What was asked for any number of events, in one model and one environment. @experimental */
export interface ProvedModel {
  readonly model: Model;
  readonly environment: Environment;
  /** By property id. */
  readonly verdicts: ReadonlyMap<string, ProofVerdict<Fact>>;
  /** The scopes that were searched, without abstraction. */
  readonly searched: readonly Scope[];
  readonly milliseconds: number;
  text(): ProofText | undefined;
}

/** Proves properties of a model for any number of its events, and of its harts if it has any. @experimental */
export async function proveModel(
  driver: DriverMachine,
  model: Model,
  environment: Environment,
  properties: readonly string[],
  options: ProveOptions = {},
): Promise<ProvedModel> {
  const started = performance.now();
  const asked = properties.map(propertyOf);
  const systemOf = (size: number) => compose(scaledTo(model, size), environment, driver);
  const { verdicts, searched, text } = await prove<Fact, string>(systemOf as never, asked as never, options);
  return { model, environment, verdicts, searched, text, milliseconds: performance.now() - started };
}

/** Whether every log of one scope is one of another, with as many events: it has no other kinds, and nothing that the other has not. */
export const covers = ({ scope: wide }: Model, { scope: narrow }: Model): boolean => {
  const kinds = new Set(wide.events.flat());
  return (
    narrow.events.flat().every((kind) => kinds.has(kind)) &&
    narrow.harts > 0 === wide.harts > 0 &&
    isDeepStrictEqual(pmuOf(narrow), pmuOf(wide)) &&
    narrow.ticks.every((counter) => wide.ticks.includes(counter)) &&
    isDeepStrictEqual(narrow.tickSizes, wide.tickSizes) &&
    (wide.foreign || !narrow.foreign) &&
    narrow.group === 0
  );
};

/** The PMU of a scope, as far as it matters there: without a hart, nobody looks at a word. */
const pmuOf = ({ pmu, harts }: Model['scope']): object => {
  const { wordBits, counterWidth, xlen, ...others } = pmu;
  return harts === 0 ? others : pmu;
};

/** So many views are closed in a second, and many more than a driver needs that keeps its properties. */
const FEW_VIEWS = 300;

/**
 * The proofs of opening events, which take less than a second: made once, in the first environment for which they are asked. Perf
 * cores do mostly the same there; `hartproof prove` asks all of them.
 */
export function quickProofs(driver: DriverMachine): NonNullable<AuditTarget['prove']> {
  let made: { readonly environment: Environment; readonly proofs: Promise<ReadonlyMap<string, Proof>> } | undefined;
  return async (model, environment) => {
    if (!covers(anyOpens, model) || environment === 'any-order') return new Map();
    made ??= { environment, proofs: proofsOf(driver, environment) };
    return made.environment === environment ? made.proofs : new Map();
  };
}

async function proofsOf(driver: DriverMachine, environment: Environment): Promise<ReadonlyMap<string, Proof>> {
  // The audit has searched the scopes.
  const { verdicts } = await proveModel(driver, anyOpens, environment, anyOpens.properties, {
    views: FEW_VIEWS,
    sizes: 2,
  });
  return new Map([...verdicts].flatMap(([id, verdict]) => (verdict.verdict === 'proved' ? [[id, verdict.proof]] : [])));
}
