/**
 * How a register is reached: its offset from the device's memory, its number, or its place in what firmware keeps for itself.
 *
 * @public
 */
export type Bus = 'mmio' | 'csr' | 'config' | 'sysreg' | 'firmware';

/** What a write does to a register, if it does not just stay. @public */
export type OnWrite =
  | 'ignored'
  /** Write one to clear. */
  | 'clears'
  /** Ones set, or clear, those bits of another register, which is also what is read here. */
  | { readonly sets: string }
  | { readonly clears: string };

/** A register, or an array of them. @public */
export interface Register {
  /** Its offset in bytes; for a CSR or a system register its number. */
  readonly at: number;
  readonly bus?: Bus;
  /** 4 or 8; by default as the device says. */
  readonly bytes?: 4 | 8;
  /** How many there are. */
  readonly count?: number;
  /** From one to the next, in the unit of `at`; by default side by side. */
  readonly stride?: number;
  readonly reset?: number | bigint;
  /** A hart that sleeps deeply loses it, and wakes with what it is after a reset. Only where each hart has its own. */
  readonly lost?: true;
  readonly write?: OnWrite;
}

/**
 * Bits of a register. For the n-th counter of a bank: of the n-th register of an array, or `step` bits further on for each.
 *
 * @public
 */
export interface Field {
  readonly in: string;
  readonly bit?: number;
  /** How many; by default all of the register from `bit` on. */
  readonly bits?: number;
  readonly step?: number;
}

/** Whether any bit of a field is set, or none. @public */
export type Condition = { readonly set: Field } | { readonly clear: Field };

/** Counters of one make. Each counts one for each tick of the clock while all of `counts` hold. @public */
export interface Bank {
  readonly count: number;
  /** The number of the first; by default they go on from the bank before. */
  readonly first?: number;
  /** How many bits it counts in: then it comes round. */
  readonly bits: number;
  readonly value: Field;
  /** Where the bits are that `value` has no room for. */
  readonly high?: Field;
  readonly counts: readonly Condition[];
  /** What it counts: two events with other values there are counted apart. */
  readonly select?: Field;
  readonly overflow?: {
    /** `wrap`: when it comes round to 0. `half`: when its highest bit becomes 1. */
    readonly at: 'wrap' | 'half';
    /** What is set then. Without it the highest bit of the counter itself is the status. */
    readonly status?: Field;
    /** What must hold for the status to interrupt. */
    readonly interrupts: readonly Condition[];
    /** Where the line is kept apart from the status: what is set as well when the status becomes 1, and raised until it is cleared. */
    readonly pending?: Field;
    /** What hardware sets when it does. */
    readonly freezes?: Field;
  };
  /** What firmware keeps of it, and the one event that it is for, if it is for one. */
  readonly firmware?: { readonly runs: Field; readonly taken: Field; readonly only?: number };
}

/** A device, as its data sheet has it. @public */
export interface DeviceDescription {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  /** What a driver's match tables call it; or the driver that makes it itself, or a function of the kernel that only its driver calls. */
  readonly fits: readonly string[];
  /** What its registers are, where they do not say it themselves. */
  readonly bus: Bus;
  readonly bytes?: 4 | 8;
  /** Each hart has all of this for itself. */
  readonly perHart?: true;
  /** The calls that its firmware answers: SBI's PMU extension, over the counters of `banks`. */
  readonly calls?: 'sbi-pmu';
  /** Which of its interrupts its counters raise: the number in its description in the tree, or of the hart's own. */
  readonly interrupt?: number;
  /** It has registers that are not told here: they are memory that remembers. Without it, there are no others. */
  readonly others?: true;
  readonly registers: Readonly<Record<string, Register>>;
  readonly banks: Readonly<Record<string, Bank>>;
}

/** One bit of a register, and for the n-th counter the n-th from there where `step` is 1. @public */
export const bit = (register: string, number: number, step = 0): Field => ({
  in: register,
  bit: number,
  bits: 1,
  step,
});
/** A field is not zero. @public */
export const set = (field: Field): Condition => ({ set: field });
/** A field is zero. @public */
export const clear = (field: Field): Condition => ({ clear: field });
