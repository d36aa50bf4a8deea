import { PARTS } from '../store.ts';
import { hashLoop } from '../table-loops.ts';

/** The number of a state that has none yet. */
const UNNUMBERED = 2 ** 32 - 1;

/** The largest number that a state can have. */
export const MOST_NUMBERED = UNNUMBERED - 1;

/** Slots for each successor: most of them are met several times. */
const ROOM = 1.5;

/** Of a hash, the filter looks at so many bits more than the table. */
const FINER = 3;

/** The loops of {@link Candidates}. */
interface Loops {
  /** Puts the states among so many successors into the table; the first word of each becomes its place there. */
  add(candidates: Candidates, count: number): void;
  /** Notes the numbers of those states in the table that are among so many packed ones, of which the first has that number. */
  strike(candidates: Candidates, states: Int32Array, count: number, first: number): void;
}

/**
 * The states that follow some of a level, each once, in a table that memory can hold. Which of them are new is found out late: all
 * states that are known are read past it, one after another, and it has no more looks at random places than there are successors
 * (U. Stern and D. L. Dill, _Using magnetic disk instead of main memory in the Murφ verifier_, 1998).
 */
export class Candidates {
  /** The successors: the words of each, then the state that it follows. */
  entries = new Int32Array(0);
  /** Open addressing: a place in the lists below plus one, and above it a tag, the lower bits of a hash; or 0. */
  slots = new Int32Array(0);
  /** Some bits for each slot: whether a state of such a hash is there. It fits the cache, and most states that are known are none of these. */
  filter = new Int32Array(0);
  /** How far a hash is shifted to find a slot, and to become a tag. */
  slotShift = 0;
  tagShift = 0;
  /** How many different states there are; of each the words, the part that it belongs to, and its number. */
  size = 0;
  packed = new Int32Array(0);
  parts = new Uint16Array(0);
  numbers = new Uint32Array(0);
  readonly #loops: Loops;

  constructor(readonly words: number) {
    this.#loops = new Function(source(words))() as Loops;
  }

  /** Empties it, with room for so many successors in {@link entries}. */
  begin(count: number): void {
    if (this.parts.length < count) {
      this.entries = new Int32Array(count * (this.words + 1));
      this.packed = new Int32Array(count * this.words);
      this.parts = new Uint16Array(count);
      this.numbers = new Uint32Array(count);
    }
    const bits = Math.max(5, Math.ceil(Math.log2(count * ROOM)));
    if (this.slots.length < 2 ** bits) {
      this.slots = new Int32Array(2 ** bits);
      this.filter = new Int32Array(2 ** (bits + FINER) / 32);
    } else {
      this.slots.fill(0, 0, 2 ** bits);
      this.filter.fill(0, 0, 2 ** (bits + FINER) / 32);
    }
    this.slotShift = 32 - bits;
    this.tagShift = bits;
    this.size = 0;
  }

  /** Adds the first `count` successors in {@link entries}. */
  add(count: number): void {
    this.#loops.add(this, count);
    this.numbers.fill(UNNUMBERED, 0, this.size);
  }

  /** Takes so many packed states, which are known under numbers from `first` on, for those that they are. */
  strike(states: Int32Array, count: number, first: number): void {
    this.#loops.strike(this, states, count, first);
  }

  /** Numbers the states that are still without a number, part by part, from `next` on. */
  number(next: number): { readonly states: Int32Array; readonly count: number; readonly counts: Int32Array } {
    const { words, packed, parts, numbers, size } = this;
    const counts = new Int32Array(PARTS);
    for (let place = 0; place < size; place++) if (numbers[place] === UNNUMBERED) counts[parts[place]!]!++;
    const heads = new Int32Array(PARTS);
    for (let part = 1; part < PARTS; part++) heads[part] = heads[part - 1]! + counts[part - 1]!;
    const count = heads[PARTS - 1]! + counts[PARTS - 1]!;
    const states = new Int32Array(count * words);
    for (let place = 0; place < size; place++) {
      if (numbers[place] !== UNNUMBERED) continue;
      const to = heads[parts[place]!]!++;
      numbers[place] = next + to;
      for (let word = 0; word < words; word++) states[to * words + word] = packed[place * words + word]!;
    }
    return { states, count, counts };
  }
}

/** The loops, written for states of so many words. */
function source(words: number): string {
  const each = (text: (word: number) => string, separator = ' '): string =>
    Array.from({ length: words }, (_, word) => text(word)).join(separator);
  const partShift = Math.clz32(PARTS) + 1;
  const hashed = `const mixed = hash(${each((word) => `w${word}`, ', ')});
    const tag = mixed << tagShift;
    const spread = Math.imul(mixed, 0x9e3779b1);
    const bit = spread >>> (slotShift - ${FINER});
    let slot = spread >>> slotShift;`;
  return `'use strict';
${hashLoop(words)}
function add(candidates, count) {
  const { entries, slots, filter, slotShift, tagShift, packed, parts } = candidates;
  const mask = (1 << tagShift) - 1;
  let { size } = candidates;
  for (let n = 0, at = 0; n < count; n++, at += ${words + 1}) {
    ${each((word) => `const w${word} = entries[at + ${word}];`)}
    ${hashed}
    filter[bit >>> 5] |= 1 << bit;
    for (;; slot = (slot + 1) & mask) {
      const entry = slots[slot];
      if (entry === 0) {
        ${each((word) => `packed[size * ${words} + ${word}] = w${word};`)}
        parts[size] = mixed >>> ${partShift};
        entries[at] = size;
        slots[slot] = tag | ++size;
        break;
      }
      if (((entry ^ tag) & ~mask) !== 0) continue;
      const place = (entry & mask) - 1;
      if (${each((word) => `packed[place * ${words} + ${word}] === w${word}`, ' && ')}) {
        entries[at] = place;
        break;
      }
    }
  }
  candidates.size = size;
}

function strike(candidates, states, count, first) {
  const { slots, filter, slotShift, tagShift, packed, numbers } = candidates;
  const mask = (1 << tagShift) - 1;
  for (let n = 0, at = 0; n < count; n++, at += ${words}) {
    ${each((word) => `const w${word} = states[at + ${word}];`)}
    ${hashed}
    if ((filter[bit >>> 5] & (1 << bit)) === 0) continue;
    for (let entry = slots[slot]; entry !== 0; entry = slots[slot]) {
      if (((entry ^ tag) & ~mask) === 0) {
        const place = (entry & mask) - 1;
        if (${each((word) => `packed[place * ${words} + ${word}] === w${word}`, ' && ')}) {
          numbers[place] = first + n;
          break;
        }
      }
      slot = (slot + 1) & mask;
    }
  }
}

return { add, strike };
`;
}
