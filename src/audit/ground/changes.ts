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

/** What can be seen before the first step of a finding and after each: the events, the counters that count, the registers of a described device. */
export function seenAlong({ steps, registers }: GroundFinding): readonly ReadonlyMap<string, string>[] {
  const seen = steps.slice(0, 1).map(({ before }) => seenIn(before, registers?.[0]));
  // Nothing is known after a step that does not end.
  for (const [index, { after }] of steps.entries())
    seen.push(after === undefined ? seen.at(-1)! : seenIn(after, registers?.[index + 1]));
  return withoutIdle(seen);
}

/** Without the counters that select nothing, where others do: one switch may let all of a device count. */
function withoutIdle(seen: readonly ReadonlyMap<string, string>[]): readonly ReadonlyMap<string, string>[] {
  const counts = new Set(seen.flatMap((then) => [...then.keys()]).filter((name) => / counter \d+ counts$/.test(name)));
  const selecting = [...counts].filter((name) => seen.some((then) => (then.get(name) ?? NOTHING) !== NOTHING));
  const isShown = (name: string): boolean => selecting.length === 0 || !counts.has(name) || selecting.includes(name);
  return seen.map((then) => new Map([...then].filter(([name]) => isShown(name))));
}

const NOTHING = '0x0';

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
