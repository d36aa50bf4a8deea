import { usedText } from '../diagrams/fact-text.ts';
import type { Present } from '../engine/check/index.ts';
import {
  COUNTERS,
  type Fact,
  type Part,
  PERF_HES,
  type PmcOwner,
  plus,
  ROLES,
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
  system: Pick<System, 'parts'>,
  state: readonly Present[],
  counts: readonly Word[],
  roles?: ReadonlySet<Role>,
): Observation {
  const seen = new Map<string, string>();
  for (const [number, part] of system.parts.entries()) {
    if (roles?.has(part.role) === false) continue;
    const owner = ownerOf(part);
    for (const [name, value] of observeOne(part, state[number]!, counts[part.index]))
      seen.set(owner === '' ? name : `${owner} ${name}`, value);
  }
  return seen;
}

/** Whom a machine belongs to: `event 0`, `hart 1`; empty for what all share. */
export function ownerOf({ role, index }: Pick<Part, 'role' | 'index'>): string {
  const field = ROLES[role].indexedBy;
  return field === undefined ? '' : `${field} ${index}`;
}

/** What can be observed of one machine, without saying whose it is; its count only where that is known. */
export function observeOne(
  { role }: Pick<Part, 'role'>,
  present: Pick<Present, 'context' | 'hasTag'>,
  count?: Word,
): [name: string, value: string][] {
  const { context } = present;
  switch (role) {
    case 'driver':
      return [
        ['hw.state', hwState(context.hwState)],
        ['idx', String(context.idx)],
        ['destroy', context.destroySet ? 'set' : 'NULL'],
      ];
    case 'count':
      return [
        ['prev_count', String(context.prevCount)],
        ...(count === undefined ? [] : [['count', String(count)] as [string, string]]),
        ['ticks not in count', String(nearest(context.uncounted, context.countBits))],
      ];
    case 'hart':
      return countersIn(context).map((counter) => [counter, String(context[counter])]);
    case 'slots': {
      const occupants = context.events.map((occupant: number | null) =>
        occupant === null ? '-' : `event ${occupant}`,
      );
      return [
        ['n_events', String(context.nEvents)],
        ['events[]', `[${occupants.join(', ')}]`],
        ...(context.used?.length > 0 ? [['used_mask', usedText(context.used)] as [string, string]] : []),
      ];
    }
    case 'reservation': {
      // Of real C it is perf_irq that is looked at.
      const { reserves = 'perf_irq' } = context;
      return [
        ...(reserves === 'nothing' ? [] : [[reserves, OWNER[context.perfIrq as PmcOwner]] as [string, string]]),
        ['mutex', context.owner === null ? 'free' : `held by the task of event ${context.owner}`],
        ['other owner', present.hasTag('foreign holds') ? 'holding' : 'away'],
      ];
    }
    case 'activeEvents':
      return [['riscv_active_events', String(context.value)]];
    default:
      return [];
  }
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
