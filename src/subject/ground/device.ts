import { type Bits, type Counter, type Layout, type Needs, WRITES } from '../../../machines/hardware/layout.ts';
import { NoSubject } from '../compiler.ts';

/** What `device.h` of the harness has room for. */
const MOST = { words: 512, counters: 64, needs: 6 } as const;
const OVERFLOWS = { never: 0, wrap: 1, half: 2 } as const;

const place = (place: number): number[] => [Math.floor(place / 2 ** 40), place % 2 ** 40];
const bits = (field: Bits | undefined): number[] =>
  field === undefined ? [0, 0, 0, 0] : [...place(field.place), field.bit, field.bits];
const needs = (all: readonly Needs[]): number[] => [
  all.length,
  ...all.flatMap(({ field, set }) => [set ? 1 : 0, ...bits(field)]),
];

/** The table by which the harness answers a driver as the device would: what `hp_describe_device` reads, as text. */
export function tableOf({ device, words, counters }: Layout): string {
  const most = Math.max(
    0,
    ...counters.flatMap(({ counts, overflow }) => [counts.length, overflow?.interrupts.length ?? 0]),
  );
  if (words.length > MOST.words || counters.length > MOST.counters || most > MOST.needs)
    throw new NoSubject(
      `the device ${device.name} is too large: at most ${MOST.words} words, ${MOST.counters} counters and ${MOST.needs} conditions of each fit`,
    );
  const numbers = [
    ...[
      device.perHart ? 1 : 0,
      device.others ? 1 : 0,
      device.calls === undefined ? 0 : 1,
      (device.interrupt ?? -1) + 1,
    ],
    words.length,
    ...words.flatMap(({ place: at, target, write, reset, lost }) => [
      ...place(at),
      ...place(target),
      WRITES.indexOf(write),
      reset,
      lost ? 1 : 0,
    ]),
    counters.length,
    ...counters.flatMap(counterOf),
  ];
  return numbers.map((number) => BigInt.asUintN(64, BigInt(number))).join(' ');
}

function counterOf({ number, bits: width, value, high, counts, select, overflow, firmware }: Counter): number[] {
  const overflows = overflow === undefined ? 'never' : overflow.half ? 'half' : 'wrap';
  return [
    ...[number, width, OVERFLOWS[overflows], firmware?.only ?? -1],
    ...[
      value,
      high,
      select,
      overflow?.status,
      overflow?.pending,
      overflow?.freezes,
      firmware?.runs,
      firmware?.taken,
    ].flatMap(bits),
    ...needs(counts),
    ...needs(overflow?.interrupts ?? []),
  ];
}
