import { BrokenLine } from '../broken-line.ts';
import { CALLBACKS, type CallbackName } from '../line.ts';
import { lostAdds } from './adds.ts';
import { type Gap, gapsOf, inOrder, lossesBetween } from './gaps.ts';
import { type Hit, Ordered } from './hits.ts';
import { probeName } from './probes.ts';
import { type Recording, threadOf } from './read.ts';
import { canBeInside, sleeps, Thread } from './threads.ts';

/** One callback that the core made: its two hits, as far as they were recorded. */
export interface RecordedCall {
  readonly callback: CallbackName;
  readonly entry: Hit;
  /** Where the entry and the return stand in the order of time. */
  readonly at: number;
  readonly exit?: Hit | undefined;
  readonly exitAt?: number | undefined;
  /** Where its return is missing: the first hit that shows that it had returned, and where that stands. */
  readonly over?: Hit | undefined;
  readonly overAt?: number | undefined;
  /** The address of the event. */
  readonly event: string;
  /** How many warnings were printed inside it. */
  readonly warned: number;
}

/** A call whose hits are made when they are asked for: there may be millions. */
class CallAt implements RecordedCall {
  warned = 0;
  exitAt: number | undefined;
  overAt: number | undefined;

  constructor(
    readonly callback: CallbackName,
    readonly ordered: Ordered,
    readonly at: number,
    readonly event: string,
  ) {}

  get entry(): Hit {
    return this.ordered.at(this.at);
  }

  get exit(): Hit | undefined {
    return this.exitAt === undefined ? undefined : this.ordered.at(this.exitAt);
  }

  get over(): Hit | undefined {
    return this.overAt === undefined ? undefined : this.ordered.at(this.overAt);
  }
}

/** What the hits of a recording come to. */
export interface RecordedCalls {
  /** The core's calls, in the order of their entries. */
  readonly calls: readonly RecordedCall[];
  /** The hits, in the order of time. */
  readonly ordered: Ordered;
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
  readonly #ordered: Ordered;
  readonly #losses: Gap[];
  readonly #isLost: (one: Hit, other: Hit) => boolean;
  readonly #threads = new Map<string, Thread<CallAt>>();
  readonly #addresses = new Map<string, string>();
  /** By address: the thread in which the core's last call of that event runs. */
  readonly #running = new Map<string, Thread<CallAt>>();
  /** By CPU: the last hit of an open or a close. */
  readonly #awake = new Map<number, Hit>();
  readonly #calls: CallAt[] = [];
  readonly #missing: Gap[] = [];
  #inside = 0;
  #missed = 0;

  constructor(readonly recording: Recording) {
    this.#losses = gapsOf(recording);
    this.#isLost = lossesBetween(this.#losses);
    this.#ordered = new Ordered(recording.hits);
  }

  calls(): RecordedCalls {
    for (let at = 0; at < this.#ordered.length; at++) {
      const hit = this.#ordered.at(at);
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
      while (onCpu.top !== undefined && (isAwake || onCpu.top.entry.task !== hit.task)) this.#end(onCpu, at);
      const thread = isAwake ? onTask : onCpu;
      if (side === 'call') this.#enter(thread, hit, callback, at);
      else this.#leave(thread, hit, callback, at);
      if (isAwake) this.#awake.set(hit.cpu, hit);
    }
    return {
      calls: this.#calls,
      ordered: this.#ordered,
      inside: this.#inside,
      moved: this.#ordered.moved,
      missed: this.#missed,
      gaps: inOrder([...this.#losses, ...this.#missing, ...lostAdds(this.#calls, this.recording.format)]),
    };
  }

  #thread(key: string): Thread<CallAt> {
    let thread = this.#threads.get(key);
    if (thread === undefined) {
      thread = new Thread(this.#isLost);
      this.#threads.set(key, thread);
    }
    return thread;
  }

  #enter(thread: Thread<CallAt>, hit: Hit, callback: CallbackName, at: number): void {
    const call = new CallAt(callback, this.#ordered, at, this.#addressOf(hit));
    for (let top = thread.top; top !== undefined && !canBeInside(call, top); top = thread.top) this.#end(thread, at);
    if (thread.callerOf(call) !== undefined) {
      thread.enter(call, true);
      this.#inside++;
      return;
    }
    // Two callbacks of one event do not run at once.
    const other = this.#running.get(call.event);
    while (other?.holds(call.event)) this.#end(other, at);
    thread.enter(call, false);
    this.#running.set(call.event, thread);
    this.#calls.push(call);
  }

  #leave(thread: Thread<CallAt>, hit: Hit, callback: CallbackName, at: number): void {
    const event = hit.values.addressIf('event');
    if (!thread.runs(callback, event)) {
      if (thread.callsItself(callback, event)) this.#missed++;
      else this.#missing.push(this.#entryMissing(thread, hit, callback, event));
      return;
    }
    while (!thread.isTop(callback, event)) this.#end(thread, at);
    thread.leave().exitAt = at;
  }

  /** The innermost call of a thread has returned, and its return is missing. */
  #end(thread: Thread<CallAt>, at: number): void {
    const { call, isInside, around } = thread.end();
    if (isInside) {
      this.#missed++;
      return;
    }
    call.overAt = at;
    const hit = this.#ordered.at(at);
    if (this.#isLost(call.entry, hit)) return;
    if (around === 0) this.#missed++;
    else
      this.#missing.push({
        what: `${probeName(call.entry.probe)} of line ${call.entry.line} has no return, and what ran inside it cannot be told from what came after it`,
        from: call.entry.time,
        to: hit.time,
      });
  }

  /** The address of the event of an entry: one string for each, however often it is met. */
  #addressOf({ values }: Hit): string {
    const address = values.address('event');
    const known = this.#addresses.get(address) ?? address;
    if (known === address) this.#addresses.set(address, address);
    return known;
  }

  #entryMissing(thread: Thread<CallAt>, hit: Hit, callback: CallbackName, event: string | undefined): Gap {
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

/**
 * Throws {@link BrokenLine} if one end of a callback never shows in a whole recording, although it must have: its probe was not
 * there. The first return can be of a call that was entered before, and the last call of a thread can be on its way. What calls
 * nothing itself is known to be over without a return.
 */
export function checkProbes({ hits, losses, beginningLost }: Recording): void {
  // Where events were lost, anything may be missing.
  if (losses.length > 0 || beginningLost) return;
  const ends = new Map(CALLBACKS.map((callback) => [callback, new Ends()]));
  for (const hit of hits) if (hit.probe !== 'warn') ends.get(hit.probe.callback)!.see(hit, hit.probe.side);
  for (const [callback, { again, isEntered, returns, secondReturn }] of ends) {
    const missing = (side: 'call' | 'return') =>
      `there is no ${probeName({ callback, side })} in the file: a probe is missing`;
    const mustReturn = callback === 'event_init' || callback === 'add' || callback === 'del';
    if (mustReturn && returns === 0 && again !== undefined)
      throw new BrokenLine(again.line, `${probeName(again.probe)} comes again on its thread, and ${missing('return')}`);
    if (!isEntered && secondReturn !== undefined)
      throw new BrokenLine(secondReturn.line, `${probeName(secondReturn.probe)} is there, and ${missing('call')}`);
  }
}

/** Which ends of one callback a recording shows. */
class Ends {
  isEntered = false;
  /** The first entry on a thread that had entered before. */
  again?: Hit;
  returns = 0;
  secondReturn?: Hit;
  readonly #threads = new Set<string>();

  see(hit: Hit, side: 'call' | 'return'): void {
    if (side === 'return') {
      if (++this.returns === 2) this.secondReturn = hit;
      return;
    }
    this.isEntered = true;
    if (this.again !== undefined) return;
    const thread = threadOf(hit);
    if (this.#threads.has(thread)) this.again = hit;
    else this.#threads.add(thread);
  }
}
