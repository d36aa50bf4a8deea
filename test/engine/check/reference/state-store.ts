/**
 * The states of a search in the order in which they were found, and the way to each.
 * Breadth first, that order is the frontier too: what follows the state that is being expanded is what is left to do.
 */
export class StateStore {
  /** The number of states. */
  size = 0;
  readonly #words: number;
  #states: Int32Array;
  #parents: Int32Array;
  #facts: Int32Array;
  /** Open addressing: the number of a state plus one, or 0. */
  #slots: Int32Array;

  constructor(words: number, capacity = 1 << 12) {
    this.#words = words;
    this.#states = new Int32Array(capacity * words);
    this.#parents = new Int32Array(capacity);
    this.#facts = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
  }

  /** Bytes that the states take, with what rebuilds the way to them. */
  get bytes(): number {
    return this.#states.byteLength + this.#parents.byteLength + this.#facts.byteLength + this.#slots.byteLength;
  }

  /** All packed states, one after the other: state n starts at n times the words of one. */
  get states(): Int32Array {
    return this.#states;
  }

  /** The number of a packed state; it is added, with its parent and the fact that led here, when it is new. */
  add(packed: Int32Array, parent: number, fact: number): number {
    const words = this.#words;
    const mask = this.#slots.length - 1;
    let slot = hash(packed, words) & mask;
    for (;;) {
      const entry = this.#slots[slot]!;
      if (entry === 0) break;
      const start = (entry - 1) * words;
      let word = 0;
      while (word < words && this.#states[start + word] === packed[word]) word++;
      if (word === words) return entry - 1;
      slot = (slot + 1) & mask;
    }
    const number = this.size++;
    if (number >= this.#parents.length) {
      this.#grow();
      this.#slots[this.#freeSlot(hash(packed, words))] = number + 1;
    } else this.#slots[slot] = number + 1;
    this.#states.set(words === packed.length ? packed : packed.subarray(0, words), number * words);
    this.#parents[number] = parent;
    this.#facts[number] = fact;
    return number;
  }

  /** The state from which a state was first reached; -1 for the initial one. */
  parent(state: number): number {
    return this.#parents[state]!;
  }

  /** The numbers of the facts on the shortest path to a state. */
  wayTo(state: number): number[] {
    const facts: number[] = [];
    for (let at = state; this.#parents[at]! >= 0; at = this.#parents[at]!) facts.push(this.#facts[at]!);
    return facts.reverse();
  }

  #freeSlot(hashed: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashed & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const capacity = this.#parents.length * 2;
    this.#states = grown(this.#states, capacity * this.#words);
    this.#parents = grown(this.#parents, capacity);
    this.#facts = grown(this.#facts, capacity);
    this.#slots = new Int32Array(capacity * 2);
    const packed = new Int32Array(this.#words);
    for (let state = 0; state < this.size - 1; state++) {
      const start = state * this.#words;
      for (let word = 0; word < this.#words; word++) packed[word] = this.#states[start + word]!;
      this.#slots[this.#freeSlot(hash(packed, this.#words))] = state + 1;
    }
  }
}

/** A copy of an array, with room for more. */
export function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

function hash(packed: Int32Array, words: number): number {
  let mixed = 0x9e3779b9;
  for (let word = 0; word < words; word++) {
    mixed = Math.imul(mixed ^ packed[word]!, 0x85ebca6b);
    mixed ^= mixed >>> 15;
  }
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
