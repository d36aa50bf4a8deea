import { hwState } from '../../findings/observe.ts';
import type { GroundFinding } from '../../subject/ground/audit.ts';
import type { EventView, StepView } from '../../subject/ground/machine.ts';
import type { Held } from '../../subject/ground/registers.ts';

/** What is different after some steps of a finding, each as `event 0 idx: -1 → 0`: of the events, of the counters that count, and of the registers. */
export function changesOf({ steps, registers }: GroundFinding, from: number, to: number): string[] {
  const [{ before }, { after }] = [steps[from]!, steps[to - 1]!];
  if (after === undefined) return [];
  const [old, now] = [seenIn(before, registers?.[from]), seenIn(after, registers?.[to])];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [one, other] = [old.get(name) ?? '–', now.get(name) ?? '–'];
    return one === other ? [] : [`${name}: ${one} → ${other}`];
  });
}

function seenIn({ events, online, locks, counting = [] }: StepView, registers: Held = new Map()): Map<string, string> {
  const isPerHart = [...registers.keys()].some((name) => name.startsWith('hart '));
  return new Map([
    ['CPUs online', bitsOf(online)],
    ['locks held', `${locks}`],
    ...events.flatMap((event, number) =>
      seenOf(event).map(([name, value]): [string, string] => [`event ${number} ${name}`, value]),
    ),
    ...counting.map(([hart, counter, selects]): [string, string] => [
      `${isPerHart ? `hart ${hart}` : 'device'} counter ${counter} counts`,
      `0x${selects}`,
    ]),
    ...[...registers].map(([name, value]): [string, string] => [name, `0x${value.toString(16)}`]),
  ]);
}

function seenOf({ phase, idx, state, count, ran }: EventView): [string, string][] {
  return [
    ['perf core', phase],
    ...(idx === undefined ? [] : [['idx', `${idx}`] as [string, string]]),
    ...(state === undefined ? [] : [['hw.state', hwState(state)] as [string, string]]),
    ...(count === undefined ? [] : [['count', signed(count)] as [string, string]]),
    ...(ran === undefined ? [] : [['ticks that ran', signed(ran)] as [string, string]]),
  ];
}

const signed = (hexadecimal: string): string => `${BigInt.asIntN(64, BigInt(`0x${hexadecimal}`))}`;

/** Bits as the numbers of those that are set. */
const bitsOf = (bits: number): string =>
  [...bits.toString(2)]
    .reverse()
    .flatMap((bit, number) => (bit === '1' ? [number] : []))
    .join(', ') || 'none';
