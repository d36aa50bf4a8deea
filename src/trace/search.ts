import type { AnyMachineSnapshot } from 'xstate';
import { snapshotKey } from '../compose/index.ts';
import { mustHaveReturned } from './call.ts';
import type { Kernel } from './kernel.ts';
import type { CallbackLine, MarkLine, TraceLine } from './line.ts';
import type { Inferred, Order } from './order.ts';
import { machineName, Refused, refusal, type TraceRefusal } from './refusal.ts';

/** How many orders are kept at once before the search gives up, which is a refusal. */
const MOST = 1024;

/**
 * Follows a trace line by line, and keeps every order in which the calls that overlap can have done what they share
 * (`riscv_active_events`, the mutex, `perf_irq`), as long as it explains all that the recorder saw.
 *
 * A line says when its callback was entered. When it did its steps is not known, but that it had returned when its task, or its
 * CPU with interrupts off, wrote another line.
 */
export class Search {
  /** How many steps of overlapping calls were tried. */
  tried = 0;
  #orders: readonly Order[];
  #base: Order;
  readonly #keys = new WeakMap<AnyMachineSnapshot, string>();

  constructor(
    readonly kernel: Kernel,
    readonly most = MOST,
  ) {
    this.#base = kernel.initial();
    this.#orders = [this.#base];
  }

  /** Folds the next line, and returns the facts that are certain now: none while more than one order is left. Throws {@link Refused}. */
  next(line: TraceLine): readonly Inferred[] {
    const returned = this.#afterReturns((call) => mustHaveReturned(call, line));
    const orders = line.cb === 'mark' ? this.#read(returned, line) : this.#enter(returned, line);
    this.#orders = this.#close(orders, line);
    return this.#orders.length === 1 ? this.#decide(this.#orders[0]!) : [];
  }

  /** After the last line every call returns. Returns the facts of one order of those that are left. Throws {@link Refused}. */
  end(): readonly Inferred[] {
    return this.#decide(this.#afterReturns(() => true)[0]!);
  }

  /** The orders in which these calls have returned. */
  #afterReturns(isOver: (call: CallbackLine) => boolean): readonly Order[] {
    const returned = this.#orders.filter(({ calls }) => !calls.some(({ line }) => isOver(line)));
    if (returned.length > 0) return returned;
    // All that calls could do was tried: in some order one of them waits for what never comes.
    for (const order of plainestFirst(this.#orders))
      for (const call of order.calls.filter(({ line }) => isOver(line))) {
        const { waits } = this.kernel.advance(order, call);
        if (waits !== undefined) throw new Refused(refusal(call.line, waits));
      }
    throw new Error('a call can go on, and was not let');
  }

  #enter(orders: readonly Order[], line: CallbackLine): readonly Order[] {
    const entered: Order[] = [];
    let refused: Refused | undefined;
    for (const order of plainestFirst(orders)) {
      const next = this.kernel.enter(order, line);
      if ('machine' in next) refused ??= new Refused(refusal(line, next));
      else entered.push(next);
    }
    if (entered.length === 0) throw refused;
    return entered;
  }

  /** A note can say what the reference count was. */
  #read(orders: readonly Order[], mark: MarkLine): readonly Order[] {
    const found = /^riscv_active_events=(-?\d+)$/.exec(mark.text)?.[1];
    if (found === undefined) return orders;
    const value = ({ state }: Order): string =>
      String(state[this.kernel.system.partOf('activeEvents', 0)!]!.context.value);
    const agreeing = orders.filter((order) => value(order) === found);
    if (agreeing.length > 0) return agreeing;
    const expected = value(plainestFirst(orders)[0]!);
    throw new Refused(
      refusal(mark, { machine: machineName('activeEvents'), what: 'riscv_active_events', expected, found }),
    );
  }

  /** All orders in which the calls that are in flight can go on until the next line. */
  #close(orders: readonly Order[], line: TraceLine): readonly Order[] {
    const known = new Map<string, Order>();
    const queue = orders.map((order) => this.kernel.settle(order));
    for (const order of queue) known.set(this.#keyOf(order), order);
    for (const order of queue)
      for (const call of order.calls) {
        const { next } = this.kernel.advance(order, call);
        if (next === undefined) continue;
        this.tried++;
        const after = this.kernel.settle(this.kernel.take(order, next));
        const key = this.#keyOf(after);
        if (known.has(key)) continue;
        known.set(key, after);
        queue.push(after);
        if (known.size > this.most) throw new Refused(this.#gaveUp(line));
      }
    return [...known.values()];
  }

  /** What decides how an order can go on: what changed since there was only one, and how far the calls are. */
  #keyOf({ state, calls }: Order): string {
    const changed = state.flatMap((snapshot, part) =>
      snapshot === this.#base.state[part] ? [] : [`${part} ${this.#snapshotKey(snapshot)}`],
    );
    return [
      ...changed,
      ...calls.map(({ line, running, counted, warned }) => `${line.line} ${running} ${counted} ${warned}`),
    ].join('\n');
  }

  #snapshotKey(snapshot: AnyMachineSnapshot): string {
    let key = this.#keys.get(snapshot);
    if (key === undefined) {
      key = snapshotKey(snapshot);
      this.#keys.set(snapshot, key);
    }
    return key;
  }

  #gaveUp(line: TraceLine): TraceRefusal {
    const what = 'the order of overlapping calls';
    const expected = `at most ${this.most} orders at once`;
    return refusal(line, { machine: machineName('activeEvents'), what, expected, found: 'more: the search gave up' });
  }

  #decide(order: Order): readonly Inferred[] {
    this.#base = { ...order, log: [] };
    this.#orders = [this.#base];
    return order.log;
  }
}

/** First the orders that explain the most calls, and in the fewest facts: a refusal is told in the plainest of them. */
const plainestFirst = (orders: readonly Order[]): Order[] =>
  orders.toSorted((one, other) => one.calls.length - other.calls.length || one.log.length - other.log.length);
