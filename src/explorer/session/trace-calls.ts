import type { Fact } from '../../facts/index.ts';
import { callbackText, factInC } from '../../findings/rows.ts';
import type { Origin, Origins } from '../../store/origin.ts';

/** One callback of a kernel's trace, as far as its facts follow each other. */
export interface TraceCall {
  /** How many facts there are before it, and after it. */
  readonly from: number;
  readonly to: number;
  readonly origin: Origin;
  /** `add`. */
  readonly callback: string;
  /** The hart on which it runs; -1 for a task. */
  readonly hart: number;
  /** The properties that it violates. */
  readonly violates: readonly string[];
}

/** Where a property is violated: after so many facts. */
export interface ViolatedAt {
  readonly property: string;
  readonly at: number;
}

/** The callbacks of a log, in its order. */
export function traceCalls(facts: readonly Fact[], origins: Origins, violated: readonly ViolatedAt[]): TraceCall[] {
  const inOrder = violated.toSorted((one, other) => one.at - other.at);
  let next = 0;
  return Array.from(origins.runs(), ([from, origin, to = facts.length]) => {
    const violates: string[] = [];
    for (; next < inOrder.length && inOrder[next]!.at <= to; next++) violates.push(inOrder[next]!.property);
    const call = facts.slice(from, to).find(({ type }) => type.endsWith('.call')) ?? facts[from]!;
    const hart = 'hart' in call ? call.hart : -1;
    return { from, to, origin, callback: call.type.split('.')[0]!, hart, violates: [...new Set(violates)] };
  });
}

/** What callbacks are looked for; what is empty is not asked. */
export interface CallFilter {
  readonly event: string;
  readonly hart: string;
  readonly callback: string;
  readonly property: string;
}

export const NO_FILTER: CallFilter = { event: '', hart: '', callback: '', property: '' };

/** Any property at all. */
export const ANY = 'any';

/** The callbacks that pass a filter. */
export const callsLike = (calls: readonly TraceCall[], { event, hart, callback, property }: CallFilter): TraceCall[] =>
  calls.filter(
    (call) =>
      (event === '' || call.origin.id === event || call.origin.id.endsWith(event.replace(/^0x/, ''))) &&
      (hart === '' || `${call.hart}` === hart) &&
      (callback === '' || call.callback === callback) &&
      (property === '' || (property === ANY ? call.violates.length > 0 : call.violates.includes(property))),
  );

/** The first of these calls behind a position, or with -1 the last before it; undefined if there is none. */
export const nextCall = (calls: readonly TraceCall[], at: number, step: 1 | -1): TraceCall | undefined =>
  step > 0 ? calls.find(({ to }) => to > at) : calls.findLast(({ to }) => to < at);

/** What a callback does, in a row. */
export function callText(facts: readonly Fact[], { from, to }: TraceCall): string {
  const first = facts.slice(from, to).findIndex(({ type }) => type.endsWith('.call'));
  const own = facts.slice(from + Math.max(0, first), to).filter(({ type }) => type !== 'event.free');
  return first < 0 || !own.at(-1)!.type.endsWith('.return') ? factInC(own[0]!) : callbackText(own);
}
