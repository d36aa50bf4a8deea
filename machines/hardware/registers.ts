import type { Bus } from './description.ts';
import { type Bits, type Counter, type Layout, type Needs, placeOf, type Word } from './layout.ts';

/** What differs from reset, by hart and place. */
export type Cells = Readonly<Record<string, number>>;

/** How many harts there are where each has a device of its own: as many as the C has. */
export const HARTS = 2;

const MASK = 0xffffffffn;
const MOST = (1n << 64n) - 1n;
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** The registers and counters of a device while one fact is folded. What comes of it is in `cells`. */
export class Registers {
  readonly cells: Record<string, number>;
  readonly #words: ReadonlyMap<number, Word>;

  constructor(
    readonly layout: Layout,
    cells: Cells,
  ) {
    this.cells = { ...cells };
    this.#words = wordsOf(layout);
  }

  /** What a read of 1 to 8 bytes answers. */
  read(hart: number, bus: Bus, address: number, width: number): bigint {
    let value = 0n;
    for (let at = 0; at < width; at += 4) {
      const word = this.#words.get(placeOf(bus, address + at - ((address + at) % 4)));
      value |= BigInt(word === undefined ? 0 : this.#cell(hart, word.target)) << BigInt(at * 8);
    }
    return width < 4 ? (value >> BigInt((address % 4) * 8)) & ones(width * 8) : value;
  }

  write(hart: number, bus: Bus, address: number, width: number, value: bigint): void {
    for (let at = 0; at < width; at += 4) {
      const word = this.#words.get(placeOf(bus, address + at - ((address + at) % 4)));
      if (word === undefined || word.write === 'ignored') continue;
      const shift = BigInt((address % 4) * 8);
      const mask = width < 4 ? ones(width * 8) << shift : MASK;
      const given = (width < 4 ? value << shift : value >> BigInt(at * 8)) & mask;
      const old = BigInt(this.#cell(hart, word.target));
      const becomes = {
        stays: (old & ~mask) | given,
        clears: old & ~given,
        'sets in': old | given,
        'clears in': old & ~given,
      }[word.write];
      this.#put(hart, word.target, Number(becomes & MASK));
    }
  }

  get(hart: number, { place, bit, bits }: Bits): bigint {
    const low = BigInt(this.#cell(hart, place));
    const high = bit + bits > 32 ? BigInt(this.#cell(hart, place + 4)) : 0n;
    return (((high << 32n) | low) >> BigInt(bit)) & ones(bits);
  }

  put(hart: number, field: Bits, value: bigint): void {
    const { place, bit, bits } = field;
    const mask = ones(bits) << BigInt(bit);
    const all = this.get(hart, { place, bit: 0, bits: bit + bits > 32 ? 64 : 32 });
    const next = (all & ~mask) | ((value << BigInt(bit)) & mask);
    this.#put(hart, place, Number(next & MASK));
    if (bit + bits > 32) this.#put(hart, place + 4, Number((next >> 32n) & MASK));
  }

  holds(hart: number, needs: readonly Needs[]): boolean {
    return needs.every(({ field, set }) => (this.get(hart, field) !== 0n) === set);
  }

  /** What a counter shows. */
  valueOf(hart: number, { value, high, bits }: Counter): bigint {
    const low = this.get(hart, value);
    return (high === undefined ? low : low | (this.get(hart, high) << BigInt(value.bits))) & ones(bits);
  }

  setValue(hart: number, { value, high }: Counter, to: bigint): void {
    this.put(hart, value, to & ones(value.bits));
    if (high !== undefined) this.put(hart, high, to >> BigInt(value.bits));
  }

  /** So many ticks go by, for all that count now; what overflows says so, and may freeze the others, afterwards. */
  tick(ticks: bigint): void {
    for (const hart of this.harts()) {
      const counting = this.layout.counters.filter(({ counts }) => this.holds(hart, counts));
      const overflowed = counting.filter((counter) => {
        const old = this.valueOf(hart, counter);
        this.setValue(hart, counter, (old + ticks) & ones(counter.bits));
        const distance = distanceOf(counter, old);
        return distance !== undefined && ticks >= distance;
      });
      for (const { overflow } of overflowed) {
        const { status, pending, freezes, interrupts = [] } = overflow ?? {};
        const isNew = status === undefined || this.get(hart, status) === 0n;
        if (pending !== undefined && isNew) this.put(hart, pending, ones(pending.bits));
        if (status !== undefined) this.put(hart, status, ones(status.bits));
        if (freezes !== undefined && this.holds(hart, interrupts)) this.put(hart, freezes, ones(freezes.bits));
      }
    }
  }

  /** A hart has slept: what it loses is as after a reset. */
  lose(hart: number): void {
    for (const { place, reset, lost } of this.layout.words) if (lost) this.#put(hart, place, reset);
  }

  harts(): readonly number[] {
    return Array.from({ length: this.layout.device.perHart ? HARTS : 1 }, (_, hart) => hart);
  }

  #cell(hart: number, place: number): number {
    return this.cells[this.#key(hart, place)] ?? this.#words.get(place)?.reset ?? 0;
  }

  #put(hart: number, place: number, value: number): void {
    this.cells[this.#key(hart, place)] = value;
  }

  #key(hart: number, place: number): string {
    return `${this.layout.device.perHart ? hart : 0} ${place}`;
  }
}

/** How many ticks it is to an overflow; undefined if there is none, or more than 64 bits away. */
export function distanceOf({ bits, overflow }: Counter, value: bigint): bigint | undefined {
  if (overflow === undefined) return undefined;
  const half = 1n << BigInt(bits - 1);
  const distance = overflow.half ? (value < half ? half - value : 2n * half - value + half) : 2n * half - value;
  return distance > MOST ? undefined : distance;
}

const known = new WeakMap<Layout, ReadonlyMap<number, Word>>();
function wordsOf(layout: Layout): ReadonlyMap<number, Word> {
  let words = known.get(layout);
  if (words === undefined) {
    words = new Map(layout.words.map((word) => [word.place, word]));
    known.set(layout, words);
  }
  return words;
}
