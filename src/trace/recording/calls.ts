import { BrokenLine, CALLBACKS, type CallbackName } from '../line.ts';
import { gapsOf, liesBetween } from './gaps.ts';
import { probeName } from './probes.ts';
import type { Hit, Recording } from './read.ts';

/** One callback that the core made: its two hits, as far as they were recorded. */
export interface RecordedCall {
  readonly callback: CallbackName;
  readonly entry: Hit;
  /** Where the entry and the return stand in the order of time. */
  readonly at: number;
  exit?: Hit;
  exitAt?: number;
  /** The address of the event. */
  readonly event: string;
  /** How many warnings were printed inside it. */
  warned: number;
}

/** What the hits of a recording come to. */
export interface RecordedCalls {
  /** The core's calls, in the order of their entries. */
  readonly calls: readonly RecordedCall[];
  /** How many calls the driver made itself, inside one of the core's. */
  readonly inside: number;
  /** How many events stood in the file after a later one. */
  readonly moved: number;
  /** The returns of calls that were entered before the recording began, or where events were lost. */
  readonly entriesMissing: readonly Hit[];
}

/** What a driver calls itself inside a callback of the core. */
const CALLS_ITSELF: { readonly [C in CallbackName]?: readonly CallbackName[] } = {
  event_init: ['event_destroy'],
  add: ['start', 'stop', 'read'],
  del: ['stop', 'read'],
  start: ['read'],
  stop: ['read'],
};

interface Open {
  readonly call: RecordedCall;
  /** The core's call around it, if the driver made it itself. */
  readonly inside?: RecordedCall;
}

/**
 * Puts the hits in the order of time (those of one time in the order of the file), and each return to its entry: of the same
 * thread, for a callback can move to another CPU while it sleeps. Whether a return that has no entry can be explained is for the
 * caller to say.
 */
export function callsOf(recording: Recording): RecordedCalls {
  const { hits } = recording;
  const gaps = gapsOf(recording);
  const ordered = hits.toSorted((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
  const open = new Map<string, Open[]>();
  const calls: RecordedCall[] = [];
  const entriesMissing: Hit[] = [];
  let inside = 0;
  for (const [at, hit] of ordered.entries()) {
    const thread = threadOf(hit);
    const running = open.get(thread) ?? [];
    open.set(thread, running);
    if (hit.probe === 'warn') {
      const around = running.at(-1);
      if (around !== undefined) (around.inside ?? around.call).warned++;
    } else if (hit.probe.side === 'call') {
      const call: RecordedCall = {
        callback: hit.probe.callback,
        entry: hit,
        at,
        event: hit.values.address('event'),
        warned: 0,
      };
      // Where events were lost since its entry, a caller may have returned.
      const caller = running.findLast(
        (other) => other.call.event === call.event && !gaps.some((gap) => liesBetween(gap, other.call.entry, hit)),
      );
      if (caller !== undefined && CALLS_ITSELF[caller.call.callback]?.includes(call.callback)) {
        running.push({ call, inside: caller.inside ?? caller.call });
        inside++;
      } else {
        running.push({ call });
        calls.push(call);
      }
    } else {
      const { callback } = hit.probe;
      const event = hit.values.addressIf('event');
      const index = running.findLastIndex(
        ({ call }) => call.callback === callback && (event === undefined || call.event === event),
      );
      const [left] = index < 0 ? [] : running.splice(index, 1);
      if (left === undefined) entriesMissing.push(hit);
      else Object.assign(left.call, { exit: hit, exitAt: at });
    }
  }
  return { calls, inside, moved: movedIn(hits), entriesMissing };
}

function movedIn(hits: readonly Hit[]): number {
  let latest = 0n;
  let moved = 0;
  for (const { time } of hits)
    if (time < latest) moved++;
    else latest = time;
  return moved;
}

/**
 * Throws {@link BrokenLine} if one end of a callback never shows in a whole recording, although it must have: its probe was not
 * there. The first return can be of a call that was entered before, and the last call of a thread can be on its way.
 */
export function checkProbes({ hits, losses }: Recording): void {
  // Where events were lost, anything may be missing.
  if (losses.length > 0) return;
  for (const callback of CALLBACKS) {
    const [calls, returns] = (['call', 'return'] as const).map((side) =>
      hits.filter(({ probe }) => probe !== 'warn' && probe.callback === callback && probe.side === side),
    ) as [Hit[], Hit[]];
    const missing = (side: 'call' | 'return') =>
      `there is no ${probeName({ callback, side })} in the file: a probe is missing`;
    const threads = new Set<string>();
    const again = calls.find((hit) => threads.size === threads.add(threadOf(hit)).size);
    if (returns.length === 0 && again !== undefined)
      throw new BrokenLine(again.line, `${probeName(again.probe)} comes again on its thread, and ${missing('return')}`);
    if (calls.length === 0 && returns.length > 1)
      throw new BrokenLine(returns[1]!.line, `${probeName(returns[1]!.probe)} is there, and ${missing('call')}`);
  }
}

/** The idle tasks of all CPUs have one number. */
const threadOf = ({ task, cpu }: Hit): string => (task === 0 ? `idle ${cpu}` : String(task));
