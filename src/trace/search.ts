import type { Locals } from '../engine/compose/index.ts';
import { Between, plainestFirst } from './between.ts';
import type { Kernel } from './kernel.ts';
import type { TraceLine } from './line.ts';
import type { Inferred, Logged, Order } from './order.ts';
import { Refused } from './refusal.ts';
import { Steps } from './steps.ts';

/** How much a search may do before it gives up. */
export interface Limits {
  /** How many orders are kept at each line, as long as one of them goes on. */
  readonly kept: number;
  /** How many orders are looked at for one line, where all are. */
  readonly most: number;
  /** How many steps are tried where all orders are followed once more. */
  readonly steps: number;
}

const LIMITS: Limits = { kept: 4, most: 1 << 16, steps: 1 << 22 };

/** How many lines the search goes back where no order goes on that was kept, and how many it keeps then. */
const BACK = [
  [8, 32],
  [32, 128],
  [128, 1024],
  [512, Number.POSITIVE_INFINITY],
] as const;
const FARTHEST = 512;

/** After how many lines without one order facts are told that all orders have in common. */
const TELL = 256;

/** How many steps of calls are kept at most before facts are told of one order alone. */
const UNTOLD = 1 << 14;

/**
 * Follows a trace line by line, and looks for an order in which the calls that overlap can have done what they share
 * (`riscv_active_events`, the mutex, `perf_irq`), and which explains all that the recorder saw: the question of linearizability.
 *
 * A line says when its callback was entered. When it did its steps is not known, but that it had returned when its task, or its
 * CPU with interrupts off, wrote another line. Only then are steps taken, just in time (Lowe), and as few of other calls as will
 * do: an order that another one leads to later is none of its own.
 *
 * One order is enough. So a few are followed first. When none of them goes on, all are, from some lines before; and before a
 * trace is refused, from the last line at which none had been left out.
 */
export class Search {
  readonly #between: Between;
  readonly #limits: Limits;
  #orders: readonly Order[];
  /** Where the facts begin that are not told yet. */
  #base: Locals;
  /** The last line at which no order was left out: the orders there, and the lines since. */
  #whole: readonly Order[];
  #since: (TraceLine | undefined)[] = [];
  /** The last lines, each with the orders before it. */
  #trail: { readonly line: TraceLine; readonly before: readonly Order[] }[] = [];
  #isWhole = true;
  /** Whether facts were told since then. */
  #hasTold = false;
  #told = 0;
  #lines = 0;

  constructor(
    readonly kernel: Kernel,
    limits: Partial<Limits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
    const steps = new Steps(kernel);
    this.#between = new Between(steps, this.#limits.most);
    const initial = steps.initial();
    this.#base = initial.state;
    this.#orders = this.#whole = [initial];
  }

  /** How many steps of overlapping calls were tried. */
  get tried(): number {
    return this.#between.tried;
  }

  /** Folds the next line, and returns the facts that are certain now. Throws {@link Refused}. */
  next(line: TraceLine): readonly Inferred[] {
    this.#follow(line);
    const [order] = this.#orders as [Order];
    if (this.#orders.length === 1 && this.#isWhole) return this.#tell(order.log);
    if (++this.#lines % TELL !== 0) return [];
    // What two orders never agree on is not kept for ever: one is enough.
    if ((order.log?.length ?? 0) - this.#told > UNTOLD) {
      this.#orders = plainestFirst(this.#orders).slice(0, 1);
      this.#trail = [];
      this.#isWhole = false;
    }
    return this.#tell(this.#common());
  }

  /** After the last line every call returns. Returns the facts of one order of those that are left. Throws {@link Refused}. */
  end(): readonly Inferred[] {
    this.#follow(undefined);
    return this.#tell(plainestFirst(this.#orders)[0]!.log);
  }

  #follow(line: TraceLine | undefined): void {
    const before = this.#orders;
    let isWhole = this.#isWhole;
    try {
      const { orders, left } = this.#between.after(before, line, this.#limits.kept);
      this.#orders = orders;
      isWhole &&= !left;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (isWhole) throw error;
      const orders = this.#goBack(line);
      isWhole = orders === undefined;
      this.#orders = orders ?? this.#followAll(line);
    }
    this.#isWhole = isWhole;
    if (isWhole) {
      this.#whole = this.#orders;
      this.#since = [];
      this.#trail = [];
      this.#hasTold = false;
    } else {
      this.#since.push(line);
      if (line !== undefined) this.#trail.push({ line, before });
      if (this.#trail.length > 2 * FARTHEST) this.#trail = this.#trail.slice(-FARTHEST);
    }
  }

  /** Some lines back, and on from there with all orders; undefined if none of them comes past this line. */
  #goBack(line: TraceLine | undefined): readonly Order[] | undefined {
    for (const [back, kept] of BACK) {
      const trail = this.#trail.slice(-back);
      if (trail.length === 0) return undefined;
      try {
        return this.#along(trail[0]!.before, [...trail.map((step) => step.line), line], kept);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    return undefined;
  }

  /** All orders from the last line on at which none had been left out. Throws {@link Refused}. */
  #followAll(line: TraceLine | undefined): readonly Order[] {
    const orders = this.#along(this.#whole, [...this.#since, line], Number.POSITIVE_INFINITY);
    if (!this.#hasTold) return orders;
    throw this.#between.gaveUp(line, 'whose facts follow from those that are told already');
  }

  #along(from: readonly Order[], lines: readonly (TraceLine | undefined)[], kept: number): readonly Order[] {
    let orders = from;
    const last = this.tried + this.#limits.steps;
    for (const line of lines) {
      orders = this.#between.after(orders, line, kept).orders;
      if (this.tried > last)
        throw this.#between.gaveUp(lines.at(-1), `in ${this.#limits.steps.toLocaleString('en')} steps`);
    }
    return orders;
  }

  /** What all orders have in common, and all to which the search can go back. */
  #common(): Logged | undefined {
    const logs = new Set([...this.#orders, ...(this.#trail[0]?.before ?? [])].map(({ log }) => log));
    while (logs.size > 1) {
      const longest = [...logs].reduce((one, other) => ((one?.length ?? 0) < (other?.length ?? 0) ? other : one));
      logs.delete(longest);
      logs.add(longest!.previous);
    }
    return [...logs][0];
  }

  /** The facts up to a place in the orders. */
  #tell(upTo: Logged | undefined): readonly Inferred[] {
    if (upTo === undefined) return [];
    const log: Logged[] = [];
    for (let last: Logged | undefined = upTo; last !== undefined; last = last.previous) log.push(last);
    const inferred = this.kernel.along(this.#base, log.reverse());
    this.#base = inferred.at(-1)?.after ?? this.#base;
    for (const one of log) one.previous = undefined;
    upTo.facts = [];
    this.#told = upTo.length;
    this.#hasTold = true;
    return inferred;
  }
}
