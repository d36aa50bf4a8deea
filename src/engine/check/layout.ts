/** A component got more states than its field has bits for. */
export class FieldOverflow extends Error {}

/** Where the state of one component lies in a packed state. */
export interface Field {
  readonly word: number;
  readonly shift: number;
  /** Before the shift: as many ones as the field has bits. */
  readonly mask: number;
}

/** The bit that is set in every word of a state, so that an empty place (0) is never taken for one. */
export const PRESENT = 1 << 31;

/** How the states of all components lie in as few 32-bit words as they need; no field crosses a word. */
export class Layout {
  /** The words of one state. */
  readonly words: number;
  readonly fields: readonly Field[];

  /** `bits[component]` is the width of its field, 1 to 31. Throws a RangeError if one is wider. */
  constructor(readonly bits: readonly number[]) {
    const fields: Field[] = [];
    // First fit, widest first: the fields are few.
    const free: number[] = [];
    for (const component of bits.map((_, index) => index).sort((a, b) => bits[b]! - bits[a]!)) {
      const width = bits[component]!;
      if (width > 31) throw new RangeError('a component has more than 2^31 states');
      let word = free.findIndex((left) => left >= width);
      if (word === -1) word = free.push(31) - 1;
      fields[component] = { word, shift: 31 - free[word]!, mask: 2 ** width - 1 };
      free[word]! -= width;
    }
    this.fields = fields;
    this.words = free.length;
  }

  /** The state of a component in the packed state at `offset`. */
  read(packed: Int32Array, offset: number, component: number): number {
    const { word, shift, mask } = this.fields[component]!;
    return (packed[offset + word]! >>> shift) & mask;
  }

  /** Writes a packed state at `offset`. */
  write(states: readonly number[], packed: Int32Array, offset: number): void {
    packed.fill(PRESENT, offset, offset + this.words);
    for (const [component, { word, shift }] of this.fields.entries())
      packed[offset + word]! |= states[component]! << shift;
  }

  /** What turns one state of a component into another, as an exclusive or on its word. Throws {@link FieldOverflow}. */
  change(component: number, from: number, to: number): number {
    const { shift, mask } = this.fields[component]!;
    if (to > mask) throw new FieldOverflow(`the field of component ${component} is too narrow`);
    return (from ^ to) << shift;
  }

  /** The entries of a table over the states of a component. */
  size(component: number): number {
    return this.fields[component]!.mask + 1;
  }
}

/** By how many bits a field is wider than its component needs so far, where that costs no word; and in a large search. */
const HEADROOM = 3;
export const LARGE_HEADROOM = 6;

/** A layout in as few words as components of these sizes need, with room to grow where the words have bits left, and in `most` bits if that is enough. */
export function layoutFor(sizes: readonly number[], headroom = HEADROOM, most = Infinity): Layout {
  let layout = new Layout(sizes.map((size) => Math.max(1, Math.ceil(Math.log2(size)))));
  for (let round = 0; round < headroom; round++)
    for (const component of sizes.keys()) {
      const wider = new Layout(layout.bits.with(component, Math.min(31, layout.bits[component]! + 1)));
      if (wider.words === layout.words && wider.bits.reduce((sum, bits) => sum + bits) <= most) layout = wider;
    }
  return layout;
}
