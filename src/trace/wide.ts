import { compiledMachine, type Local, type Locals } from '../engine/compose/index.ts';
import { mustHaveReturned } from './call.ts';
import type { Groups } from './groups.ts';
import type { CallbackLine, CallbackName, TraceLine } from './line.ts';
import type { CallKind, Entered, Order, Pending, Shared } from './order.ts';
import { unseen } from './smallest.ts';
import type { Steps } from './steps.ts';

/** A line of a trace, and what all machines are there in an order that explains the trace up to it. */
export interface Base {
  readonly line: TraceLine;
  readonly state: Locals;
  readonly groups: Groups;
  /** By event: its last call, and what its machines were before it. */
  readonly begun: ReadonlyMap<number, Begun>;
}

/** What the machines of an event were before the call of a line. */
export interface Begun {
  readonly line: number;
  readonly own: readonly Local[];
}

/** So many calls may be in flight where it is asked what all can have done. */
const MOST_CALLS = 24;

/** The counts at which a driver may do something else than at all others, and those next to them. */
const NEAR_ZERO = [-1, 0, 1, 2];

/** In so many lines after the base it is looked for what the count can have been there. */
const LOOKED_AT = 32;

/** So often a call may change the count. */
const MOST_MOVES = 8;

/** How often a call has counted up and down. */
interface Moves {
  readonly up: number;
  readonly down: number;
}

const NO_MOVES: Moves = { up: 0, down: 0 };

const most = (one: Moves, other: Moves): Moves => ({
  up: Math.max(one.up, other.up),
  down: Math.max(one.down, other.down),
});

/** What a call can have come to by itself, and how often it has changed the count by then. */
type Reached = Map<Pending, Moves>;

/** Not all that can be is known. */
class Unknown extends Error {}

/**
 * All orders that can have come to a line, and more, whatever happened before it: of the calls in flight it is not known how far
 * they have come, nor what they share. Where none of these explains what follows, there is no order at all. `trace` is all
 * that was read, `open` the calls in flight at the base. Returns undefined where it is not known that these are all.
 */
export function wideOrders(
  steps: Steps,
  base: Base,
  open: readonly Entered[],
  before: readonly TraceLine[],
  since: readonly TraceLine[],
): readonly Order[] | undefined {
  if (open.length > MOST_CALLS || base.groups.size > 0 || open.some(({ kind }) => kind.looksAround)) return undefined;
  try {
    return new Wide(steps, base, open).orders(before, since);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

class Wide {
  readonly #order: Order;
  /** What the reservation can be. */
  readonly #reservations = new Set<Local>();
  /** By callback: how often it changes the count at most. */
  readonly #moves = new Map<CallbackName, Moves>();

  constructor(
    readonly steps: Steps,
    readonly base: Base,
    readonly open: readonly Entered[],
  ) {
    this.#order = steps.orderOf(base.state, base.groups);
    const [, reservation] = steps.initial().shared.locals;
    this.#reservations.add(reservation!);
  }

  orders(before: readonly TraceLine[], since: readonly TraceLine[]): readonly Order[] {
    this.#reserve(before);
    const counts = this.#counts(since);
    const shares = this.#shares(counts);
    // A call can have come to where it is while the count was another one.
    const seen = this.open.flatMap(({ line: { before, after } }) => [before.active ?? 0, after.active ?? 0]);
    const anyShares = this.#shares([...new Set([...counts, ...NEAR_ZERO, ...seen])]);
    const pending = this.open.map((call) => this.#anywhere(call, anyShares));
    return shares.map((shared) => ({ ...this.#order, shared, calls: this.open, pending }));
  }

  /**
   * Finds what calls like those of the trace can make of the reservation, whatever the count. Nobody holds the mutex: a call of which
   * it is not known how far it has come may also do what it does under it, and give it back.
   */
  #reserve(before: readonly TraceLine[]): void {
    const { indexTrace } = this.steps.kernel;
    const opens = new Map<string, CallbackLine>();
    for (const line of before)
      if (line.cb === 'event_init') opens.set(`${indexTrace.kinds.get(line.id)} ${line.ret}`, line);
    const fresh = this.steps.stateOf(this.steps.initial());
    const calls = [...opens.values()].map((line) => likeOf(line, indexTrace.events.get(line.id)!));
    for (let known = 0; known < this.#reservations.size; ) {
      known = this.#reservations.size;
      const shares = this.#shares(NEAR_ZERO);
      for (const [open, close] of calls) {
        const opened = this.#done(this.#reach(open, this.steps.begun(open.kind, fresh), shares));
        if (opened === undefined || open.line.ret !== 0) continue;
        const state = this.steps.withOwn(fresh, close.kind.event, opened.own.locals);
        this.#done(this.#reach(close, this.steps.begun(close.kind, state), shares));
      }
    }
  }

  /** The counts from which each of the calls after the base can still have seen the one that it saw. */
  #counts(since: readonly TraceLine[]): number[] {
    const { events } = this.steps.kernel.indexTrace;
    let [least, most] = [-Infinity, Infinity];
    for (const [index, line] of since.slice(0, LOOKED_AT).entries()) {
      if (line.cb === 'mark' || line.before.active === undefined) continue;
      const isDue = (next: TraceLine) =>
        (next.cb !== 'mark' && events.get(next.id) === events.get(line.id)) || mustHaveReturned(line, next);
      const due = since.findIndex((next, other) => other > index && isDue(next));
      const until = since.slice(0, due < 0 ? since.length : due);
      let [up, down] = [0, 0];
      for (const { cb } of [...this.open.map(({ line }) => line), ...until]) {
        const moves = cb === 'mark' ? undefined : this.#moves.get(cb);
        up += moves?.up ?? 0;
        down += moves?.down ?? 0;
      }
      least = Math.max(least, line.before.active - up);
      most = Math.min(most, line.before.active + down);
    }
    if (most === Infinity) throw new Unknown();
    return Array.from({ length: Math.max(0, most - least + 1) }, (_, index) => least + index);
  }

  #shares(counts: readonly number[]): Shared[] {
    const [machine] = this.steps.kernel.system.ofRole('activeEvents');
    const { machine: chart, input } = this.steps.kernel.system.parts[machine!]!;
    return counts.flatMap((value) => {
      const count = compiledMachine(chart).step(input, this.#order.shared.locals[0]!, {
        type: 'active_events.inc',
        value,
      } as never)!;
      return [...this.#reservations].map((reservation) => this.steps.shared([count, reservation]));
    });
  }

  /** A call of which it is not known how far it has come. */
  #anywhere(call: Entered, shares: readonly Shared[]): Pending {
    const { line, kind } = call;
    const begun = this.base.begun.get(kind.event);
    const state =
      begun?.line === line.line ? this.steps.withOwn(this.base.state, kind.event, begun.own) : this.base.state;
    this.steps.kernel.stands(kind.event, line.id);
    const reached = this.#reach(call, this.steps.begun(kind, state), shares);
    const done = this.#done(reached);
    if (done === undefined) throw new Unknown();
    // That it takes the mutex, or gives it back, makes nothing possible that is not possible without.
    const mayTell = (pending: Pending) =>
      shares.some((shared) => {
        const step = this.#next(call, pending, shared);
        return step?.kind === 'may' && (step.shared.active !== shared.active || heldBy(step.shared) !== heldBy(shared));
      });
    return this.steps.anywhere(
      done,
      [...reached.keys()].filter((pending) => !pending.isDone && mayTell(pending)),
    );
  }

  /** The one that has returned; undefined if none can. */
  #done(reached: Reached): Pending | undefined {
    const done = [...reached.keys()].filter(({ isDone }) => isDone);
    if (done.some(({ own }) => own !== done[0]!.own)) throw new Unknown();
    return done[0];
  }

  /** How far a call can come, whatever others do meanwhile. */
  #reach(call: Entered, root: Pending, shares: readonly Shared[]): Reached {
    const reached: Reached = new Map([[root, NO_MOVES]]);
    const ahead = [root];
    for (let pending = ahead.pop(); pending !== undefined; pending = ahead.pop()) {
      const moves = reached.get(pending)!;
      if (pending.isDone) continue;
      for (const shared of shares) {
        const step = this.#next(call, pending, shared);
        if (step === null) continue;
        if (step.around !== undefined || step.others !== undefined) throw new Unknown();
        const change = step.shared.active - shared.active;
        const after = most(reached.get(step.pending) ?? NO_MOVES, {
          up: moves.up + (change > 0 ? 1 : 0),
          down: moves.down + (change < 0 ? 1 : 0),
        });
        if (Math.abs(change) > 1 || after.up + after.down > MOST_MOVES) throw new Unknown();
        const reservation = step.shared.locals[1]!;
        if (reservation.context.owner === null) this.#reservations.add(reservation);
        const known = reached.get(step.pending);
        if (known?.up === after.up && known.down === after.down) continue;
        this.#moves.set(call.line.cb, most(this.#moves.get(call.line.cb) ?? NO_MOVES, after));
        reached.set(step.pending, after);
        ahead.push(step.pending);
      }
    }
    return reached;
  }

  #next(call: Entered, pending: Pending, shared: Shared) {
    return this.steps.next({ ...this.#order, shared, calls: [call], pending: [pending] }, 0);
  }
}

/** Who holds what a driver reserves. */
const heldBy = ({ locals }: Shared): unknown => locals[1]!.context.perfIrq;

/** An open like that of a line, and the close after it, of which no more is known than what the open returned. */
function likeOf(line: CallbackLine, event: number): [Entered, Entered] {
  const call = (cb: CallbackLine['cb'], ret: number | undefined): Entered => {
    const like = { ...(unseen(line) as CallbackLine), cb, line: 0, ...(ret !== undefined && { ret }) };
    const kind: CallKind = { line: like, event, looksAround: false, roots: [], states: new Map() };
    return { line: like, kind, due: Infinity };
  };
  return [call('event_init', line.ret), call('event_destroy', undefined)];
}
