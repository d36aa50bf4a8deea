import type { Local, Locals } from '../compose/index.ts';
import { type Call, mustHaveReturned } from './call.ts';
import type { Kernel } from './kernel.ts';
import type { MarkLine, TraceLine } from './line.ts';
import type { Inferred, Order } from './order.ts';
import { type Disagreement, lineText, machineName, Refused, refusal } from './refusal.ts';

/** How much a search may do before it gives up. */
export interface Limits {
  /** How many orders are kept at each line, as long as one of them goes on. */
  readonly kept: number;
  /** How many orders are looked at for one line, where all are asked for. */
  readonly most: number;
  /** How many steps are taken where all are asked for. */
  readonly steps: number;
}

/** How many orders are looked at for each that is kept, when one is found. */
const LOOKED_AT = 8;

/** How many lines the search goes back at first, and at most; how many times as many each time, of lines and of orders. */
const [NEAREST, FARTHEST, MORE] = [8, 128, 4];

const LIMITS: Limits = { kept: 4, most: 1 << 16, steps: 1 << 21 };

/** The search gave up: whether there is an order is not known. */
export class GaveUp extends Refused {}

/**
 * Follows a trace line by line, and looks for an order in which the calls that overlap can have done what they share
 * (`riscv_active_events`, the mutex, `perf_irq`), and which explains all that the recorder saw: the question of linearizability.
 *
 * A line says when its callback was entered. When it did its steps is not known, but that it had returned when its task, or its
 * CPU with interrupts off, wrote another line. Only then are steps taken, just in time (Lowe), and as few of other calls as will
 * do: what another call can also do later is left for later. Orders that lead to the same state are one.
 *
 * One order is enough. So a few are followed first; when none of them goes on, all are, from the last line at which none had been
 * left out.
 */
export class Search {
  /** How many steps of overlapping calls were tried. */
  tried = 0;
  #orders: readonly Order[];
  /** Where the facts begin that are not told yet. */
  #base: Locals;
  /** The last line at which no order was left out, the orders there, and the lines since. */
  #whole: readonly Order[];
  #since: TraceLine[] = [];
  #isWhole = true;
  /** The last lines, each with the orders before it. */
  #trail: { readonly line: TraceLine; readonly before: readonly Order[] }[] = [];
  readonly #limits: Limits;
  readonly #keys = new WeakMap<Local, string>();
  #steps = 0;

  constructor(
    readonly kernel: Kernel,
    limits: Partial<Limits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
    const initial = kernel.initial();
    this.#base = initial.state;
    this.#orders = this.#whole = [initial];
  }

  /** Folds the next line, and returns the facts that are certain now: none while more than one order is left. Throws {@link Refused}. */
  next(line: TraceLine): readonly Inferred[] {
    this.#follow(line);
    const [order] = this.#orders;
    return this.#isWhole && this.#orders.length === 1 ? this.#decide(order!) : [];
  }

  /** After the last line every call returns. Returns the facts of one order of those that are left. Throws {@link Refused}. */
  end(): readonly Inferred[] {
    this.#follow(undefined);
    return this.#decide(plainestFirst(this.#orders)[0]!);
  }

  #follow(line: TraceLine | undefined): void {
    const before = this.#orders;
    try {
      const { orders, left } = this.#after(before, line, this.#limits.kept);
      this.#orders = orders;
      this.#isWhole &&= !left;
    } catch (error) {
      if (!(error instanceof Refused) || this.#isWhole) throw error;
      if (!this.#goBack(line)) this.#followAll(line);
    }
    if (this.#isWhole) {
      this.#whole = this.#orders;
      this.#since = [];
      this.#trail = [];
    } else {
      this.#since.push(line!);
      this.#trail.push({ line: line!, before });
      if (this.#trail.length > 2 * FARTHEST) this.#trail = this.#trail.slice(-FARTHEST);
    }
  }

  /** Some lines back, and on from there with more orders than before; whether one of them has come past this line. */
  #goBack(line: TraceLine | undefined): boolean {
    for (let [back, kept] = [NEAREST, this.#limits.kept * MORE]; back <= FARTHEST; back *= MORE, kept *= MORE) {
      const trail = this.#trail.slice(-back);
      if (trail.length === 0) return false;
      let orders = trail[0]!.before;
      try {
        for (const one of [...trail.map((step) => step.line), line]) orders = this.#after(orders, one, kept).orders;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        continue;
      }
      this.#orders = orders;
      return true;
    }
    return false;
  }

  /** Once more from the last line at which no order had been left out, and now with all of them. */
  #followAll(line: TraceLine | undefined): void {
    this.#orders = this.#whole;
    for (const one of [...this.#since, line])
      this.#orders = this.#after(this.#orders, one, Number.POSITIVE_INFINITY).orders;
    this.#isWhole = true;
  }

  /**
   * The orders in which all calls have returned that must have when this line was written, and its own has been entered; whether
   * there are more than are asked for. Throws {@link Refused} if there is none.
   */
  #after(
    orders: readonly Order[],
    line: TraceLine | undefined,
    kept: number,
  ): { orders: readonly Order[]; left: boolean } {
    const isDue = (call: Call): boolean => line === undefined || mustHaveReturned(call.line, line);
    const found = new Map<string, Order>();
    const known = new Set<string>();
    const stuck: Order[] = [];
    const refused: { order: Order; why: Disagreement }[] = [];
    // First what takes the fewest steps of calls that could also take them later.
    let [now, later]: [Order[], Order[]] = [[], []];
    const settled = orders.map((order) => this.kernel.settle(order));
    for (const order of [...settled.map((order) => this.#inOrderOfEntry(order)), ...settled]) {
      const key = this.#keyOf(order);
      if (!known.has(key)) now.push(order);
      known.add(key);
    }
    for (; now.length > 0; [now, later] = [later, []])
      for (const order of now) {
        if (found.size >= kept || (found.size > 0 && known.size >= kept * LOOKED_AT))
          return { orders: [...found.values()], left: true };
        if (order.calls.some(isDue)) stuck.push(order);
        else {
          const entered = this.#enter(order, line);
          if (!('machine' in entered)) {
            found.set(this.#keyOf(entered), entered);
            continue;
          }
          refused.push({ order, why: entered });
        }
        for (const call of order.calls) {
          const { next } = this.kernel.advance(order, call);
          if (next === undefined) continue;
          this.tried++;
          const after = this.kernel.settle(this.kernel.take(order, next));
          const key = this.#keyOf(after);
          if (known.has(key)) continue;
          known.add(key);
          (isDue(call) ? now : later).push(after);
          if (kept === Number.POSITIVE_INFINITY) this.#count(known.size, line ?? call.line);
        }
      }
    if (found.size > 0) return { orders: [...found.values()], left: false };
    throw this.#noOrder(stuck, refused, isDue, line);
  }

  /** The order in which each call returns that can do all at once, those that were entered first before the others. */
  #inOrderOfEntry(order: Order): Order {
    let done = order;
    for (const { line } of order.calls) {
      let [tried, call] = [done, done.calls.find((other) => other.line === line)];
      while (call !== undefined) {
        const { next } = this.kernel.advance(tried, call);
        if (next === undefined) break;
        this.tried++;
        tried = this.kernel.settle(this.kernel.take(tried, next));
        call = tried.calls.find((other) => other.line === line);
      }
      if (call === undefined) done = tried;
    }
    return done;
  }

  #enter(order: Order, line: TraceLine | undefined): Order | Disagreement {
    if (line === undefined) return order;
    if (line.cb === 'mark') return this.#read(order, line);
    const entered = this.kernel.enter(order, line);
    return 'machine' in entered ? entered : this.kernel.settle(entered);
  }

  /** A note can say what the reference count was. */
  #read(order: Order, mark: MarkLine): Order | Disagreement {
    const found = /^riscv_active_events=(-?\d{1,20})$/.exec(mark.text)?.[1];
    const expected = String(order.state[this.kernel.system.partOf('activeEvents', 0)!]!.context.value);
    if (found === undefined || found === expected) return order;
    return { machine: machineName('activeEvents'), what: 'riscv_active_events', expected, found };
  }

  #count(known: number, line: TraceLine): void {
    const { most, steps } = this.#limits;
    if (known <= most && this.#steps++ < steps) return;
    const limit = known > most ? `${most.toLocaleString('en')} orders at once` : `${steps.toLocaleString('en')} steps`;
    throw new GaveUp(
      refusal(line, {
        machine: machineName('activeEvents'),
        what: 'the order of overlapping calls',
        expected: `an order among at most ${limit}`,
        found: 'none among those that were tried: the search gave up',
      }),
    );
  }

  /** All that calls could do was tried: in every order one of them waits for what never comes, or the next one cannot be made. */
  #noOrder(
    stuck: readonly Order[],
    refused: readonly { readonly order: Order; readonly why: Disagreement }[],
    isDue: (call: Call) => boolean,
    line: TraceLine | undefined,
  ): Refused {
    const isPlainer = (one: Order, other: Order) => plainestFirst([one, other])[0] === one;
    const plainest = refused.reduce<(typeof refused)[number] | undefined>(
      (best, one) => (best === undefined || isPlainer(one.order, best.order) ? one : best),
      undefined,
    );
    if (plainest !== undefined && line !== undefined) return new Refused(refusal(line, plainest.why));
    for (const order of plainestFirst(stuck))
      for (const call of order.calls.filter(isDue)) {
        const { waits } = this.kernel.advance(order, call);
        if (waits === undefined) continue;
        const beside = order.calls.filter((other) => other !== call).map((other) => lineText(other.line));
        return new Refused({ ...refusal(call.line, waits), ...(beside.length > 0 && { beside }) });
      }
    throw new Error('a call can go on, and was not let');
  }

  /** What decides how an order can go on: what changed since the facts that are told, and how far the calls are. */
  #keyOf({ state, calls }: Order): string {
    let key = '';
    for (let part = 0; part < state.length; part++)
      if (state[part] !== this.#base[part]) key += `${part} ${this.#localKey(state[part]!)}\n`;
    for (const { line, running, counted, warned } of calls) key += `${line.line} ${running} ${counted} ${warned}\n`;
    return key;
  }

  #localKey(local: Local): string {
    let key = this.#keys.get(local);
    if (key === undefined) {
      key = JSON.stringify([local.value, local.context]);
      this.#keys.set(local, key);
    }
    return key;
  }

  #decide(order: Order): readonly Inferred[] {
    const inferred = this.kernel.along(this.#base, order);
    this.#base = order.state;
    this.#orders = this.#whole = [{ ...order, log: undefined, length: 0 }];
    return inferred;
  }
}

/** First the orders that explain the most calls, and in the fewest facts: a refusal is told in the plainest of them. */
const plainestFirst = (orders: readonly Order[]): Order[] =>
  orders.toSorted((one, other) => one.calls.length - other.calls.length || one.length - other.length);
