/** A value of 64 bits as few powers of two: `2^63`, `2^63 - 2^32`, `-2^32`; undefined where it takes more than two. */
export function powersOf(value: bigint): string | undefined {
  const unsigned = BigInt.asUintN(64, value);
  const negative = BigInt.asUintN(64, -value);
  if (isPower(unsigned)) return `2^${lowestOf(unsigned)}`;
  if (isPower(negative)) return `-2^${lowestOf(negative)}`;
  if (unsigned === 0n) return undefined;
  // 2^a - 2^b is a row of ones.
  const low = lowestOf(unsigned);
  const above = unsigned + (1n << BigInt(low));
  return isPower(above) ? `2^${lowestOf(above)} - 2^${low}` : undefined;
}

const isPower = (value: bigint): boolean => value > 0n && (value & (value - 1n)) === 0n;

const lowestOf = (value: bigint): number => (value & -value).toString(2).length - 1;

/** The binary logarithm of the size of a value; 0 of nothing. */
export function bitsOf(value: bigint): number {
  const size = value < 0n ? -value : value;
  if (size < 2n) return 0;
  const digits = size.toString(2);
  return digits.length - 1 + Math.log2(Number(`0b${digits.slice(0, 50)}`) / 2 ** (Math.min(50, digits.length) - 1));
}
