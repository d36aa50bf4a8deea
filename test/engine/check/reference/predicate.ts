import type { Product } from '../../../../src/engine/check/product.ts';
import type { Present } from '../../../../src/engine/check/property.ts';
import {
  type Always,
  type CanReach,
  type Fact,
  ROLES,
  type Role,
  type System,
  type View,
  type Whenever,
} from '../../../../src/facts/index.ts';

/** A predicate over some of the parts' local states, asked once for each combination and then looked up. */
export class Predicate {
  /** The parts that it reads. */
  readonly parts: readonly number[];
  /** A tree over the local states of the parts in their order; its leaves are 1 (true) and 2 (false). */
  readonly #root: number[] = [];
  readonly #nodes: number[][] = [[]];

  constructor(
    parts: readonly number[],
    readonly ask: (state: Int32Array, fact: number) => boolean,
  ) {
    this.parts = parts;
    this.#nodes[0] = this.#root;
  }

  /** The answer in a state, for a fact (by its number; 0 where the predicate is of states alone). */
  holds(state: Int32Array, fact = 0): boolean {
    const { parts } = this;
    let node = this.#root;
    let key = fact;
    for (let level = 0; level < parts.length; level++) {
      let child = node[key];
      if (child === undefined) {
        child = this.#nodes.push([]) - 1;
        node[key] = child;
      }
      node = this.#nodes[child]!;
      key = state[parts[level]!]!;
    }
    let answer = node[key];
    if (answer === undefined) {
      answer = this.ask(state, fact) ? 1 : 2;
      node[key] = answer;
    }
    return answer === 1;
  }
}

/** The clause's parts for each event or hart that it is asked of. */
function* asked(system: System, { each, own = [], every = [] }: Always | Whenever | CanReach) {
  const count = each === undefined ? 1 : system.countOf(each);
  for (let index = 0; index < count; index++) {
    const ofOwn = own.flatMap((role) => system.partOf(role, ROLES[role].indexedBy === undefined ? 0 : index) ?? []);
    yield { index, parts: [...new Set([...ofOwn, ...every.flatMap((role) => system.ofRole(role))])] };
  }
}

function viewOf(product: Product<Fact, Role>, state: Int32Array, index: number, readable: ReadonlySet<number>): View {
  const { system, tables } = product;
  const present = (part: number): Present => {
    if (!readable.has(part))
      throw new Error(`the property reads a ${system.parts[part]?.role} that it does not declare`);
    return tables[part]!.snapshots[state[part]!]!;
  };
  return {
    index,
    own: (role: Role) => {
      const part = system.partOf(role, ROLES[role].indexedBy === undefined ? 0 : index);
      if (part === undefined) throw new Error(`the property reads a ${role} that is not in the composition`);
      return present(part);
    },
    every: (role: Role) => system.ofRole(role).map(present),
  };
}

/** The predicates that a question over a clause's reads comes to, one for each event or hart. */
export function predicates(
  product: Product<Fact, Role>,
  clause: Always | Whenever | CanReach,
  question: (view: View, fact: number) => boolean,
): Predicate[] {
  return [...asked(product.system, clause)].map(({ index, parts }) => {
    const readable = new Set(parts);
    return new Predicate(parts, (state, fact) => question(viewOf(product, state, index, readable), fact));
  });
}
