import { CORES, type CoreName } from '../../../machines/cores.ts';
import { ERRNO } from '../../facts/index.ts';
import type { RecordedCall, RecordedCalls } from './calls.ts';
import type { Recording } from './read.ts';
import { sleeps } from './threads.ts';

/** Calls from one that found the driver idle on, none missing between them: by their index in the order of entry. */
export interface Segment {
  readonly from: number;
  /** The first call that is not in it. */
  readonly to: number;
  /** The time after which nothing is known; absent if that is the end of the recording. */
  readonly until?: bigint;
}

/** Calls that are in no segment, and why. */
export interface Unjudged {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** What of a recording can be judged. */
export interface Parts {
  readonly segments: readonly Segment[];
  readonly unjudged: readonly Unjudged[];
}

/**
 * Splits a recording where events are missing. What is known of the driver's state is lost there, until a call is seen to open an
 * event while `riscv_active_events` is 0 and no other event is used that was open before: then all is as after boot.
 */
export function partsOf(recording: Recording, { calls, gaps }: RecordedCalls, core: CoreName): Parts {
  const beginsAnew = openings(calls);
  const over = overBefore(calls);
  const isWhole = !recording.beginningLost && gaps.every((gap) => gap.from !== undefined);
  const segments: Segment[] = [];
  const unjudged: Unjudged[] = [];
  let [from, why] = [0, recording.beginningLost ? 'the beginning was overwritten in the buffer' : ''];
  /** The time before which what is missing is not known. */
  let after = -1n;
  for (const gap of [...gaps, undefined]) {
    const end = gap === undefined ? calls.length : firstAfter(calls, gap.from);
    let begin = from;
    while (begin < end && !canBegin(begin)) begin++;
    if (begin > from) unjudged.push({ from, to: Math.min(begin, end), why: why || openAtTheStart(calls[from]!) });
    if (begin < end) segments.push({ from: begin, to: end, ...(gap?.from !== undefined && { until: gap.from }) });
    if (gap === undefined) break;
    [from, why] = [Math.max(from, end), gap.from === undefined && why !== '' ? why : gap.what];
    if (gap.to !== undefined) after = max(after, gap.to - 1n);
    else {
      if (from < calls.length) unjudged.push({ from, to: calls.length, why });
      break;
    }
  }
  return { segments, unjudged: joined(unjudged) };

  function canBegin(index: number): boolean {
    const { callback, entry } = calls[index]!;
    if (callback !== 'event_init' || !beginsAnew[index]) return false;
    if (entry.time <= after) return false;
    const active = entry.values.integerIf('active');
    const atBoot = index === 0 && isWhole;
    if (active !== 0 && !(active === undefined && atBoot)) return false;
    if (!atBoot && mayBeSecondAsk(calls[index]!, core)) return false;
    const last = over[index];
    return last !== undefined && last < entry.time;
  }
}

/** By index: when all calls before had returned, as their returns show, or what was entered since; undefined if one may still run. */
function overBefore(calls: readonly RecordedCall[]): (bigint | undefined)[] {
  const times: (bigint | undefined)[] = [];
  let until = -1n;
  // The calls of which nothing shows yet that they have returned.
  const byEvent = new Map<string, RecordedCall>();
  const byPlace = new Map<string, RecordedCall>();
  const place = (call: RecordedCall) => (sleeps(call) ? `task ${call.entry.task}` : `cpu ${call.entry.cpu}`);
  for (const call of calls) {
    for (const ended of [byEvent.get(call.event), byPlace.get(place(call))])
      if (ended !== undefined) {
        byEvent.delete(ended.event);
        byPlace.delete(place(ended));
      }
    times.push(byEvent.size > 0 ? undefined : until);
    const end = call.exit ?? call.over;
    if (end === undefined) {
      byEvent.set(call.event, call);
      byPlace.set(place(call), call);
    } else if (end.time > until) until = end.time;
  }
  return times;
}

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

/** The first call that was entered after a time; the first of all if the time is not known. */
function firstAfter(calls: readonly RecordedCall[], time: bigint | undefined): number {
  if (time === undefined) return 0;
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (calls[middle]!.entry.time > time) high = middle;
    else low = middle + 1;
  }
  return low;
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
