import type { System } from '../compose/index.ts';
import { INDEXED_BY, type Role } from '../facts/index.ts';
import { observed } from './observe.ts';
import type { Product } from './product.ts';
import type { Always, CanReach, Present, View, Whenever } from './property.ts';
import type { Observation } from './question.ts';

/** A clause as it is asked of one event or hart. */
export interface Predicate {
  /** The parts that it reads. */
  readonly parts: readonly number[];
  /** What it sees in a state, given by the local states of all parts; `look` is told of it. */
  readonly view: (locals: Int32Array, look: (observation: Observation) => void) => View;
}

/** The clause's parts for each event or hart that it is asked of. */
export function* asked(system: System, { each, own = [], every = [] }: Always | Whenever | CanReach) {
  const { events, harts } = system.domains;
  const count = each === 'event' ? events : each === 'hart' ? harts : 1;
  for (let index = 0; index < count; index++) {
    const ofOwn = own.flatMap((role) => system.partOf(role, INDEXED_BY[role] === undefined ? 0 : index) ?? []);
    yield { index, parts: [...new Set([...ofOwn, ...every.flatMap((role) => system.ofRole(role))])] };
  }
}

/** What is seen through those parts of a system, of that event or hart. Throws an Error if a predicate looks at another part. */
export function viewThrough(
  system: System,
  { index, parts }: { readonly index: number; readonly parts: readonly number[] },
  present: (part: number) => Present,
): View {
  const declared = (part: number): Present => {
    if (!parts.includes(part))
      throw new Error(`the property reads a ${system.parts[part]?.role} that it does not declare`);
    return present(part);
  };
  return {
    index,
    own: (role: Role) => {
      const part = system.partOf(role, INDEXED_BY[role] === undefined ? 0 : index);
      if (part === undefined) throw new Error(`the property reads a ${role} that is not in the composition`);
      return declared(part);
    },
    every: (role: Role) => system.ofRole(role).map(declared),
  };
}

/** The predicates that a clause comes to, one for each event or hart that it is asked of. */
export function predicates({ system, tables, looks }: Product, clause: Always | Whenever | CanReach): Predicate[] {
  return [...asked(system, clause)].map((of) => ({
    parts: of.parts,
    view: (locals, look) =>
      viewThrough(system, of, (part) =>
        observed(tables[part]!.snapshots[locals[part]!]!, (what, seen) => {
          looks[part]!.add(what);
          look({ part, what, seen });
        }),
      ),
  }));
}
