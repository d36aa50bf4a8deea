import type { CoreName } from '../../../machines/cores.ts';
import type { Asks } from '../kind.ts';
import type { CallbackLine, Seen } from '../line.ts';
import type { RecordedCall } from './calls.ts';
import { Lives } from './lives.ts';
import type { Hit } from './read.ts';
import type { Stretch } from './stretches.ts';
import type { Values } from './values.ts';

/**
 * The callbacks of a recording as a trace, with events told apart as this core opens them: line `n` is the `n`-th call in the order
 * of entry. Throws `BrokenLine` at a value that is missing or wrong.
 */
export function linesOf(calls: readonly RecordedCall[], core: CoreName): CallbackLine[] {
  const lives = new Lives(core);
  const left = firstAfterReturn(calls);
  return calls.map((call, index) => lineOf(call, index + 1, lives, left[index]));
}

/** The lines of one stretch. */
export interface StretchLines {
  readonly lines: readonly CallbackLine[];
  /** Those whose return is not known: they may have run until the stretch ended. */
  readonly unfinished: ReadonlySet<number>;
  /** How many readings of a counter are only shown by the next callback of the event. */
  readonly takenLater: number;
}

/** The lines of a stretch by themselves: nothing is taken from what came after it. */
export function linesIn(
  { from, to, until }: Stretch,
  calls: readonly RecordedCall[],
  lines: readonly CallbackLine[],
): StretchLines {
  const unfinished = new Set<number>();
  const own = lines.slice(from, to).map((line, index) => {
    const { exit } = calls[from + index]!;
    if (exit !== undefined && (until === undefined || exit.time <= until)) return line;
    unfinished.add(line.line);
    const { ret, warned, ...entered } = line;
    return { ...entered, after: {}, left: Infinity };
  });
  return { ...withLaterValues(own), unfinished };
}

function lineOf(call: RecordedCall, line: number, lives: Lives, left: number | undefined): CallbackLine {
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
    before: seen(values, lives),
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
  if (period === undefined || modifiers.includes(undefined)) return undefined;
  return { sampling: period !== 0, modifier: modifiers.some((value) => value !== 0) };
}

/** A thread that slept may have come back on another CPU, and what is seen of the slots is of that one. */
function afterwards(exit: Hit, entry: Hit, lives: Lives): Partial<Seen> {
  const { n_events, slots, ...after } = seen(exit.values, lives);
  if (exit.cpu !== entry.cpu) return after;
  return { ...after, ...(n_events !== undefined && { n_events }), ...(slots !== undefined && { slots }) };
}

function seen(values: Values, lives: Lives): Partial<Seen> {
  const numbers = ['state', 'idx', 'evstate', 'oncpu', 'n_events', 'active'] as const;
  const words = ['prev', 'count', 'csr'] as const;
  const slots: number[] = [];
  for (let slot = values.addressIf('slot0'); slot !== undefined; slot = values.addressIf(`slot${slots.length}`))
    slots.push(slot === '0' ? 0 : lives.at(slot));
  const known = [
    ...numbers.map((name) => [name, values.integerIf(name)] as const),
    ...words.map((name) => [name, values.wordIf(name)] as const),
  ].filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(known) as Partial<Seen>), ...(slots.length > 0 && { slots }) };
}

/** By call: the number of the first line that was entered after it had returned for sure. */
function firstAfterReturn(calls: readonly RecordedCall[]): (number | undefined)[] {
  return calls.map(({ exit, exitAt }, index) => {
    if (exit === undefined) return undefined;
    for (let next = index + 1; next < calls.length; next++) {
      const { entry, at } = calls[next]!;
      // Of one time on two CPUs, nothing tells which was first.
      const tells = entry.time > exit.time || entry.cpu === exit.cpu || entry.task === exit.task;
      if (at > exitAt! && tells) return next + 1;
    }
    return Infinity;
  });
}

/**
 * A return probe that cannot reach the event shows nothing of it. Nobody but the driver writes `prev_count`, so that it is what the
 * next callback of the event finds. The rest is held against that callback anyway.
 */
function withLaterValues(recorded: readonly CallbackLine[]): Omit<StretchLines, 'unfinished'> {
  const found = new Map<number, Seen['prev']>();
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
