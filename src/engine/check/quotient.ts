import type { Layout } from './layout.ts';
import { FULL, PARTS } from './store.ts';

/** Bits of a slot: two integers. */
const SLOT = 64;

/**
 * How far a state may lie behind the slot where the search for it starts, as a number of bits. Of a table that is four fifths full, one state
 * in 10⁴⁰ would lie farther: the search would end with an error.
 */
export const DISPLACEMENT = 12;

/** Bytes of what is noted of a successor that is added: the address of its slot, and what is to be found there. */
export const NOTE = 16;

/** What is left open when the slot of a first word is computed backwards, in floating point. */
const ROUNDED = 3;

/** What a slot holds of a state, besides how far it lies from where the search for it starts: the number, and the last bits of its first word. */
export interface SlotBits {
  readonly number: number;
  readonly rest: number;
}

/**
 * How a hash table tells states of one or two words by where they lie (J. G. Cleary, _Compact hash tables using bidirectional linear
 * probing_, 1984).
 *
 * The first word is mixed with the second, so that it can be unmixed. The slot at which the search for a state starts says most of the first
 * word; the slot where it lies holds how far that is, the rest of the first word, the second word as it is, and the number of the state.
 * So a state is known by 8 bytes, and its words need not be kept.
 */
export interface Quotient {
  /** How many bits the components take in each of the two words. */
  readonly first: number;
  readonly second: number;
}

/** The quotient for states that are laid out so. */
export function quotientOf({ fields }: Layout): Quotient {
  const bits = (number: number): number =>
    Math.max(
      0,
      ...fields.filter(({ word }) => word === number).map(({ shift, mask }) => shift + 32 - Math.clz32(mask)),
    );
  return { first: bits(0), second: bits(1) };
}

/** What a slot holds in a table of so many slots. */
export const slotBits = ({ first }: Quotient, slots: number): SlotBits => ({
  number: 32 - Math.clz32(slots * FULL + 1),
  rest: Math.ceil(Math.log2(Math.ceil(2 ** first / slots) + ROUNDED)),
});

/** Whether a slot has the bits for that. */
export function fits(quotient: Quotient, slots: number): boolean {
  const { number, rest } = slotBits(quotient, slots);
  return 2 ** quotient.first >= slots && number + rest + quotient.second + DISPLACEMENT <= SLOT;
}

/** How many bits of a mixed first word do not say to which part of a table a state belongs. */
export const partShift = ({ first }: Quotient): number => first - Math.log2(PARTS);

/** How many bits the components of a layout may take, at most, for a {@link Quotient} of it to fit a table of any size. */
export const QUOTIENT_BITS = 48;
