import { UNKNOWN } from './answers.ts';
import type { Field } from './layout.ts';
import type { Space } from './space.ts';

/** What was looked at in a part, and what was seen there. */
export interface Observation {
  readonly part: number;
  readonly what: string;
  readonly seen: string;
}

/**
 * What can be observed of the parts, as tables: for each thing that is ever looked at, over the states of the component
 * that the part belongs to, the number of what is seen.
 */
export class Observations {
  readonly #tables = new Map<string, { readonly address: number; readonly numbers: Map<string, number> }>();

  constructor(readonly space: Space) {}

  /** The address of the table of an observation, and the number of what was seen, in this state of the component. */
  note({ part, what, seen }: Observation, component: number, state: number): { table: number; number: number } {
    const key = `${part} ${what}`;
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = { address: this.space.arena.allocate(this.space.layout.size(component)), numbers: new Map() };
      this.#tables.set(key, table);
    }
    const number = table.numbers.get(seen) ?? table.numbers.size;
    table.numbers.set(seen, number);
    this.space.arena.memory[table.address + state] = number;
    return { table: table.address, number };
  }
}

/** The entries of a node before its branches: the table, the word, shift and mask of the component's field, and how many branches. */
const HEAD = 5;

/**
 * A yes or no question about states, as a decision tree in the arena that grows as it is asked.
 *
 * A predicate that saw the same so far looks at the same thing next. So each node is something that it looks at, with a
 * branch for each thing that can be seen there; a leaf is the answer.
 */
export class BoundPredicate {
  /** Where the root stands: what {@link answer} takes. */
  readonly address: number;

  /** `ask` answers for the local states of all parts, and tells what it looked at. */
  constructor(
    readonly space: Space,
    readonly observations: Observations,
    readonly ask: (locals: Int32Array, look: (observation: Observation) => void) => boolean,
  ) {
    this.address = space.arena.allocate(1);
  }

  /** Computes the answer for the states of the components, and keeps it. */
  learn(states: readonly number[]): boolean {
    const { space } = this;
    const looked = new Map<string, Observation>();
    const yes = this.ask(space.locals(states), (observation) =>
      looked.set(`${observation.part} ${observation.what}`, observation),
    );
    let at = this.address;
    for (const observation of looked.values()) {
      const component = space.componentOf(observation.part);
      const { table, number } = this.observations.note(observation, component, states[component]!);
      at = this.#branch(at, component, table, number);
    }
    space.arena.memory[at] = yes ? 1 : 0;
    return yes;
  }

  /** The address of a branch of the node that `at` leads to; the node is made, or made wider, if need be. */
  #branch(at: number, component: number, table: number, number: number): number {
    const { arena, layout } = this.space;
    const node = arena.memory[at]!;
    if (node === UNKNOWN || number >= arena.memory[node + HEAD - 1]!) {
      const { word, shift, mask } = layout.fields[component]!;
      const branches = 2 ** Math.ceil(Math.log2(number + 2));
      const wider = arena.store([table, word, shift, mask, branches]);
      arena.allocate(branches);
      if (node !== UNKNOWN)
        arena.memory.copyWithin(wider + HEAD, node + HEAD, node + HEAD + arena.memory[node + HEAD - 1]!);
      arena.memory[at] = wider;
    } else if (arena.memory[node] !== table) throw new Error('a predicate that sees the same looks elsewhere');
    return arena.memory[at]! + HEAD + number;
  }
}

/** Whether the question at `address` looks at that field of the packed state at `at`, and at no other, to be answered. */
export function looksOnlyAt(
  memory: Int32Array,
  address: number,
  states: Int32Array,
  at: number,
  field: Field,
): boolean {
  for (let node = memory[address]!; node > 1; ) {
    const [table, word, shift, mask] = [memory[node]!, memory[node + 1]!, memory[node + 2]!, memory[node + 3]!];
    if (word !== field.word || shift !== field.shift) return false;
    node = memory[node + HEAD + memory[table + ((states[at + word]! >>> shift) & mask)]!]!;
  }
  return true;
}

/** The answer to the question at `address` in the packed state that starts at `at`: 1 is yes, 0 is no; or UNKNOWN. */
export function answer(memory: Int32Array, address: number, states: Int32Array, at: number): number {
  let node = memory[address]!;
  while (node > 1) {
    const packed = states[at + memory[node + 1]!]!;
    const seen = memory[memory[node]! + ((packed >>> memory[node + 2]!) & memory[node + 3]!)]!;
    if (seen < 0) return UNKNOWN;
    // A branch that the node does not have yet was never seen here: what is read instead is of no node.
    if (seen >= memory[node + 4]!) return UNKNOWN;
    node = memory[node + HEAD + seen]!;
  }
  return node;
}
