import { usedText } from '../diagrams/fact-text.ts';
import type { Present } from '../engine/check/index.ts';
import {
  COUNTERS,
  type Fact,
  PERF_HES,
  type PmcOwner,
  plus,
  type Role,
  type System,
  signed,
  type Word,
} from '../facts/index.ts';

/** What a person can see of a system, by name. */
export type Observation = ReadonlyMap<string, string>;

/** What `perf_irq` is, by who holds the PMC. */
export const OWNER: Record<PmcOwner, string> = {
  nobody: 'NULL',
  driver: 'riscv_pmu_handle_irq',
  foreign: 'a foreign handler',
};

/** `hw.state` by the names of its bits. */
export function hwState(bits: number): string {
  const names = Object.entries(PERF_HES).flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name]));
  return names.length === 0 ? '0' : names.join('|');
}

/**
 * Everything that can be observed in a state, of all machines or of those of some roles. `counts` are the sums of what was added to the events' counts,
 * which no machine keeps: see {@link countsAlong}.
 */
export function observe(
  system: System,
  state: readonly Present[],
  counts: readonly Word[],
  roles?: ReadonlySet<Role>,
): Observation {
  const seen = new Map<string, string>();
  for (const [number, { role, index }] of system.parts.entries()) {
    if (roles?.has(role) === false) continue;
    const { context } = state[number]!;
    const event = `event ${index}`;
    switch (role) {
      case 'lifecycle':
        break;
      case 'driver':
        seen.set(`${event} hw.state`, hwState(context.hwState));
        seen.set(`${event} idx`, String(context.idx));
        seen.set(`${event} destroy`, context.destroySet ? 'set' : 'NULL');
        break;
      case 'count': {
        seen.set(`${event} prev_count`, String(context.prevCount));
        seen.set(`${event} count`, String(counts[index]));
        seen.set(`${event} ticks not in count`, String(nearest(context.uncounted, context.countBits)));
        break;
      }
      case 'hart':
        for (const counter of countersIn(context)) seen.set(`hart ${index} ${counter}`, String(context[counter]));
        break;
      case 'slots':
        seen.set(`hart ${index} n_events`, String(context.nEvents));
        seen.set(
          `hart ${index} events[]`,
          `[${context.events.map((occupant: number | null) => (occupant === null ? '-' : `event ${occupant}`)).join(', ')}]`,
        );
        if (context.used?.length > 0) seen.set(`hart ${index} used_mask`, usedText(context.used));
        break;
      case 'reservation': {
        // Of real C it is perf_irq that is looked at.
        const { reserves = 'perf_irq' } = context;
        if (reserves !== 'nothing') seen.set(reserves, OWNER[context.perfIrq as PmcOwner]);
        seen.set('mutex', context.owner === null ? 'free' : `held by the task of event ${context.owner}`);
        seen.set('other owner', state[number]!.hasTag('foreign holds') ? 'holding' : 'away');
        break;
      }
      case 'activeEvents':
        seen.set('riscv_active_events', String(context.value));
        break;
      case 'group':
        break;
    }
  }
  return seen;
}

/** The counters that a hart has, in their order. */
const countersIn = (hart: object): string[] =>
  Object.keys(hart).filter((key) => (COUNTERS as readonly string[]).includes(key) || key.startsWith('hpmcounter'));

/** A word as the number nearest to zero that it can stand for. */
function nearest(value: Word, bits: number): bigint {
  const number = signed(value, bits);
  return number === -(1n << BigInt(bits - 1)) ? -number : number;
}

/**
 * The count of each event before each fact of a log, and after the last: what `count.add` added since the event was opened.
 * `from` is what the counts are before the first fact.
 */
export function countsAlong(system: System, log: readonly Fact[], from: Word[] = noCounts(system)): Word[][] {
  const along: Word[][] = [from];
  for (const fact of log) along.push(counted(along.at(-1)!, fact));
  return along;
}

/** The counts before any fact. */
export const noCounts = (system: System): Word[] => Array.from({ length: system.countOf('event') }, () => 0);

/** The counts after one more fact; the same array if it changes none. */
export function counted(counts: Word[], fact: Fact): Word[] {
  if (fact.type === 'count.add') return counts.with(fact.event, plus(counts[fact.event]!, fact.delta, 64));
  return fact.type === 'event.free' ? counts.with(fact.event, 0) : counts;
}

/** What is not the same in two observations, in the order of the second. */
export function changes(before: Observation, after: Observation): string[] {
  return [...after].flatMap(([name, value]) =>
    before.get(name) === value ? [] : [`${name}: ${before.get(name)} → ${value}`],
  );
}
