import type { Defect } from './defects.ts';
import { type Bounds, boundsOf, ENDLESS, type Given } from './given.ts';
import { bitsOf } from './powers.ts';
import type { Jump, Response, Widths } from './response.ts';

/** A defect that makes such a count, and how well the number fits it. */
export interface Explanation {
  readonly defect: Defect;
  readonly widths: Widths;
  readonly response: Response;
  /** What is added in its situation, and how many times; absent where only the intervals are counted wrongly. */
  readonly jump?: Jump;
  readonly times: number;
  /** What is left of the count without the jumps. */
  readonly rest?: bigint;
  /** So many bits of the number speak for it: the more, the better it fits. */
  readonly bits: number;
}

/** A defect that cannot have made the count, by what is known. */
export interface RuledOut {
  readonly defect: Defect;
  readonly why: string;
}

/** A defect at the widths of a board, with what it makes of a count; `assumed` where nobody said that the widths are so. */
export interface Candidate {
  readonly defect: Defect;
  readonly widths: Widths;
  readonly response: Response;
  readonly assumed: boolean;
}

/** So many bits must speak for a power of two: fewer are chance. */
const FEWEST = 8;
/**
 * What an assumption costs, in bits: widths that nobody gave; a mistake that no driver of the family makes; the hardware; that
 * two jumps hide each other; that the event is stopped in place, which only sampling events and throttled groups are.
 */
const COST = { widths: 5, twist: 2, board: 1, hardware: 3, even: 6, stops: 1 };
/** A count is what is expected within this share. */
const TOLERANCE = 20n;

/** Whether a count is what it should be, as far as that is known. */
export function isPlausible({ value, factor }: Given, { expected, most }: Bounds): boolean {
  if (value === undefined) return factor !== undefined && Math.abs(factor - 1) < 0.05;
  if (expected !== undefined) return sizeOf(value - expected) * TOLERANCE <= (expected < 0n ? -expected : expected);
  return value > 0n && value <= most!;
}

/** Why a defect cannot be it; undefined where nothing speaks against it. */
export function ruledOutBy({ defect, response }: Candidate, given: Given): string | undefined {
  const onHarts = new Set(defect.log.flatMap((fact) => (fact.type === 'add.call' ? [fact.hart] : [])));
  const { pmu } = defect.model.scope;
  if (onHarts.size > 1) {
    if (given.cpuWide) return 'an event of a CPU never moves to another hart';
    if (given.moves === 0) return 'the task never moved to another hart';
    if (given.switches === 0) return 'the task was never switched out, and moves only when it is';
  } else if (response.intervals.some(({ during, counted }) => during === 'out' && counted !== 0n)) {
    if (given.switches === 0 && !given.cpuWide) return 'the task was never switched out';
    if (given.cpuWide && given.share === 100)
      return 'an event of a CPU that is on its counter all the time is never taken off';
  }
  if (pmu.xlen < pmu.wordBits && given.xlen === 64) return 'one read has all 64 bits';
  if (defect.board === 'wide' && given.widths?.every((bits) => bits >= 63))
    return "the board's counters are as wide as the mask";
  return undefined;
}

/** How a defect explains a count, the best way first; none where it does not. */
export function fitsOf(candidate: Candidate, given: Given): Explanation[] {
  const bounds = boundsOf(given);
  const found = [...jumpFits(candidate, given, bounds), ...intervalFits(candidate, given, bounds)];
  const cost = costOf(candidate);
  return found
    .map((fit) => ({ ...fit, bits: fit.bits - cost }))
    .filter(({ bits }) => bits > 0)
    .toSorted((a, b) => b.bits - a.bits);
}

function costOf({ defect, assumed }: Candidate): number {
  const stops = defect.log.some(({ type }) => type === 'stop.call') ? COST.stops : 0;
  const kind = defect.twist ? COST.twist : defect.board === 'sound' ? COST.hardware : defect.board ? COST.board : 0;
  return kind + stops + (assumed ? COST.widths : 0);
}

/** A count that is near a few times a power of two. */
function jumpFits(
  { defect, widths, response }: Candidate,
  { value, slack = 0n, switches, moves }: Given,
  { expected }: Bounds,
): Explanation[] {
  if (value === undefined) return [];
  const isLess = response.intervals.some(({ counted }) => counted < 0n);
  const isMore = response.intervals.some(({ counted }) => counted > 0n);
  const limit = BigInt(Math.min(64, (moves ?? switches ?? 63) + 1));
  return response.jumps.flatMap((jump) => {
    const step = BigInt.asIntN(64, jump.value);
    const size = step < 0n && step !== -(2n ** 63n) ? -step : jump.value;
    const near =
      expected === undefined
        ? []
        : [BigInt.asIntN(64, value - expected) / step, BigInt.asIntN(64, value - expected) / step + 1n];
    const fits = [...range(1n, limit), ...near].flatMap((times): Explanation[] => {
      const base = BigInt.asUintN(64, times * jump.value);
      const rest = BigInt.asIntN(64, value - base);
      // Two halves of 2^64 leave a negative count, or nothing that shows.
      if (times < 1n || (base === 0n && (times > 2n || rest >= 0n))) return [];
      // What is left must be something that the defect can leave.
      if (rest < 0n ? !isLess && jump.situation.kind !== 'set back' : rest > 0n && !isMore) return [];
      const scale = base === 0n ? size : smallest(size, sizeOf(BigInt.asIntN(64, base)));
      // Ticks that are missing show only beside what should have been counted.
      if (expected === undefined && step < 0n && jump.situation.kind === 'too long') return [];
      const miss = larger(larger(sizeOf(rest - (isMore ? 1n : -1n) * (expected ?? 0n)), slack), 1n);
      const bits = bitsOf(scale) - bitsOf(miss) - Math.log2(Number(times)) * 2 - (base === 0n ? COST.even : 0);
      return bits < FEWEST ? [] : [{ defect, widths, response, jump, times: Number(times), rest, bits }];
    });
    return fits.toSorted((a, b) => b.bits - a.bits).slice(0, 1);
  });
}

/** A count that is too large, too small, or negative, without a power of two in it. */
function intervalFits(candidate: Candidate, given: Given, bounds: Bounds): Explanation[] {
  const { defect, widths, response } = candidate;
  const { value, factor } = given;
  const fit = (bits: number): Explanation[] => [
    { defect, widths, response, times: 0, ...(value !== undefined && { rest: BigInt.asIntN(64, value) }), bits },
  ];
  const wrong = response.intervals.filter(({ counted, ran }) => counted !== ran);
  const isLess = response.intervals.some(({ counted }) => counted < 0n);
  if (value !== undefined && BigInt.asIntN(64, value) < 0n) {
    const bits = 63 - bitsOf(BigInt.asIntN(64, value));
    // A mask that is narrower than the count makes a power of two of what is below zero.
    const isMasked = response.jumps.some(({ situation: { kind } }) => kind === 'always' || kind === 'behind');
    return isLess && bits >= FEWEST && !isMasked ? fit(bits) : [];
  }
  const isNothing = response.intervals.every(({ counted }) => counted === 0n);
  if (value === 0n) return isNothing ? fit(defect.twist ? 6 : 5) : [];
  if (isNothing && defect.twist) return [];
  const ratio = ratioOf(given, bounds);
  if (ratio === undefined) return [];
  const isMore = ratio > 1;
  if (!wrong.some(({ counted, ran }) => (isMore ? counted > ran : counted < ran))) return [];
  // What is subtracted leaves a number below zero.
  if (wrong.some(({ during, counted }) => during === 'running' && counted < 0n) && !moved(defect)) return [];
  if (value !== undefined && value - (bounds.expected ?? 0n) > ENDLESS) return [];
  // What is counted again is counted a whole number of times.
  const again = wrong.find(({ during, counted }) => during === 'running' && counted > 1n);
  if (again !== undefined) {
    const isExact = Math.abs(ratio / Number(again.counted) - 1) < 0.02;
    if (defect.name === 'adds-twice') return isExact ? fit(8) : [];
    return fit(isExact ? 7 : 4);
  }
  if (isMore && value !== undefined) return excessFits(candidate, given, bounds, fit);
  return factor !== undefined || bounds.expected !== undefined ? fit(moved(defect) ? 4 : 5) : [];
}

/** What a counter can have done beside what ran is bounded by its clock. */
function excessFits(
  { defect, response }: Candidate,
  { value, seconds, clock }: Given,
  { expected, most }: Bounds,
  fit: (bits: number) => Explanation[],
): Explanation[] {
  const isHere = response.intervals.every(({ during, counted, ran }) => counted === ran || during !== 'before');
  const all = seconds === undefined || clock === undefined ? undefined : seconds * clock;
  if (!isHere || all === undefined) {
    // What some counter held before can be anything that it can have come to since the machine began.
    return fit((moved(defect) ? 4 : isHere ? 5 : 4) + (expected === undefined && value! > most! ? -1 : 0));
  }
  if (Number(value) > all * 1.05) return [];
  return fit(Math.abs(Number(value) / all - 1) < 0.05 ? 9 : 6);
}

function ratioOf({ value, factor }: Given, { expected, most }: Bounds): number | undefined {
  if (factor !== undefined) return factor;
  if (value === undefined) return undefined;
  if (expected !== undefined) return expected === 0n ? Number.POSITIVE_INFINITY : Number(value) / Number(expected);
  return value > most! ? Number(value) / Number(most) : undefined;
}

const moved = ({ log }: Defect): boolean =>
  new Set(log.flatMap((fact) => (fact.type === 'add.call' ? [fact.hart] : []))).size > 1;

const sizeOf = (value: bigint): bigint => (value < 0n ? -value : value);
const smallest = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const larger = (one: bigint, other: bigint): bigint => (one < other ? other : one);
const range = (from: bigint, to: bigint): bigint[] =>
  Array.from({ length: Number(to - from) + 1 }, (_, index) => from + BigInt(index));
