import type { AnyFact, Vocabulary } from '../vocabulary.ts';
import type { Observation } from './bound-predicate.ts';
import { observed } from './observe.ts';
import { type Permutation, permuted } from './permutation.ts';
import type { Product } from './product.ts';
import type { Always, CanReach, Present, View, Whenever } from './property.ts';
import { Asymmetric } from './symmetry.ts';

/** Whether a clause holds in what is seen; a fact that it speaks of is to be seen as it is there. */
type Holds = (view: View, seen: (fact: AnyFact) => AnyFact) => boolean;

/** A clause as it is asked of one value of its index. */
export interface Predicate {
  /** The parts that it reads. */
  readonly parts: readonly number[];
  /** Whether it holds in a state, given by the local states of all parts; `look` is seen of all that is seen. */
  readonly ask: (holds: Holds, locals: Int32Array, look: (observation: Observation) => void) => boolean;
}

/** What a view needs to know of a system: its parts, by role. */
export interface Roles {
  readonly vocabulary: Pick<Vocabulary, 'roles'>;
  countOf(index: string): number;
  partOf(role: string, index: number): number | undefined;
  ofRole(role: string): readonly number[];
}

/** A clause of a property, as it is asked of one value of its index: what it may look at. */
export interface AskedOf {
  /** The id of the property. */
  readonly property: string;
  readonly index: number;
  readonly parts: readonly number[];
  readonly roles: readonly string[];
}

/** The clause's parts for each value of its index. */
export function* asked(
  system: Roles,
  property: string,
  { each, own = [], every = [] }: Always | Whenever | CanReach,
): Generator<AskedOf> {
  const count = each === undefined ? 1 : system.countOf(each);
  const roles = [...own, ...every];
  for (let index = 0; index < count; index++) {
    const ofOwn = own.flatMap((role) => system.partOf(role, isIndexed(system, role) ? index : 0) ?? []);
    const parts = [...new Set([...ofOwn, ...every.flatMap((role) => system.ofRole(role))])];
    yield { property, index, parts, roles };
  }
}

const isIndexed = ({ vocabulary }: Roles, role: string): boolean => vocabulary.roles[role]?.indexedBy !== undefined;

/** So many parts are looked through as fast as they are looked up; a trace can have thousands. */
const FEW = 16;

/**
 * What a clause sees: each machine as `present` shows it, and all of a role as `presents` does. Throws an Error that names the
 * property and the role, if it looks at a machine that it does not declare.
 */
export function viewThrough(
  system: Roles,
  { property, index, parts, roles }: AskedOf,
  present: (part: number) => Present,
  presents: (parts: readonly number[]) => readonly Present[] = (all) => all.map(present),
): View {
  const known = parts.length > FEW ? new Set(parts) : undefined;
  const look = (role: string, part: number): Present => {
    if (!roles.includes(role) || !(known === undefined ? parts.includes(part) : known.has(part)))
      throw new Error(`${property} reads a ${role} that it does not declare`);
    return present(part);
  };
  const everyOf = new Map<string, readonly number[]>();
  const own = new Map(roles.map((role) => [role, system.partOf(role, isIndexed(system, role) ? index : 0)]));
  return {
    index,
    own: (role) => {
      const part = own.get(role);
      if (part !== undefined) return look(role, part);
      throw new Error(
        `${property} reads a ${role} that ${roles.includes(role) ? 'is not there' : 'it does not declare'}`,
      );
    },
    every: (role) => {
      const all = everyOf.get(role);
      if (all !== undefined) return presents(all);
      if (!roles.includes(role)) throw new Error(`${property} reads a ${role} that it does not declare`);
      const ofRole = system.ofRole(role);
      for (const part of ofRole) look(role, part);
      everyOf.set(role, ofRole);
      return presents(ofRole);
    },
  };
}

/**
 * The predicates that a clause comes to, one for each value of its index. With symmetry, each is asked under all
 * permutations: one that says anything else then is {@link Asymmetric}.
 */
export function predicates(product: Product, property: string, clause: Always | Whenever | CanReach): Predicate[] {
  const { system, symmetry } = product;
  if (symmetry && clause.each === undefined && clause.own?.some((role) => isIndexed(system, role)))
    throw new Asymmetric('a property names one of several machines');
  const isAsked = (index: number): boolean =>
    !symmetry || clause.kind !== 'can reach' || clause.each === undefined || symmetry.keeps(clause.each, index);
  return [...asked(system, property, clause)]
    .filter(({ index }) => isAsked(index))
    .map(({ index, parts, roles }) => ({
      parts,
      ask(holds, locals, look) {
        const seen = (part: number, permutation?: Permutation) =>
          presentOf(product, part, locals[part]!, look, permutation);
        const answer = holds(
          viewThrough(system, { property, index, parts, roles }, (part) => seen(part)),
          (fact) => fact,
        );
        for (const permutation of symmetry?.all.slice(1) ?? []) {
          const others = parts.map((part) => symmetry!.part(permutation, part));
          const other = clause.each === undefined ? index : permutation[clause.each]![index]!;
          const view = viewThrough(system, { property, index: other, parts: others, roles }, (part) =>
            seen(parts[others.indexOf(part)]!, permutation),
          );
          if (holds(view, (fact) => permuted(fact, permutation)) !== answer)
            throw new Asymmetric('a property says something else under other numbers');
        }
        return answer;
      },
    }));
}

/** The local state of a part, as a predicate sees it, perhaps under other numbers. */
function presentOf(
  { tables, looks, symmetry }: Product,
  part: number,
  local: number,
  look: (observation: Observation) => void,
  permutation?: Permutation,
): Present {
  const { snapshots } = tables[part]!;
  const present = (under: Permutation) => snapshots[symmetry!.local(under, part, local)]!;
  return observed(permutation ? present(permutation) : snapshots[local]!, (what, seen) => {
    looks[part]!.add(what);
    // A field can hold numbers: then what is seen is what would be seen under every permutation, whichever is asked first.
    const under = (permutation: Permutation) => {
      const { context } = present(permutation);
      return JSON.stringify(what.startsWith('context.') ? context[what.slice('context.'.length)] : context);
    };
    const everywhere = what.includes('context') ? symmetry?.all.map(under).join(' ') : undefined;
    look({ part, what, seen: everywhere ?? seen });
  });
}
