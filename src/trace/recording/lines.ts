import type { CoreName } from '../../../machines/cores.ts';
import { BrokenLine } from '../broken-line.ts';
import type { Asks } from '../kind.ts';
import { type CallbackLine, MOST_SLOTS, type Snapshot } from '../line.ts';
import type { RecordedCall, RecordedCalls } from './calls.ts';
import { EventIdentities } from './event-identities.ts';
import type { Hit, Ordered } from './hits.ts';
import { threadOf } from './read.ts';
import type { Segment } from './segments.ts';
import type { Values } from './values.ts';

/**
 * The callbacks of a recording as a trace, with events told apart as this core opens them: line `n` is the `n`-th call in the order
 * of entry. Throws `BrokenLine` at a value that is missing or wrong.
 */
export function linesOf(recorded: RecordedCalls, core: CoreName): CallbackLine[] {
  const lives = new EventIdentities(core);
  const left = firstAfterReturn(recorded);
  /** By event: what was seen of it last. */
  const last = new Map<number, Partial<Snapshot>>();
  return recorded.calls.map((call, index) => {
    const line = lineOf(call, index + 1, lives, last, left[index]);
    last.set(line.id, line.after);
    return line;
  });
}

/** The lines of one segment. */
export interface SegmentLines {
  readonly lines: readonly CallbackLine[];
  /** Those whose return is not known: they may have run until the segment ended. */
  readonly unfinished: ReadonlySet<number>;
  /** How many readings of a counter are only shown by the next callback of the event. */
  readonly takenLater: number;
}

/** The lines of a segment by themselves: nothing is taken from what came after it. */
export function linesIn(
  { from, to, until }: Segment,
  calls: readonly RecordedCall[],
  lines: readonly CallbackLine[],
): SegmentLines {
  const unfinished = new Set<number>();
  const own = lines.slice(from, to).map((line, index) => {
    const { exit, over } = calls[from + index]!;
    const end = exit ?? over;
    if (end !== undefined && (until === undefined || end.time <= until)) return line;
    unfinished.add(line.line);
    const { ret, warned, ...entered } = line;
    return { ...entered, after: {}, left: Infinity };
  });
  return { ...withLaterValues(own), unfinished };
}

function lineOf(
  call: RecordedCall,
  line: number,
  lives: EventIdentities,
  last: ReadonlyMap<number, Partial<Snapshot>>,
  left: number | undefined,
): CallbackLine {
  const { callback, entry, exit, warned } = call;
  const { values } = entry;
  const id = lives.idOf(call);
  const leader = values.addressIf('leader');
  const parent = values.addressIf('parent');
  const flagged = callback === 'add' || callback === 'del' || callback === 'start' || callback === 'stop';
  const answers = callback === 'event_init' || callback === 'add';
  const asks = callback === 'event_init' ? asksOf(values) : undefined;
  return {
    line,
    scn: '',
    cpu: entry.cpu,
    pid: entry.task,
    cb: callback,
    id,
    ...(leader !== undefined && leader !== '0' && leader !== call.event && { leader: lives.at(leader) }),
    ...(parent !== undefined && parent !== '0' && { parent: lives.at(parent) }),
    type: values.integer('type'),
    config: values.word('config'),
    ...(flagged && { flags: values.integer('flags') }),
    ...(answers && exit !== undefined && { ret: exit.values.integer('ret') }),
    via: '',
    hardirq: false,
    // The core opens and closes with interrupts on, and calls all else with interrupts off: a probe cannot tell.
    irqoff: callback !== 'event_init' && callback !== 'event_destroy',
    before: asLeft(last.get(id), seen(values, lives)),
    after: exit === undefined ? {} : afterwards(exit, entry, lives),
    ...(asks !== undefined && { asks }),
    ...(warned > 0 && { warned }),
    ...(left !== undefined && { left }),
  };
}

/** What of an attribute asks for a filter that counters without privilege modes do not have. Where there are no guests, `exclude_guest` asks for nothing. */
const MODIFIERS = ['exclude_user', 'exclude_kernel', 'exclude_hv', 'exclude_idle', 'precise_ip'];

/** What an open asks for beside its type and config; undefined if the recorder does not show it. */
function asksOf(values: Values): Asks | undefined {
  const period = values.wordIf('period');
  const modifiers = MODIFIERS.map((name) => values.integerIf(name));
  if (period === undefined) return undefined;
  return { sampling: period !== 0, modifier: modifiers.some((value) => value !== undefined && value !== 0) };
}

/** A thread that slept may have come back on another CPU, and what is seen of the slots is of that one. */
function afterwards(exit: Hit, entry: Hit, lives: EventIdentities): Partial<Snapshot> {
  const after = seen(exit.values, lives);
  if (exit.cpu === entry.cpu) return after;
  const { n_events, slots, ...others } = after;
  return others;
}

const NUMBERS = ['state', 'idx', 'evstate', 'oncpu', 'n_events', 'active'] as const;
const WORDS = ['prev', 'count', 'csr'] as const;

/** What an entry shows: as a rule that which the last return left, so that one object is enough for both. */
const asLeft = (left: Partial<Snapshot> | undefined, found: Partial<Snapshot>): Partial<Snapshot> =>
  left !== undefined &&
  found.slots === undefined &&
  left.slots === undefined &&
  NUMBERS.every((name) => left[name] === found[name]) &&
  WORDS.every((name) => left[name] === found[name])
    ? left
    : found;

function seen(values: Values, lives: EventIdentities): Partial<Snapshot> {
  const known: { -readonly [K in keyof Snapshot]?: Snapshot[K] } = {};
  for (const name of NUMBERS) {
    const value = values.integerIf(name);
    if (value !== undefined) known[name] = value;
  }
  for (const name of WORDS) {
    const value = values.wordIf(name);
    if (value !== undefined) known[name] = value;
  }
  const slots: number[] = [];
  for (let slot = values.addressIf('slot0'); slot !== undefined; slot = values.addressIf(`slot${slots.length}`)) {
    if (slots.length === MOST_SLOTS)
      throw new BrokenLine(values.line, `has more than ${MOST_SLOTS.toLocaleString('en')} slots`);
    slots.push(slot === '0' ? 0 : lives.at(slot));
  }
  if (slots.length > 0) known.slots = slots;
  return known;
}

/**
 * By call: the number of the first line that was entered after it had returned, and been looked at, for sure. The kernel takes the
 * time of a probe first, and its values afterwards: they are as old as anything until the next hit of that CPU, or that thread.
 */
function firstAfterReturn({ calls, ordered }: RecordedCalls): (number | undefined)[] {
  const looked = looksAfter(ordered);
  return calls.map(({ exit, exitAt, overAt }) => {
    if (exit === undefined) return overAt === undefined ? undefined : firstFrom(calls, overAt) + 1;
    const next = looked[exitAt!];
    if (next === undefined) return Infinity;
    const { time } = ordered.at(next);
    for (let index = firstFrom(calls, next); index < calls.length; index++) {
      const { entry } = calls[index]!;
      // Of one time on two CPUs, nothing tells which was first.
      if (entry.time > time || entry.cpu === exit.cpu || entry.task === exit.task) return index + 1;
    }
    return Infinity;
  });
}

/** By hit: the next one of its CPU, or of its thread. */
function looksAfter(ordered: Ordered): (number | undefined)[] {
  const cpus = new Map<number, number>();
  const threads = new Map<string, number>();
  const next: (number | undefined)[] = new Array(ordered.length);
  for (let at = ordered.length - 1; at >= 0; at--) {
    const hit = ordered.at(at);
    const thread = threadOf(hit);
    const [ofCpu, ofThread] = [cpus.get(hit.cpu), threads.get(thread)];
    next[at] = ofCpu === undefined || (ofThread !== undefined && ofThread < ofCpu) ? ofThread : ofCpu;
    cpus.set(hit.cpu, at);
    threads.set(thread, at);
  }
  return next;
}

/** The first call that stands at a place in the order of time, or behind it. */
function firstFrom(calls: readonly RecordedCall[], place: number): number {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (calls[middle]!.at < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A return probe that cannot reach the event shows nothing of it. Nobody but the driver writes `prev_count`, so that it is what the
 * next callback of the event finds. The rest is held against that callback anyway.
 */
function withLaterValues(recorded: readonly CallbackLine[]): Omit<SegmentLines, 'unfinished'> {
  const found = new Map<number, Snapshot['prev']>();
  let takenLater = 0;
  const lines = recorded.toReversed().map((line) => {
    const later = found.get(line.id);
    if (line.before.prev === undefined) found.delete(line.id);
    else found.set(line.id, line.before.prev);
    if (line.after.prev !== undefined || later === undefined) return line;
    takenLater++;
    return { ...line, after: { ...line.after, prev: later } };
  });
  return { lines: lines.reverse(), takenLater };
}
