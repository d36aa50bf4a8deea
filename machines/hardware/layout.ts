import type { Bank, Bus, Condition, DeviceDescription, Field, Register } from './description.ts';

/** The buses by number, as a place and the C have them. */
export const BUSES: readonly Bus[] = ['mmio', 'csr', 'config', 'sysreg', 'firmware'];

/** Four bytes of a device by bus and byte address; a CSR and a system register have eight for each number. */
export const placeOf = (bus: Bus, address: number): number => BUSES.indexOf(bus) * 2 ** 40 + address;
const NUMBERED: readonly Bus[] = ['csr', 'sysreg', 'firmware'];

/** What a write to a word does. */
export const WRITES = ['stays', 'ignored', 'clears', 'sets in', 'clears in'] as const;

/** Four bytes of a register. */
export interface Word {
  readonly place: number;
  readonly reset: number;
  readonly write: (typeof WRITES)[number];
  /** The word that is meant, where it is another. */
  readonly target: number;
  /** Whether a hart that sleeps loses it. */
  readonly lost: boolean;
}

/** A register that has a value of its own: not one that sets or clears another. */
export interface Named {
  /** `control`; of an array, `counter[0]`. */
  readonly name: string;
  readonly place: number;
  readonly bytes: 4 | 8;
}

/** Bits from `bit` (0 to 31) of a word on; what has no room in it goes on in the next word. */
export interface Bits {
  readonly place: number;
  readonly bit: number;
  readonly bits: number;
}

/** A field, and whether it is to be set. */
export interface Needs {
  readonly field: Bits;
  readonly set: boolean;
}

/** One counter, with all that its bank says of it. */
export interface Counter {
  readonly number: number;
  readonly bits: number;
  readonly value: Bits;
  readonly high: Bits | undefined;
  readonly counts: readonly Needs[];
  readonly select: Bits | undefined;
  readonly overflow:
    | {
        readonly half: boolean;
        readonly status: Bits | undefined;
        readonly interrupts: readonly Needs[];
        readonly pending: Bits | undefined;
        readonly freezes: Bits | undefined;
      }
    | undefined;
  readonly firmware: { readonly runs: Bits; readonly taken: Bits; readonly only: number | undefined } | undefined;
}

/** A description with every array written out. */
export interface Layout {
  readonly device: DeviceDescription;
  /** Sorted by place. */
  readonly words: readonly Word[];
  readonly counters: readonly Counter[];
  /** In the order of the description. */
  readonly registers: readonly Named[];
}

/** Writes a description out. Throws a RangeError that names what in it does not fit. */
export function layoutOf(device: DeviceDescription): Layout {
  const wrong = (why: string): RangeError => new RangeError(`the device ${device.name}: ${why}`);
  const registerOf = (
    name: string,
  ): Required<Pick<Register, 'at' | 'bus' | 'bytes' | 'count' | 'stride'>> & Register => {
    const register = Object.hasOwn(device.registers, name) ? device.registers[name]! : undefined;
    if (register === undefined)
      throw wrong(`there is no register ${name}; it has ${Object.keys(device.registers).join(', ')}`);
    const { bus = device.bus, bytes = device.bytes ?? 8, count = 1 } = register;
    const stride = register.stride ?? (NUMBERED.includes(bus) ? 1 : bytes);
    return { ...register, bus, bytes, count, stride };
  };
  const placeIn = (name: string, index: number): number => {
    const { at, bus, count, stride } = registerOf(name);
    if (index >= count) throw wrong(`${name} has ${count} registers, and number ${index} is asked for`);
    return placeOf(bus, (at + index * stride) * (NUMBERED.includes(bus) ? 8 : 1));
  };
  const words = Object.entries(device.registers).flatMap(([name, register]) => {
    const { bytes, count, write = 'stays', reset = 0, lost = false } = { ...register, ...registerOf(name) };
    if (lost && device.perHart !== true) throw wrong(`no hart can lose ${name}, which all harts share`);
    const other = typeof write === 'string' ? undefined : 'sets' in write ? write.sets : write.clears;
    const kind = typeof write === 'string' ? write : 'sets' in write ? 'sets in' : 'clears in';
    return Array.from({ length: count }, (_, index) =>
      Array.from({ length: bytes / 4 }, (_, word): Word => {
        const place = placeIn(name, index) + word * 4;
        const target = other === undefined ? place : placeIn(other, index) + word * 4;
        return { place, target, write: kind, reset: Number((BigInt(reset) >> BigInt(word * 32)) & 0xffffffffn), lost };
      }),
    ).flat();
  });
  words.sort((a, b) => a.place - b.place);
  const twice = words.find(({ place }, at) => place === words[at + 1]?.place);
  if (twice !== undefined) throw wrong(`two registers have address 0x${(twice.place % 2 ** 40).toString(16)}`);

  const bitsOf = (field: Field, n: number): Bits => {
    const { count, bytes } = registerOf(field.in);
    const { bit = 0, step = 0 } = field;
    const bits = field.bits ?? bytes * 8 - bit;
    const from = bit + n * step;
    if (bits < 1 || from + bits > bytes * 8) throw wrong(`${field.in} has no bits ${from} to ${from + bits - 1}`);
    if ((from % 32) + bits > 64) throw wrong(`a field of ${field.in} reaches over more than 64 bits`);
    return { place: placeIn(field.in, count > 1 ? n : 0) + Math.floor(from / 32) * 4, bit: from % 32, bits };
  };
  const needsOf = (conditions: readonly Condition[], n: number): Needs[] =>
    conditions.map((one) =>
      'set' in one ? { field: bitsOf(one.set, n), set: true } : { field: bitsOf(one.clear, n), set: false },
    );
  const counterOf = (bank: Bank, n: number, number: number): Counter => {
    const { bits, high, select, overflow, firmware, counts } = bank;
    const value = bitsOf(bank.value, n);
    const room = value.bits + (high === undefined ? 0 : bitsOf(high, n).bits);
    if (bits < 2 || bits > room) throw wrong(`a counter of ${bits} bits has room for ${room}`);
    return {
      ...{ number, bits, value, high: high && bitsOf(high, n), counts: needsOf(counts, n) },
      select: select && bitsOf(select, n),
      overflow: overflow && {
        half: overflow.at === 'half',
        status: overflow.status && bitsOf(overflow.status, n),
        interrupts: needsOf(overflow.interrupts, n),
        pending: overflow.pending && bitsOf(overflow.pending, n),
        freezes: overflow.freezes && bitsOf(overflow.freezes, n),
      },
      firmware: firmware && { runs: bitsOf(firmware.runs, n), taken: bitsOf(firmware.taken, n), only: firmware.only },
    };
  };
  const counters: Counter[] = [];
  for (const bank of Object.values(device.banks)) {
    const first = bank.first ?? (counters.at(-1)?.number ?? -1) + 1;
    for (let n = 0; n < bank.count; n++) counters.push(counterOf(bank, n, first + n));
  }
  if (counters.some(({ number }, at) => number >= (counters[at + 1]?.number ?? Infinity)))
    throw wrong('the numbers of its counters do not rise');
  if (counters.some(({ number }) => number < 0 || number > 63)) throw wrong('its counters are numbered 0 to 63');
  const registers = Object.entries(device.registers).flatMap(([name, { write }]) => {
    const { bytes, count } = registerOf(name);
    return typeof write === 'object'
      ? []
      : Array.from({ length: count }, (_, index): Named => {
          return { name: count > 1 ? `${name}[${index}]` : name, place: placeIn(name, index), bytes };
        });
  });
  return { device, words, counters, registers };
}
