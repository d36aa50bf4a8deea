import { digitsOf } from './number.ts';

/** What a person knows of a count. */
export interface Given {
  /** The count; left out where it is only known by what factor it is wrong. */
  readonly value?: bigint;
  /** How far the count can be from that, by how it was printed. */
  readonly slack?: bigint;
  /** The event by its name, as `cycles`. */
  readonly event?: string;
  /** What it should be, and how many times that it is. */
  readonly expected?: bigint;
  readonly factor?: number;
  /** For how many seconds it was counted, and at how many Hertz the counter runs. */
  readonly seconds?: number;
  readonly clock?: number;
  /** How often the task was switched out, and how often it moved to another hart. */
  readonly switches?: number;
  readonly moves?: number;
  /** The widths of the board's counters, in bits. */
  readonly widths?: readonly number[];
  /** 32 or 64. */
  readonly xlen?: number;
  /** Whether CPUs were counted, and no task. */
  readonly cpuWide?: boolean;
  /** The share of the time in which the event was on a counter, in percent. */
  readonly share?: number;
}

/** What the count should be: exactly, or at most. */
export interface Bounds {
  readonly expected?: bigint;
  readonly most?: bigint;
  /** How that is known. */
  readonly why: string;
}

/** How many instructions one cycle may bring to an end, at the most. */
const WIDEST = 8;
/** No clock is faster. */
const FASTEST = 10e9;
/** At a gigahertz, two years: nothing is counted for so long. */
export const ENDLESS = 1n << 56n;

/** What is known of the right count. */
export function boundsOf(given: Given): Bounds {
  const { value, expected, factor, seconds, clock, event = '' } = given;
  if (expected !== undefined) return { expected, why: `${digitsOf(expected)} are expected` };
  if (factor !== undefined && value !== undefined)
    return { expected: BigInt(Math.round(Number(value) / factor)), why: `it is ${factor} times what it should be` };
  if (seconds === undefined) return { most: ENDLESS, why: yearsText(value ?? ENDLESS) };
  const rate = (clock ?? FASTEST) * (/instr/.test(event) ? WIDEST : 1);
  const most = BigInt(Math.ceil(rate * seconds));
  const at = clock === undefined ? 'no clock is faster than 10 GHz' : `the clock is ${hertzText(clock)}`;
  return { most, why: `${at}, and it was counted for ${seconds} s: at most ${digitsOf(most)}` };
}

/** How long a count of cycles takes. */
const yearsText = (count: bigint): string =>
  `at 1 GHz, so many cycles take ${Math.max(1, Math.round(Number(count) / 1e9 / 31_557_600)).toLocaleString('en')} years`;

/** `1.03 GHz`. */
export function hertzText(hertz: number): string {
  for (const [unit, size] of [
    ['GHz', 1e9],
    ['MHz', 1e6],
    ['kHz', 1e3],
  ] as const)
    if (hertz >= size) return `${Number((hertz / size).toPrecision(3))} ${unit}`;
  return `${Number(hertz.toPrecision(3))} Hz`;
}
