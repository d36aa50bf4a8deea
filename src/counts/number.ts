/** A number that a person has: as it was typed or printed, and the counts that it can stand for. */
export interface CountText {
  readonly text: string;
  /** The count: negative where it was printed so. */
  readonly value: bigint;
  /** How far the count itself can be from it: what a power of ten, or a decimal, leaves open. */
  readonly slack: bigint;
}

/** What stands between groups of digits, by the locales of `perf stat`. */
export const SEPARATORS = ",.'’_ \u00a0\u202f\u2009";

const GROUPED = new RegExp(`^\\d{1,3}(?:([${SEPARATORS}])\\d{2,3})(?:\\1\\d{2,3})*\\1?$`);

/**
 * Reads a count as people write one: digits, with separators of thousands, hexadecimal, `9.2e18`, `2^63 + 5`; undefined if it is
 * none. Throws a RangeError if no count of 64 bits, signed or unsigned, can be that.
 */
export function readCount(text: string): CountText | undefined {
  const plain = text.trim().replace(/^[−–]/, '-');
  const sum = /^([+-]?)2(?:\^|\*\*)(\d{1,2})(?:\s*([+-])\s*(\S.*))?$/.exec(plain);
  if (sum !== null) {
    const [, sign, power, side, rest] = sum;
    const more = rest === undefined ? { value: 0n, slack: 0n } : readCount(rest);
    if (more === undefined) return undefined;
    const whole = 2n ** BigInt(power!) + (side === '-' ? -more.value : more.value);
    return checked({ text, value: sign === '-' ? -whole : whole, slack: more.slack });
  }
  const [, sign, digits] = /^([+-]?)(.*)$/s.exec(plain)!;
  const magnitude = magnitudeOf(digits!);
  if (magnitude === undefined) return undefined;
  return checked({ text, value: sign === '-' ? -magnitude.value : magnitude.value, slack: magnitude.slack });
}

function magnitudeOf(digits: string): { value: bigint; slack: bigint } | undefined {
  if (/^\d+$/.test(digits) || /^0x[\da-f]+$/i.test(digits)) return { value: BigInt(digits), slack: 0n };
  const power = /^(\d+)(?:[.,](\d+))?e\+?(\d{1,2})$/i.exec(digits);
  if (power !== null) {
    const [, whole, part = '', exponent] = power;
    const zeros = Number(exponent) - part.length;
    if (zeros < 0) return undefined;
    return { value: BigInt(whole! + part) * 10n ** BigInt(zeros), slack: 10n ** BigInt(zeros) / 2n };
  }
  // Three digits after the only point are thousands: a count has no parts.
  const grouped = GROUPED.exec(digits);
  if (grouped !== null && /\d{3}$/.test(digits)) return { value: BigInt(digits.replace(/\D/g, '')), slack: 0n };
  const decimal = /^(\d+)[.,]\d{4,}$/.exec(digits);
  return decimal === null ? undefined : { value: BigInt(decimal[1]!), slack: doubleSlack(BigInt(decimal[1]!)) };
}

/** What is printed with decimals was a double. */
function doubleSlack(value: bigint): bigint {
  return value < 2n ** 53n ? 1n : 2n ** BigInt(value.toString(2).length - 54);
}

function checked(read: CountText): CountText {
  if (read.value >= 2n ** 64n || read.value < -(2n ** 63n))
    throw new RangeError(`${read.text.trim()} is no count: event->count has 64 bits`);
  return read;
}

/** With separators: `4,236,537`. */
export const digitsOf = (value: bigint): string => value.toLocaleString('en');

/** A number taken apart at the power of two that it is nearest to: `2^63 + 4,236,537`; undefined where it is near none. */
export function apart(value: bigint, times: bigint, base: bigint, name: string): string {
  const rest = value - times * base;
  const head = times === 1n ? name : `${times} · ${name}`;
  return rest === 0n ? head : `${head} ${rest < 0n ? '-' : '+'} ${digitsOf(rest < 0n ? -rest : rest)}`;
}
