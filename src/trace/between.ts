import type { Local } from '../engine/compose/index.ts';
import { Frontier, type Met } from './frontier.ts';
import type { MarkLine, TraceLine } from './line.ts';
import type { Entered, Order, Step } from './order.ts';
import { type Disagreement, lineText, machineName, refusal, type TraceRefusal } from './refusal.ts';
import type { Steps } from './steps.ts';

/** How much a search has done, and may do. */
export interface Effort {
  /** How many steps of overlapping calls were tried. */
  tried: number;
  /** After how many it pauses. */
  until: number;
  /** How many orders are looked at for one line. */
  readonly most: number;
}

/** An order that cannot go on, and why. */
export interface Stuck {
  readonly order: Order;
  /** The call that waits and must have returned; -1 where the line itself disagrees. */
  readonly by: number;
  readonly why?: Disagreement;
}

/** A step of a call (-1: none) of an order that was met, which is still to be looked at. */
interface Ahead {
  readonly from: Met;
  /** That order, with one place of a call of which it is not known how far it has come. */
  readonly order: Order;
  readonly by: number;
  /** Whether the order goes on already, and the step can be taken later. */
  readonly isCovered: boolean;
}

/** Orders that come one by one; undefined when there are no more. */
export interface Orders {
  next(): Order | undefined;
}

/** Orders that are known. */
export function known(orders: readonly Order[]): Orders {
  let given = 0;
  return { next: () => orders[given++] };
}

/**
 * What overlapping calls can have done from one line of a trace to the next: the orders in which all calls have returned that must have
 * when this line was written, and its own has been entered. They are sought one by one, as they are asked for.
 */
export class Between implements Orders {
  readonly #met = new Frontier();
  readonly #entered = new Frontier();
  /** By how many steps were taken, and have to be at least: those that come the shortest way are looked at first. */
  readonly #ahead = new Map<number, Ahead[]>();
  #lowest = Infinity;
  readonly #found: Met[] = [];
  #given = 0;
  /** The plainest order that cannot go on. */
  stuck: Stuck | undefined;

  /** `line` is undefined after the last one; `number` is its number, `call` what it enters. */
  constructor(
    readonly steps: Steps,
    public before: Orders,
    readonly line: TraceLine | undefined,
    readonly number: number,
    readonly call: Entered | undefined,
    readonly effort: Effort,
  ) {}

  /** How many orders were given. */
  get given(): number {
    return this.#given;
  }

  /** How many orders it keeps. */
  get size(): number {
    return this.#met.size + this.#entered.size;
  }

  /** Whether it has looked at as many orders as it may. */
  get isTooMany(): boolean {
    return this.#met.size > this.effort.most;
  }

  next(): Order | undefined {
    const order = this.first();
    if (order !== undefined) this.#given++;
    return order;
  }

  /** The next order, which is still to be given. */
  first(): Order | undefined {
    while (this.#given >= this.#found.length) if (!this.#look()) return undefined;
    return this.#found[this.#given]!.order;
  }

  /** All orders, without those that another one makes useless; undefined if they are not known after that many steps. */
  all(steps: number): readonly Order[] | undefined {
    this.effort.until = this.effort.tried + steps;
    while (this.#begin());
    while (this.#look());
    const isKnown = this.effort.tried <= this.effort.until && !this.isTooMany;
    this.effort.until = Infinity;
    return isKnown ? this.#found.filter(({ isLess }) => !isLess).map(({ order }) => order) : undefined;
  }

  /** Looks at one more order. Returns whether there was one. */
  #look(): boolean {
    if (this.effort.tried > this.effort.until) return false;
    const next = this.#pop();
    if (next === undefined) return this.#begin();
    const one = this.#reached(next);
    if (one === undefined || one.isLess) return true;
    const { order } = one;
    const isCovered = (one.isCovered || this.#goesOn(order)) && !this.#leavesAnywhere(order);
    // Of those that lead as far the last one is looked at first: a step of the call that was entered first.
    for (let index = order.pending.length - 1; index >= 0; index--) {
      const { anywhere } = order.pending[index]!;
      if (anywhere === undefined) this.#mayGo(one, order, index, isCovered);
      else
        for (const pending of anywhere)
          this.#mayGo(one, { ...order, pending: order.pending.with(index, pending) }, index, isCovered);
    }
    return true;
  }

  /** Whether a call is left behind at the line of which it is not known how far it has come: what it does cannot be done later. */
  #leavesAnywhere({ calls, pending }: Order): boolean {
    for (let index = 0; index < pending.length; index++)
      if (pending[index]!.anywhere !== undefined && calls[index]!.due <= this.number) return true;
    return false;
  }

  /** Meets one more of the orders before. Returns whether there was one. */
  #begin(): boolean {
    const source = this.isTooMany ? undefined : this.before.next();
    if (source === undefined) return false;
    const met = this.#met.meet(source, false);
    if (met !== undefined) this.#lookLater({ from: met, order: source, by: -1, isCovered: false }, this.#away(source));
    this.#goesOn(this.#inOrderOfEntry(source));
    return true;
  }

  /** The next step of a call is looked at later, if it may take one. */
  #mayGo(from: Met, order: Order, by: number, isCovered: boolean): void {
    const step = order.pending[by]!.isDone ? null : this.steps.next(order, by);
    if (step?.kind === 'may') this.#lookLater({ from, order, by, isCovered }, 1 + this.#away(order, by, step));
  }

  #lookLater(next: Ahead, away: number): void {
    const steps = next.order.taken + away;
    const like = this.#ahead.get(steps);
    if (like === undefined) this.#ahead.set(steps, [next]);
    else like.push(next);
    this.#lowest = Math.min(this.#lowest, steps);
  }

  /** Where a step leads to; undefined if that makes nothing possible that is not possible without. */
  #reached({ from, order, by, isCovered }: Ahead): Met | undefined {
    if (by < 0) return from;
    if (from.isLess) return undefined;
    this.effort.tried++;
    return this.#met.meet(this.steps.take(order, by), isCovered);
  }

  /** One of the steps to where the fewest were taken; undefined if all that are left come of an order that goes on already. */
  #pop(): Ahead | undefined {
    while (this.#ahead.size > 0) {
      const like = this.#ahead.get(this.#lowest);
      const one = like?.pop();
      if (one !== undefined) return one;
      this.#ahead.delete(this.#lowest++);
      const isOpen = ({ isCovered, from }: Ahead) => !isCovered && !from.isLess;
      if (![...this.#ahead.values()].some((some) => some.some(isOpen))) this.#ahead.clear();
    }
    this.#lowest = Infinity;
    return undefined;
  }

  /**
   * How many steps an order, or where it comes by a step of one of its calls, is at least away from where the calls go on that must
   * have returned: each counts by one at most.
   */
  #away({ shared, calls, pending }: Order, by = -1, step?: Step): number {
    const { active } = step?.shared ?? shared;
    let away = 0;
    for (let index = 0; index < calls.length; index++) {
      const { isDone, running } = index === by ? step!.pending : pending[index]!;
      const { due, line } = calls[index]!;
      if (isDone || due > this.number) continue;
      const needed = (running ? line.after : line.before).active;
      if (needed !== undefined) away = Math.max(away, Math.abs(needed - active));
    }
    return away;
  }

  /** Whether all calls of an order have returned that must have, and the next line agrees. */
  #goesOn(order: Order): boolean {
    let isReady = true;
    for (let index = 0; index < order.calls.length; index++) {
      if (order.calls[index]!.due > this.number || order.pending[index]!.isDone) continue;
      isReady = false;
      if (this.steps.next(order, index) !== null) continue;
      this.#isStuck({ order, by: index });
      break;
    }
    if (!isReady) return false;
    const why = this.line?.cb === 'mark' ? readCount(order.shared.locals[0]!, this.line) : undefined;
    const after = why ?? this.steps.enter(order, this.number, this.call);
    if ('machine' in after) {
      this.#isStuck({ order, by: -1, why: after });
      return false;
    }
    const found = this.#entered.meet(after, false);
    if (found !== undefined) this.#found.push(found);
    return true;
  }

  /** The order in which each call returns that can do all at once, those that were entered first before the others. */
  #inOrderOfEntry(order: Order): Order {
    let done = order;
    for (let index = 0; index < order.pending.length; index++) {
      let tried = done;
      while (!tried.pending[index]!.isDone && this.steps.next(tried, index)?.kind === 'may') {
        this.effort.tried++;
        tried = this.steps.take(tried, index);
      }
      if (tried.pending[index]!.isDone) done = tried;
    }
    return done;
  }

  #isStuck(stuck: Stuck): void {
    if (this.stuck === undefined || isPlainer(stuck, this.stuck)) this.stuck = stuck;
  }

  /** Why none goes on. */
  whyNot(): TraceRefusal {
    const { order, by, why } = this.stuck!;
    if (by < 0) return refusal(this.line!, why!);
    const beside = order.calls.filter((_, index) => index !== by && !order.pending[index]!.isDone);
    return {
      ...refusal(order.calls[by]!.line, this.steps.why(order, by)!),
      ...(beside.length > 0 && { beside: beside.map(({ line }) => lineText(line)) }),
    };
  }
}

/** A note can say what the reference count was: how that differs from its machine. */
export function readCount({ context }: Local, { text }: MarkLine): Disagreement | undefined {
  const found = /^riscv_active_events=(-?\d{1,20})$/.exec(text)?.[1];
  const expected = String(context.value);
  if (found === undefined || found === expected) return undefined;
  return { machine: machineName('activeEvents'), what: 'riscv_active_events', expected, found };
}

/** A refusal is told in the plainest order: in which the line itself disagrees, which explains the most calls, in the fewest turns. */
function isPlainer(one: Stuck, other: Stuck): boolean {
  if (one.by < 0 !== other.by < 0) return one.by < 0;
  const [its, others] = [pendingIn(one.order), pendingIn(other.order)];
  return its !== others ? its < others : one.order.turned < other.order.turned;
}

const pendingIn = ({ pending }: Order): number => pending.reduce((sum, { isDone }) => sum + (isDone ? 0 : 1), 0);
