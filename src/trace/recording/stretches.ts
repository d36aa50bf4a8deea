import { CORES, type CoreName } from '../../../machines/cores.ts';
import { ERRNO } from '../../facts/index.ts';
import { BrokenLine } from '../line.ts';
import type { RecordedCall, RecordedCalls } from './calls.ts';
import { type Gap, gapsOf, liesBetween } from './gaps.ts';
import { probeName } from './probes.ts';
import type { Hit, Recording } from './read.ts';

/** Calls from one that found the driver idle on, none missing between them: by their index in the order of entry. */
export interface Stretch {
  readonly from: number;
  /** The first call that is not in it. */
  readonly to: number;
  /** The time after which nothing is known; absent if that is the end of the recording. */
  readonly until?: bigint;
}

/** Calls that are in no stretch, and why. */
export interface Unjudged {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** What of a recording can be judged. */
export interface Parts {
  readonly stretches: readonly Stretch[];
  readonly unjudged: readonly Unjudged[];
}

/**
 * Splits a recording where events are missing. What is known of the driver's state is lost there, until a call is seen to open an
 * event while `riscv_active_events` is 0 and no other event is used that was open before: then all is as after boot.
 *
 * Throws {@link BrokenLine} at a call or a return without its other end that no loss explains.
 */
export function partsOf(recording: Recording, recorded: RecordedCalls, core: CoreName): Parts {
  const { calls } = recorded;
  const gaps = gapsOf(recording);
  const started = startedBefore(recorded, gaps);
  checkExits(calls, gaps);
  const beginsAnew = openings(calls);
  const stretches: Stretch[] = [];
  const unjudged: Unjudged[] = [];
  let [from, why] = [0, recording.beginningLost ? 'the beginning was overwritten in the buffer' : ''];
  /** The time before which what runs, or is missing, is not known. */
  let after = started;
  for (const gap of [...gaps, undefined]) {
    const end = gap === undefined ? calls.length : firstAfter(calls, gap.from);
    let begin = from;
    while (begin < end && !canBegin(begin)) begin++;
    if (begin > from) unjudged.push({ from, to: Math.min(begin, end), why: why || openAtTheStart(calls[from]!) });
    if (begin < end) stretches.push({ from: begin, to: end, ...(gap?.from !== undefined && { until: gap.from }) });
    if (gap === undefined) break;
    [from, why] = [Math.max(from, end), `${gap.what} before line ${gap.line}`];
    if (gap.to !== undefined) after = max(after, gap.to - 1n);
    else {
      if (from < calls.length) unjudged.push({ from, to: calls.length, why });
      break;
    }
  }
  return { stretches, unjudged: joined(unjudged) };

  function canBegin(index: number): boolean {
    const { callback, entry } = calls[index]!;
    if (callback !== 'event_init' || !beginsAnew[index]) return false;
    if (entry.time <= after) return false;
    const active = entry.values.integerIf('active');
    const atBoot = index === 0 && !recording.beginningLost && gaps.every((gap) => gap.from !== undefined);
    if (active !== 0 && !(active === undefined && atBoot)) return false;
    if (!(index === 0 && atBoot) && mayBeSecondAsk(calls[index]!, core)) return false;
    return calls.slice(0, index).every((call, at) => hasReturned(call, calls.slice(at + 1, index + 1), entry));
  }
}

/** Whether a call had returned when another one was entered: as its own return shows, or what was entered since. */
function hasReturned(call: RecordedCall, since: readonly RecordedCall[], { time }: Hit): boolean {
  if (call.exit !== undefined) return call.exit.time < time;
  const { event, entry } = call;
  return since.some(
    (next) =>
      next.event === event ||
      (sleeps(call) ? sleeps(next) && next.entry.task === entry.task : next.entry.cpu === entry.cpu),
  );
}

/** The other callbacks run with interrupts off, from their entry to their return. */
const sleeps = ({ callback }: RecordedCall): boolean => callback === 'event_init' || callback === 'event_destroy';

/** Whether a call could be the second of two with which a core opens one event: both are refused in the same way. */
function mayBeSecondAsk({ exit }: RecordedCall, core: CoreName): boolean {
  const ret = exit?.values.integerIf('ret');
  return CORES[core].asksTwice && (ret === undefined || ret === -ERRNO.ENOENT);
}

/** By index: whether each event that is used from there on is opened there first. */
function openings(calls: readonly RecordedCall[]): boolean[] {
  const opened = new Map<string, boolean>();
  let unopened = 0;
  const anew: boolean[] = [];
  for (let index = calls.length - 1; index >= 0; index--) {
    const { event, callback } = calls[index]!;
    if (opened.get(event) === false) unopened--;
    opened.set(event, callback === 'event_init');
    if (callback !== 'event_init') unopened++;
    anew[index] = unopened === 0;
  }
  return anew;
}

/** The time until which calls run that were entered before the recording began. */
function startedBefore({ calls, entriesMissing }: RecordedCalls, gaps: readonly Gap[]): bigint {
  let until = -1n;
  for (const hit of entriesMissing) {
    const isFirst = !calls.some(({ entry }) => entry.task === hit.task && entry.time <= hit.time);
    if (isFirst) until = max(until, hit.time);
    else if (!gaps.some(({ from }) => from === undefined || from < hit.time))
      throw new BrokenLine(hit.line, `${probeName(hit.probe)} has no entry before it`);
  }
  return until;
}

/** A call that never returned, though its event went on, is one whose return was missed. */
function checkExits(calls: readonly RecordedCall[], gaps: readonly Gap[]): void {
  const open = new Map<string, RecordedCall>();
  for (const call of calls) {
    const before = open.get(call.event);
    if (before !== undefined && !gaps.some((gap) => liesBetween(gap, before.entry, call.entry)))
      throw new BrokenLine(
        before.entry.line,
        `${probeName(before.entry.probe)} has no return, and line ${call.entry.line} shows the next callback of its event (kprobe_profile says how many hits a probe has missed)`,
      );
    if (call.exit === undefined) open.set(call.event, call);
    else open.delete(call.event);
  }
}

/** The first call that was entered after a time; the first of all if the time is not known. */
function firstAfter(calls: readonly RecordedCall[], time: bigint | undefined): number {
  if (time === undefined) return 0;
  const index = calls.findIndex(({ entry }) => entry.time > time);
  return index < 0 ? calls.length : index;
}

function openAtTheStart({ entry, callback }: RecordedCall): string {
  const active = entry.values.integerIf('active');
  return callback === 'event_init' && active !== undefined && active !== 0
    ? `riscv_active_events was ${active} when the recording began`
    : 'events were open when the recording began';
}

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** Those that follow one another for one reason become one. */
function joined(parts: readonly Unjudged[]): Unjudged[] {
  const result: Unjudged[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last !== undefined && last.to === part.from && last.why === part.why)
      result[result.length - 1] = { ...last, to: part.to };
    else result.push(part);
  }
  return result;
}
