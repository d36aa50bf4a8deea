import type { CallbackName } from '../line.ts';
import type { RecordedCall } from './calls.ts';
import type { Hit } from './hits.ts';

/** What a driver calls itself inside a callback of the core. */
export const CALLS_ITSELF: { readonly [C in CallbackName]?: readonly CallbackName[] } = {
  event_init: ['event_destroy'],
  add: ['start', 'stop', 'read'],
  del: ['stop', 'read'],
  start: ['read'],
  stop: ['read'],
};

/** The other callbacks run with interrupts off, from their entry to their return. */
export const sleeps = ({ callback }: Pick<RecordedCall, 'callback'>): boolean =>
  callback === 'event_init' || callback === 'event_destroy';

/** Whether the driver can have made a call inside another one. */
export const canBeInside = (call: RecordedCall, outer: RecordedCall): boolean =>
  call.event === outer.event && (CALLS_ITSELF[outer.callback]?.includes(call.callback) ?? false);

interface Open<C extends RecordedCall> {
  readonly call: C;
  /** Whether the driver made it itself. */
  readonly isInside: boolean;
  /** How many calls were made inside it. */
  around: number;
}

/** How many of its last calls a thread keeps. */
const KEPT = 32;

/** The calls that run on one thread, or with interrupts off on one CPU, each inside the one before it. */
export class Thread<C extends RecordedCall> {
  readonly #open: Open<C>[] = [];
  /** The last calls of the core on it. */
  readonly #last: C[] = [];

  /** `isLost`: whether events may be missing between two hits. */
  constructor(readonly isLost: (one: Hit, other: Hit) => boolean) {}

  /** The innermost call. */
  get top(): C | undefined {
    return this.#open.at(-1)?.call;
  }

  /** The call in which the driver makes another one itself. Where events were lost since its entry, it may have returned. */
  callerOf(call: C): C | undefined {
    const { top } = this;
    return top !== undefined && canBeInside(call, top) && !this.isLost(top.entry, call.entry) ? top : undefined;
  }

  enter(call: C, isInside: boolean): void {
    const outer = this.#open.at(-1);
    if (outer !== undefined && isInside) outer.around++;
    this.#open.push({ call, isInside, around: 0 });
    if (isInside) return;
    this.#last.push(call);
    if (this.#last.length > KEPT) this.#last.shift();
  }

  /** The core's call that runs. */
  get outermost(): C | undefined {
    return this.#open.findLast(({ isInside }) => !isInside)?.call;
  }

  runs(callback: CallbackName, event: string | undefined): boolean {
    return this.#open.some(({ call }) => isOf(call, callback, event));
  }

  isTop(callback: CallbackName, event: string | undefined): boolean {
    const { top } = this;
    return top !== undefined && isOf(top, callback, event);
  }

  /** Whether a call of an event runs on it. */
  holds(event: string): boolean {
    return this.#open.some(({ call }) => call.event === event);
  }

  /** Whether the innermost call makes such a call itself. */
  callsItself(callback: CallbackName, event: string | undefined): boolean {
    const { top } = this;
    return (
      top !== undefined && isOf(top, top.callback, event) && (CALLS_ITSELF[top.callback]?.includes(callback) ?? false)
    );
  }

  leave(): C {
    return this.#open.pop()!.call;
  }

  end(): Open<C> {
    return this.#open.pop()!;
  }

  /** The last hit here that cannot have been inside a call whose entry is missing. */
  before(callback: CallbackName, event: string | undefined): Hit | undefined {
    const outside = this.#last.findLast(
      (call) => !((event === undefined || call.event === event) && CALLS_ITSELF[callback]?.includes(call.callback)),
    );
    const oldest = this.#last.length === KEPT ? this.#last[0] : undefined;
    const call = outside ?? oldest;
    return call?.exit ?? call?.entry;
  }
}

const isOf = (call: RecordedCall, callback: CallbackName, event: string | undefined): boolean =>
  call.callback === callback && (event === undefined || call.event === event);
