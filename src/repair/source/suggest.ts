import type { DecisionName } from '../../../machines/driver/decisions.ts';
import type { Environment } from '../../../models/index.ts';
import { type DriverSource, NoSubject } from '../../subject/index.ts';
import type { ScopeOfSearch } from '../ask.ts';
import type { Repair } from '../repair.ts';
import type { Auditor } from './auditor.ts';
import { type BrokenInC, brokenIn, keyOf } from './broken-in-c.ts';
import { patchOf } from './patch.ts';
import { rewrite } from './rewrite.ts';
import { NEEDS } from './rules/index.ts';

/** What audits a driver's C. */
type Audits = Pick<Auditor, 'audit'>;

/** A property, and who can have it violated or not. */
export interface Kept {
  readonly property: string;
  readonly environment: Environment;
}

/** What the C would look like with some changes: a patch, if its audit passes, else why there is none. */
export type Suggestion = {
  readonly changes: readonly DecisionName[];
} & (
  | {
      readonly patch: string;
      /** What is violated in the C as it is, and with the patch no more. */
      readonly mends: readonly Kept[];
      /** In how many searches the changed C was audited. */
      readonly searches: number;
    }
  | { readonly withheld: string }
);

export interface Suggestions {
  /** The file that the patches change. */
  readonly file: string;
  /** All changes of a smallest set together: with this patch no property is violated. */
  readonly whole: Suggestion;
  /** Each change with what it needs and no other: with its patch, no property is violated that was not. */
  readonly single: readonly Suggestion[];
}

/** The C as it is, and what its audit said. */
export interface AuditedC {
  readonly source: DriverSource;
  readonly scopes: readonly ScopeOfSearch[];
  readonly broken: BrokenInC;
}

/**
 * Writes the changes of a smallest set into copies of a driver's C, and audits each. A patch is suggested only if that
 * passes: all changes together must leave nothing violated at all; a single one must mend what it mends in the model, and break
 * nothing that was not. A single one is asked only where the driver of the model ever comes to it.
 */
export async function suggest(asIs: AuditedC, repair: Repair, auditor: Audits): Promise<Suggestions> {
  const changes = setFor(repair.smallest);
  if (changes.length === 0) {
    const withheld =
      repair.smallest.length === 0
        ? 'no set of the known changes makes every property hold in the model'
        : 'the model needs none: hartproof diff says where the C is another driver';
    return { file: asIs.source.path, whole: { changes, withheld }, single: [] };
  }
  const [whole, ...single] = await Promise.all([
    suggestWhole(asIs, changes, auditor),
    ...changes.map((change) => suggestSingle(asIs, change, repair, auditor)),
  ]);
  return { file: asIs.source.path, whole: whole!, single };
}

/** One of the smallest sets, with what its changes need in C: one that has all of that itself, if there is any. */
function setFor(smallest: Repair['smallest']): readonly DecisionName[] {
  const whole = smallest.map((set) => [...new Set([...set, ...set.flatMap((change) => NEEDS[change] ?? [])])]);
  return whole.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

async function suggestWhole(asIs: AuditedC, changes: readonly DecisionName[], auditor: Audits): Promise<Suggestion> {
  const { scopes } = asIs;
  const { source, left } = rewrite(asIs.source, changes);
  const after = await auditOf(source, scopes, auditor);
  const still =
    typeof after === 'string' ? after : brokenOf(scopes, after).map((where) => `${where} is still violated`)[0];
  if (typeof after === 'string' || still !== undefined)
    return { changes, withheld: [...[...left].map(([change, why]) => `without ${change} (${why})`), still].join('; ') };
  const made = changes.filter((change) => !left.has(change));
  return { changes: made, ...passed(asIs, source, after, scopes.length) };
}

async function suggestSingle(
  asIs: AuditedC,
  change: DecisionName,
  { alone, concerns }: Repair,
  auditor: Audits,
): Promise<Suggestion> {
  const changes = [change, ...(NEEDS[change] ?? [])];
  const { source, left } = rewrite(asIs.source, changes);
  for (const [, withheld] of left) return { changes, withheld };
  const concerned = new Set(changes.flatMap((one) => concerns.get(one)?.map(keyOf) ?? []));
  const asked = asIs.scopes.filter((scope) => concerned.has(keyOf(scope)));
  const after = await auditOf(source, asked, auditor);
  if (typeof after === 'string') return { changes, withheld: after };
  const worse = brokenOf(asked, after).find((where) => !brokenOf(asked, asIs.broken).includes(where));
  if (worse !== undefined) return { changes, withheld: `with it and no more, ${worse} is violated, and was not` };
  const found = passed(asIs, source, after, asked.length);
  const missing = alone.find(
    ({ kind, property, environment, ...effect }) =>
      kind === 'mends' &&
      effect.change === change &&
      brokenIn(environment, asIs.scopes, asIs.broken).has(property) &&
      !found.mends.some((one) => one.property === property && one.environment === environment),
  );
  if (missing !== undefined)
    return {
      changes,
      withheld: `${missing.property} stays violated in ${missing.environment}, which it mends in the model`,
    };
  return { changes, ...found };
}

/** What the audit of a changed C finds, or why there is none. */
async function auditOf(
  source: DriverSource,
  scopes: readonly ScopeOfSearch[],
  auditor: Audits,
): Promise<BrokenInC | string> {
  try {
    return await auditor.audit(source, scopes);
  } catch (error) {
    if (error instanceof NoSubject) return error.message;
    throw error;
  }
}

const brokenOf = (scopes: readonly ScopeOfSearch[], broken: BrokenInC): string[] =>
  scopes.flatMap((scope) => [...broken.get(keyOf(scope))!].map((id) => `${id} in ${keyOf(scope)}`));

function passed({ source, scopes, broken }: AuditedC, changed: DriverSource, found: BrokenInC, searches: number) {
  const after = new Map([...broken, ...found]);
  const mends = [...new Set(scopes.map(({ environment }) => environment))].flatMap((environment): Kept[] => {
    const is = brokenIn(environment, scopes, after);
    return [...brokenIn(environment, scopes, broken)]
      .filter((property) => !is.has(property))
      .map((property) => ({ property, environment }));
  });
  return { patch: patchOf(source, changed), mends, searches };
}
