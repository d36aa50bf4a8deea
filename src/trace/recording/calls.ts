import { BrokenLine } from '../broken-line.ts';
import { CALLBACKS, type CallbackName } from '../line.ts';
import { lostAdds } from './adds.ts';
import { type Gap, gapsOf, inOrder, lossesBetween } from './gaps.ts';
import { probeName } from './probes.ts';
import { type Hit, type Recording, threadOf } from './read.ts';
import { canBeInside, sleeps, Thread } from './threads.ts';

/** One callback that the core made: its two hits, as far as they were recorded. */
export interface RecordedCall {
  readonly callback: CallbackName;
  readonly entry: Hit;
  /** Where the entry and the return stand in the order of time. */
  readonly at: number;
  exit?: Hit;
  exitAt?: number;
  /** Where its return is missing: the first hit that shows that it had returned, and where that stands. */
  over?: Hit;
  overAt?: number;
  /** The address of the event. */
  readonly event: string;
  /** How many warnings were printed inside it. */
  warned: number;
}

/** What the hits of a recording come to. */
export interface RecordedCalls {
  /** The core's calls, in the order of their entries. */
  readonly calls: readonly RecordedCall[];
  /** The hits, in the order of time. */
  readonly ordered: readonly Hit[];
  /** How many calls the driver made itself, inside one of the core's. */
  readonly inside: number;
  /** How many events stood in the file after a later one. */
  readonly moved: number;
  /** How many returns and entries are missing of calls that are judged all the same. */
  readonly missed: number;
  /** Where calls are missing: as the recorder says, and as returns without an entry show. */
  readonly gaps: readonly Gap[];
}

/**
 * Puts the hits in the order of time (those of one time in the order of the file), and each return to its entry: of the same
 * CPU, or of the same thread where a callback can sleep and move to another CPU. A call without a return ends with the one around it, or where
 * something happens that cannot happen inside it; where it cannot be told what was inside it, calls are taken to be missing.
 */
export function callsOf(recording: Recording): RecordedCalls {
  return new Pairing(recording).calls();
}

class Pairing {
  readonly #ordered: readonly Hit[];
  readonly #losses: Gap[];
  readonly #isLost: (one: Hit, other: Hit) => boolean;
  readonly #threads = new Map<string, Thread>();
  /** By address: the thread in which the core's last call of that event runs. */
  readonly #running = new Map<string, Thread>();
  /** By CPU: the last hit of an open or a close. */
  readonly #awake = new Map<number, Hit>();
  readonly #calls: RecordedCall[] = [];
  readonly #missing: Gap[] = [];
  #inside = 0;
  #missed = 0;

  constructor(readonly recording: Recording) {
    this.#losses = gapsOf(recording);
    this.#isLost = lossesBetween(this.#losses);
    this.#ordered = recording.hits.toSorted((one, other) =>
      one.time < other.time ? -1 : one.time > other.time ? 1 : 0,
    );
  }

  calls(): RecordedCalls {
    for (const [at, hit] of this.#ordered.entries()) {
      const onCpu = this.#thread(`cpu ${hit.cpu}`);
      const onTask = this.#thread(`task ${threadOf(hit)}`);
      if (hit.probe === 'warn') {
        const around = onCpu.outermost ?? onTask.outermost;
        if (around !== undefined) around.warned++;
        continue;
      }
      const { callback, side } = hit.probe;
      const isAwake = sleeps(hit.probe);
      // With interrupts off nothing else happens on a CPU.
      while (onCpu.top !== undefined && (isAwake || onCpu.top.entry.task !== hit.task)) this.#end(onCpu, hit, at);
      const thread = isAwake ? onTask : onCpu;
      if (side === 'call') this.#enter(thread, hit, callback, at);
      else this.#leave(thread, hit, callback, at);
      if (isAwake) this.#awake.set(hit.cpu, hit);
    }
    return {
      calls: this.#calls,
      ordered: this.#ordered,
      inside: this.#inside,
      moved: movedIn(this.recording.hits),
      missed: this.#missed,
      gaps: inOrder([...this.#losses, ...this.#missing, ...lostAdds(this.#calls, this.recording.format)]),
    };
  }

  #thread(key: string): Thread {
    let thread = this.#threads.get(key);
    if (thread === undefined) {
      thread = new Thread(this.#isLost);
      this.#threads.set(key, thread);
    }
    return thread;
  }

  #enter(thread: Thread, hit: Hit, callback: CallbackName, at: number): void {
    const call: RecordedCall = { callback, entry: hit, at, event: hit.values.address('event'), warned: 0 };
    for (let top = thread.top; top !== undefined && !canBeInside(call, top); top = thread.top)
      this.#end(thread, hit, at);
    if (thread.callerOf(call) !== undefined) {
      thread.enter(call, true);
      this.#inside++;
      return;
    }
    // Two callbacks of one event do not run at once.
    const other = this.#running.get(call.event);
    while (other?.holds(call.event)) this.#end(other, hit, at);
    thread.enter(call, false);
    this.#running.set(call.event, thread);
    this.#calls.push(call);
  }

  #leave(thread: Thread, hit: Hit, callback: CallbackName, at: number): void {
    const event = hit.values.addressIf('event');
    if (!thread.runs(callback, event)) {
      if (thread.callsItself(callback, event)) this.#missed++;
      else this.#missing.push(this.#entryMissing(thread, hit, callback, event));
      return;
    }
    while (!thread.isTop(callback, event)) this.#end(thread, hit, at);
    Object.assign(thread.leave(), { exit: hit, exitAt: at });
  }

  /** The innermost call of a thread has returned, and its return is missing. */
  #end(thread: Thread, hit: Hit, at: number): void {
    const { call, isInside, around } = thread.end();
    if (isInside) {
      this.#missed++;
      return;
    }
    Object.assign(call, { over: hit, overAt: at });
    if (this.#isLost(call.entry, hit)) return;
    if (around === 0) this.#missed++;
    else
      this.#missing.push({
        what: `${probeName(call.entry.probe)} of line ${call.entry.line} has no return, and what ran inside it cannot be told from what came after it`,
        from: call.entry.time,
        to: hit.time,
      });
  }

  #entryMissing(thread: Thread, hit: Hit, callback: CallbackName, event: string | undefined): Gap {
    const before = thread.before(callback, event);
    const other = sleeps({ callback }) ? undefined : this.#awake.get(hit.cpu);
    const from = [before?.time, other?.time].reduce((one, two) =>
      one === undefined || (two !== undefined && two > one) ? two : one,
    );
    return {
      what: `${probeName(hit.probe)} of line ${hit.line} has no entry before it`,
      ...(from !== undefined && { from }),
      to: hit.time + 1n,
    };
  }
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
 * there. The first return can be of a call that was entered before, and the last call of a thread can be on its way. What calls
 * nothing itself is known to be over without a return.
 */
export function checkProbes({ hits, losses, beginningLost }: Recording): void {
  // Where events were lost, anything may be missing.
  if (losses.length > 0 || beginningLost) return;
  for (const callback of CALLBACKS) {
    const [calls, returns] = (['call', 'return'] as const).map((side) =>
      hits.filter(({ probe }) => probe !== 'warn' && probe.callback === callback && probe.side === side),
    ) as [Hit[], Hit[]];
    const missing = (side: 'call' | 'return') =>
      `there is no ${probeName({ callback, side })} in the file: a probe is missing`;
    const threads = new Set<string>();
    const again = calls.find((hit) => threads.size === threads.add(threadOf(hit)).size);
    const mustReturn = callback === 'event_init' || callback === 'add' || callback === 'del';
    if (mustReturn && returns.length === 0 && again !== undefined)
      throw new BrokenLine(again.line, `${probeName(again.probe)} comes again on its thread, and ${missing('return')}`);
    if (calls.length === 0 && returns.length > 1)
      throw new BrokenLine(returns[1]!.line, `${probeName(returns[1]!.probe)} is there, and ${missing('call')}`);
  }
}
