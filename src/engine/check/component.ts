import type { System } from '../compose/index.ts';

/**
 * Some parts taken as one: each combination of their local states that is met gets a number.
 * What happens inside one component is then one look-up, and a state needs fewer bits, since most combinations are never met.
 */
export class Component {
  readonly #numbers = new Map<number | string, number>();
  readonly #locals: (readonly number[])[] = [];

  /** `parts` are the numbers of its parts in the system, in their order. State 0 is the one before any fact. */
  constructor(
    /** An identifier, such as `event0`. */
    readonly name: string,
    readonly parts: readonly number[],
  ) {
    this.intern(parts.map(() => 0));
  }

  /** How many states were met so far. */
  get size(): number {
    return this.#locals.length;
  }

  /** The number of a combination of local states, in the order of {@link parts}. */
  intern(locals: readonly number[]): number {
    const key = keyOf(locals);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#locals.push(locals) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** The local states of its parts in that state of the component. */
  locals(state: number): readonly number[] {
    return this.#locals[state]!;
  }
}

/** Tells combinations apart; most fit into a number, which a map finds faster. */
function keyOf(locals: readonly number[]): number | string {
  let key = 0;
  for (const local of locals) {
    if (local >= 2 ** 16 || locals.length > 3) return locals.join();
    key = key * 2 ** 16 + local;
  }
  return key;
}

/** The parts of a system by what they belong to: each value of an index that selects machines, and what there is one of. */
export function componentsOf(system: System): Component[] {
  const groups = new Map<string, number[]>();
  for (const [number, { role, index }] of system.parts.entries()) {
    const field = system.vocabulary.roles[role]!.indexedBy;
    const group = field === undefined ? 'shared' : `${field}${index}`;
    groups.set(group, [...(groups.get(group) ?? []), number]);
  }
  return [...groups].map(([name, parts]) => new Component(name, parts));
}
