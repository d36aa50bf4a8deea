import type { Property } from '../check/property.ts';
import { check } from '../check/search.ts';
import type { Counterexample, Proof } from '../check/verdict.ts';
import type { System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { type Attempt, attempt, type Precision } from './attempt.ts';
import { LimitReached } from './closure.ts';
import { integerOf } from './integer.ts';
import { NotApplicable, textOf } from './names.ts';
import { type ProofText, proofOf } from './proof.ts';

/** What is known of a property for any number of components. @experimental */
export type ProofVerdict<F extends AnyFact = AnyFact> =
  | { readonly verdict: 'proved'; readonly proof: Proof }
  /** In the scope of that size, and in none that is smaller. */
  | { readonly verdict: 'violated'; readonly size: number; readonly counterexample: Counterexample<F> }
  /** It was not violated in the scopes that were searched; the view that stands in the way of a proof, or the limit that was reached. */
  | { readonly verdict: 'not proved'; readonly reason: string; readonly view?: readonly string[] }
  /** Views do not say anything of it. */
  | { readonly verdict: 'not applicable'; readonly reason: string }
  | { readonly verdict: 'vacuous' };

/** A search of a scope, without abstraction. @experimental */
export interface Scope {
  readonly size: number;
  readonly states: number;
  readonly exhaustive: boolean;
}

/** What came of {@link prove}. @experimental */
export interface Proved<F extends AnyFact = AnyFact> {
  /** By property id. */
  readonly verdicts: ReadonlyMap<string, ProofVerdict<F>>;
  readonly searched: readonly Scope[];
  /** The proof as text, which `checkProof` checks; undefined where nothing is proved. */
  text(): ProofText | undefined;
}

/** How far a proof goes. @experimental */
export interface ProveOptions {
  /** The most views, and milliseconds, of each attempt (default: 50,000, and 30,000). */
  readonly views?: number;
  readonly milliseconds?: number;
  /** The most states of each search of a scope (default: 50,000). */
  readonly states?: number;
  /** The largest scope that is searched for what is not proved (default: 3). */
  readonly sizes?: number;
  readonly signal?: AbortSignal;
}

/** What is tried, the least first: more components in a view, and sums that are kept further. */
const PRECISIONS: readonly Precision[] = [
  { k: 1, limit: 2 },
  { k: 1, limit: 3 },
  { k: 2, limit: 2 },
];

/**
 * Proves properties for any number of components, by view abstraction (docs/prove.md). `systemOf` makes the system with so many
 * components of each kind; of every number of them that one has, there can be any number. Scopes of one and two are searched
 * first, without abstraction: what is violated there is violated. What cannot be proved is searched in scopes that grow.
 *
 * @experimental
 */
export async function prove<F extends AnyFact, R extends string>(
  systemOf: (size: number) => System<F, R>,
  properties: readonly Property<F, R>[],
  { views = 50_000, milliseconds = 30_000, states = 50_000, sizes = 3, signal }: ProveOptions = {},
): Promise<Proved<F>> {
  const verdicts = new Map<string, ProofVerdict<F>>();
  const searched: Scope[] = [];
  let open = [...properties];
  const seen = new Set<string>();
  const search = async (size: number): Promise<void> => {
    const options = { workers: 0, limits: { states }, ...(signal && { signal }) };
    const { covered, verdicts: found } = await check(systemOf(size), open, options);
    searched.push({ size, states: covered.states, exhaustive: covered.exhaustive });
    for (const [id, verdict] of found) {
      if (verdict.verdict === 'violated')
        verdicts.set(id, { verdict: 'violated', size, counterexample: verdict.counterexample });
      if (verdict.verdict !== 'vacuous') seen.add(id);
    }
    open = open.filter(({ id }) => !verdicts.has(id));
  };
  for (let size = 1; size <= Math.min(2, sizes); size++) await search(size);
  const done: Attempt[] = [];
  for (const precision of PRECISIONS) {
    const asked = open.filter(({ id }) => mayBeProved(verdicts.get(id)));
    if (asked.length === 0) break;
    try {
      const effort = { views, milliseconds, ...(signal && { signal }) };
      const made = attempt(
        systemOf(1) as unknown as System,
        asked as unknown as readonly Property[],
        precision,
        effort,
      );
      checkAlike(
        made,
        [2, 3].map((size) => systemOf(size) as unknown as System),
      );
      done.push(made);
      for (const property of asked) verdicts.set(property.id, verdictOf(made, property as unknown as Property, seen));
    } catch (error) {
      if (!(error instanceof NotApplicable || error instanceof LimitReached)) throw error;
      const reason = error.message;
      const why: ProofVerdict<F> =
        error instanceof NotApplicable
          ? { verdict: 'not applicable', reason }
          : { verdict: 'not proved', reason: `a limit was reached: ${reason}` };
      for (const { id } of asked) if (!verdicts.has(id)) verdicts.set(id, why);
      break;
    }
  }
  open = properties.filter(({ id }) => verdicts.get(id)?.verdict === 'not proved');
  for (let size = 3; size <= sizes && open.length > 0 && !signal?.aborted; size++) await search(size);
  return { verdicts, searched, text: () => proofText(done, verdicts) };
}

/**
 * Throws {@link NotApplicable} unless systems of other sizes are made of the same machines as the one of which something is proved,
 * and differ in how many there are.
 */
function checkAlike({ closure }: Attempt, others: readonly System[]): void {
  const { system, kinds, integer } = closure.components;
  const charts = kinds.flatMap(({ sorts }) => sorts.flat());
  for (const other of others) {
    if (valuesOf(other) !== valuesOf(system)) throw new NotApplicable('with more components, facts have other values');
    for (const part of other.parts)
      if (part.role !== integer?.role && !charts.some((chart) => chart.isOf(part)))
        throw new NotApplicable(`with more components, the ${part.role} is another one`);
    const own = integerOf(other);
    if (textOf([own?.role, [...(own?.changes ?? [])]]) !== textOf([integer?.role, [...(integer?.changes ?? [])]]))
      throw new NotApplicable('with more components, the integer is another one');
  }
}

/** The values of the indices that select no machine. */
const valuesOf = (system: System): string =>
  JSON.stringify(
    system.vocabulary.types.map((type) =>
      system.vocabulary.facts[type]!.indices.map((index) =>
        system.vocabulary.selectors.includes(index) ? index : system.valuesOf(index, type),
      ),
    ),
  );

/** Whether another attempt may prove more: where none was made yet, or a view stood in the way. */
const mayBeProved = (verdict: ProofVerdict | undefined): boolean =>
  verdict === undefined || (verdict.verdict === 'not proved' && verdict.view !== undefined);

function verdictOf(made: Attempt, property: Property, seen: ReadonlySet<string>): ProofVerdict<never> {
  const { precision, closure, open, vacuous, milliseconds } = made;
  const why = open.get(property.id);
  if (vacuous.has(property.id)) return { verdict: 'vacuous' };
  if (why !== undefined && !why.applicable) return { verdict: 'not applicable', reason: why.reason };
  if (why !== undefined) return { verdict: 'not proved', reason: why.reason, ...(why.view && { view: why.view }) };
  // What nothing happened of in a scope of two may be vacuous, whatever views allow.
  if (!seen.has(property.id)) return { verdict: 'vacuous' };
  const but = property.clauses.some(({ kind }) => kind === 'can reach' || kind === 'no deadlock');
  return {
    verdict: 'proved',
    proof: {
      of: closure.components.kinds.flatMap(({ index }) => index ?? []),
      ...precision,
      views: closure.windows.count.size,
      milliseconds,
      ...(but && { but: 'what can be reached (AG EF)' }),
    },
  };
}

/** The proof of the attempt that proved the most. */
function proofText(done: readonly Attempt[], verdicts: ReadonlyMap<string, ProofVerdict>): ProofText | undefined {
  const proved = (made: Attempt): string[] =>
    [...verdicts].flatMap(([id, verdict]) =>
      verdict.verdict === 'proved' && !made.open.has(id) && verdict.proof.milliseconds === made.milliseconds
        ? [id]
        : [],
    );
  const best = done.toSorted((a, b) => proved(b).length - proved(a).length)[0];
  return best === undefined || proved(best).length === 0 ? undefined : proofOf(best, proved(best));
}
