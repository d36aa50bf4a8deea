import { mustHaveReturned } from './call.ts';
import { Frontier, type Met } from './frontier.ts';
import type { MarkLine, TraceLine } from './line.ts';
import type { Order } from './order.ts';
import { type Disagreement, GaveUp, lineText, machineName, Refused, refusal } from './refusal.ts';
import { type Steps, stateOf } from './steps.ts';

/** The orders after a line. */
export interface After {
  readonly orders: readonly Order[];
  /** Whether there are more. */
  readonly left: boolean;
}

/** What overlapping calls can have done from one line of a trace to the next. */
export class Between {
  /** How many steps of overlapping calls were tried. */
  tried = 0;
  /** The line that was looked at last. */
  #last: TraceLine | undefined;

  /** `most`: how many orders are looked at for one line. */
  constructor(
    readonly steps: Steps,
    readonly most: number,
  ) {}

  /**
   * The orders in which all calls have returned that must have when this line was written, and its own has been entered.
   * Throws {@link Refused} if there is none.
   */
  after(orders: readonly Order[], line: TraceLine | undefined, kept: number): After {
    if (line !== undefined) this.#last = line;
    const met = new Frontier();
    const entered = new Frontier();
    const found: Met[] = [];
    const stuck: Order[] = [];
    const refused: { order: Order; why: Disagreement }[] = [];
    const event =
      line === undefined || line.cb === 'mark' ? undefined : this.steps.kernel.indexTrace.events.get(line.id);
    const due = orders[0]!.calls.map(
      (call) => line === undefined || call.event === event || mustHaveReturned(call.line, line),
    );
    const isReady = ({ calls }: Order): boolean => calls.every(({ isDone }, index) => isDone || !due[index]);
    const plain = orders.flatMap((order) => {
      const done = this.#inOrderOfEntry(order);
      const after = isReady(done) ? this.#enter(done, line) : undefined;
      return after === undefined || 'machine' in after ? [] : (entered.meet(after, false) ?? []);
    });
    // By how many steps were taken: an order is looked at after all that could lead to it.
    const ahead: (Met[] | undefined)[] = [];
    const meet = (order: Order, isCovered: boolean): void => {
      const one = met.meet(order, isCovered);
      if (one === undefined) return;
      const like = ahead[order.taken - least];
      if (like === undefined) ahead[order.taken - least] = [one];
      else like.push(one);
    };
    const least = Math.min(...orders.map(({ taken }) => taken));
    for (const order of orders) meet(order, false);
    let left = false;
    for (let taken = 0; taken < ahead.length; taken++) {
      const now = ahead[taken] ?? [];
      if (ahead.slice(taken).every((some) => some?.every(({ isCovered, isLess }) => isCovered || isLess) ?? true))
        break;
      left = found.length >= kept;
      if (left) break;
      for (const one of now) {
        if (one.isLess) continue;
        const { order } = one;
        let goesOn = one.isCovered;
        if (!goesOn) {
          if (!isReady(order)) stuck.push(order);
          else {
            const after = this.#enter(order, line);
            if ('machine' in after) refused.push({ order, why: after });
            else {
              goesOn = true;
              const kept = entered.meet(after, false);
              if (kept !== undefined) found.push(kept);
            }
          }
        }
        for (const [index, call] of order.calls.entries()) {
          if (call.isDone) continue;
          const step = this.steps.next(order, call);
          if (step.kind !== 'may') continue;
          this.tried++;
          meet(this.steps.take(order, index, step), goesOn);
        }
        if (met.size > this.most) throw this.gaveUp(line, `among at most ${this.most.toLocaleString('en')} at once`);
      }
    }
    const goOn = [...new Set([...plain.slice(0, kept), ...found])].filter(({ isLess }) => !isLess);
    if (goOn.length > 0) {
      const most = 2 * kept;
      return {
        orders: this.#withoutReturned(goOn.slice(0, most).map(({ order }) => order)),
        left: left || goOn.length > most,
      };
    }
    throw this.#noOrder(stuck, refused, due, line);
  }

  /** The order in which each call returns that can do all at once, those that were entered first before the others. */
  #inOrderOfEntry(order: Order): Order {
    let done = order;
    for (const index of order.calls.keys()) {
      let tried = done;
      while (!tried.calls[index]!.isDone) {
        const step = this.steps.next(tried, tried.calls[index]!);
        if (step.kind !== 'may') break;
        this.tried++;
        tried = this.steps.take(tried, index, step);
      }
      if (tried.calls[index]!.isDone) done = tried;
    }
    return done;
  }

  #enter(order: Order, line: TraceLine | undefined): Order | Disagreement {
    if (line === undefined) return order;
    if (line.cb === 'mark') return this.#read(order, line);
    return this.steps.enter(order, line);
  }

  /** A note can say what the reference count was. */
  #read(order: Order, mark: MarkLine): Order | Disagreement {
    const found = /^riscv_active_events=(-?\d{1,20})$/.exec(mark.text)?.[1];
    const expected = String(stateOf(order)[this.steps.kernel.system.partOf('activeEvents', 0)!]!.context.value);
    if (found === undefined || found === expected) return order;
    return { machine: machineName('activeEvents'), what: 'riscv_active_events', expected, found };
  }

  /** What a search that gave up says: at a line, or at the end, and where it sought. */
  gaveUp(line: TraceLine | undefined, where: string): GaveUp {
    return new GaveUp(
      refusal((line ?? this.#last)!, {
        machine: machineName('activeEvents'),
        what: 'the order of overlapping calls',
        expected: `an order ${where}`,
        found: 'none among those that were tried: the search gave up',
      }),
    );
  }

  /** All that calls could do was tried: in every order one of them waits for what never comes, or the next one cannot be made. */
  #noOrder(
    stuck: readonly Order[],
    refused: readonly { readonly order: Order; readonly why: Disagreement }[],
    due: readonly boolean[],
    line: TraceLine | undefined,
  ): Refused {
    const isPlainer = (one: Order, other: Order) => plainestFirst([one, other])[0] === one;
    const plainest = refused.reduce<(typeof refused)[number] | undefined>(
      (best, one) => (best === undefined || isPlainer(one.order, best.order) ? one : best),
      undefined,
    );
    if (plainest !== undefined && line !== undefined) return new Refused(refusal(line, plainest.why));
    for (const order of plainestFirst(stuck))
      for (const [index, call] of order.calls.entries()) {
        if (!due[index] || call.isDone) continue;
        const { why } = this.steps.next(order, call);
        if (why === undefined) continue;
        const beside = order.calls.filter((other) => other !== call && !other.isDone).map(({ line }) => lineText(line));
        return new Refused({ ...refusal(call.line, why), ...(beside.length > 0 && { beside }) });
      }
    throw new Error('a call can go on, and was not let');
  }

  /** What a call has left behind is no longer told apart once it is the same in all orders. */
  #withoutReturned(orders: readonly Order[]): readonly Order[] {
    const [first] = orders as [Order];
    const kept = first.calls.map((call, index) => {
      if (!orders.every(({ calls }) => calls[index]!.isDone)) return true;
      if (first.calls.some((other, later) => later > index && other.event === call.event)) return false;
      return !orders.every((order) => this.steps.leftSame(call, first, order));
    });
    if (kept.every((isKept) => isKept)) return orders;
    return orders.map((order) => ({ ...order, calls: order.calls.filter((_, index) => kept[index]) }));
  }
}

/** First the orders that explain the most calls, and in the fewest turns: a refusal is told in the plainest of them. */
export const plainestFirst = (orders: readonly Order[]): Order[] =>
  orders.toSorted((one, other) => pendingIn(one) - pendingIn(other) || one.turned - other.turned);

const pendingIn = ({ calls }: Order): number => calls.filter(({ isDone }) => !isDone).length;
