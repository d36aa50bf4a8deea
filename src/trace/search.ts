import type { Locals } from '../engine/compose/index.ts';
import { Between, type Effort, known, type Orders } from './between.ts';
import { mustHaveReturned } from './call.ts';
import type { Groups } from './groups.ts';
import type { Kernel } from './kernel.ts';
import type { TraceLine } from './line.ts';
import type { Entered, Inferred, Order } from './order.ts';
import { Plain } from './plain.ts';
import { GaveUp, machineName, Refused, refusal, TooEarly } from './refusal.ts';
import { overlapping, smallestOf, unseen } from './smallest.ts';
import { Steps } from './steps.ts';
import { type Base, type Begun, wideOrders } from './wide.ts';

/** How much a search may do before it gives up. */
export interface Limits {
  /** How many orders are looked at for one line. */
  readonly most: number;
  /** To how many lines the search goes back, where it follows one order. */
  readonly back: number;
  /** How many steps are tried where all orders are followed once more. */
  readonly steps: number;
  /** After so many lines the order in which each call returns at once is told, where there are others; 0: it is not tried first. */
  readonly plain: number;
}

/** What waits for long to be told costs more than it is worth. */
const LIMITS: Limits = { most: 1 << 16, back: 512, steps: 1 << 23, plain: 128 };

/** Where so few calls are in flight, all orders are followed, as long as that takes so few steps for a line. */
const FEW = { calls: 3, steps: 1 << 10 };

/** After so many lines facts are told of which there is no other order. */
const SOON = 8;

/** After how many lines without one order facts are told that all orders have in common. */
const TELL = 256;

/** After so many lines without a fact that is told, one order is chosen. */
const UNTOLD = 1 << 14;

/**
 * Follows a trace line by line, and looks for an order in which the calls that overlap can have done what they share
 * (`riscv_active_events`, the mutex, `perf_irq`), and which explains all that the recorder saw: the question of linearizability.
 *
 * A line says when its callback was entered. When it did its steps is not known, but that it had returned when its task, or its
 * CPU with interrupts off, wrote another line. Only then are steps taken, just in time (Lowe), and as few of other calls as will
 * do: an order that another one leads to later is none of its own.
 *
 * Where few calls overlap, all orders are followed. Where more do, one is, as one is enough; and where it does not go on, the next
 * one of the line before, or of the one before that. Where none does, all are followed, from the last line on at which all were
 * known: only then is a trace refused.
 */
export class Search {
  readonly #limits: Limits;
  readonly #effort: Effort;
  readonly #steps: Steps;
  /** The orders at some line: all of which it is known that they go on, or those that come of the one that is followed. */
  #orders: readonly Order[];
  /** The lines since, to which the search can go back. */
  #lines: Between[] = [];
  /** The order that is followed. */
  #order: Order;
  /** The calls that may not have returned. */
  #open: Entered[] = [];
  /** Whether no order was left out. */
  #isWhole = true;
  /** The last lines at which none was. */
  #known: Known[];
  /** Where the facts begin that are not told yet. */
  #base: Locals;
  /** The order that is followed first, as long as it goes on; after how many lines it is tried again, and how long it was last. */
  #plain: Plain | undefined;
  /** The one of the orders that it goes on; undefined once that is told. */
  #from: Order | undefined;
  #plainAfter = 0;
  #wait = 64;
  readonly #seen: TraceLine[] = [];
  #told = 0;
  /** Lines to which the search goes back to show that there is no order, and by event the last call that was told to begin. */
  readonly #bases: Base[] = [];
  readonly #begun = new Map<number, Begun>();
  #last: TraceLine | undefined;

  constructor(
    readonly kernel: Kernel,
    limits: Partial<Limits> = {},
  ) {
    this.#limits = { ...LIMITS, ...limits };
    this.#effort = { tried: 0, until: Infinity, most: this.#limits.most };
    this.#steps = new Steps(kernel);
    this.#order = this.#steps.initial();
    this.#orders = [this.#order];
    this.#known = [{ orders: this.#orders, open: [], since: [] }];
    this.#base = this.#steps.stateOf(this.#order);
    if (this.#limits.plain > 0)
      this.#plain = new Plain(kernel, { state: this.#base, groups: this.#order.around.groups, line: undefined });
    else this.#plainAfter = Infinity;
  }

  /** How many steps of overlapping calls were tried. */
  get tried(): number {
    return this.#effort.tried;
  }

  /** Folds the next line, and returns the facts that are certain now. Throws {@link Refused}. */
  next(line: TraceLine): Iterable<Inferred> {
    this.#seen.push(line);
    if (this.#plain !== undefined && this.#goesOn(this.#plain, line))
      return this.#plain.lines.length < (this.#plain.isOnly ? SOON : this.#limits.plain)
        ? []
        : this.#begin(this.#plain);
    this.#follow(line);
    if (this.#lines.length > 0) return this.#isFar() ? this.#forget() : [];
    if (this.#seen.length >= this.#plainAfter) return this.#goPlain(line);
    if (this.#orders.length === 1) return this.#tell(this.#order);
    return this.#seen.length % TELL === 0 ? this.#tellCommon() : [];
  }

  /** Whether the search goes back no further than it could now: each order that it has looked at since then is kept. */
  #isFar(): boolean {
    const { length } = this.#lines;
    if (length > this.#limits.back) return true;
    return length % 32 === 0 && this.#lines.reduce((sum, { size }) => sum + size, 0) > KEPT_ORDERS;
  }

  /** After the last line every call returns. Returns the facts of one order of those that are left. Throws {@link Refused}. */
  end(): Iterable<Inferred> {
    if (this.#plain !== undefined && this.#goesOn(this.#plain, undefined)) return this.#begin(this.#plain);
    this.#follow(undefined);
    return this.#tell(this.#order);
  }

  /** After a refusal: the facts up to there of the order that was followed last. */
  get rest(): readonly Inferred[] {
    return this.#rest;
  }

  #rest: readonly Inferred[] = [];

  /** Whether the plain order goes on. If not, the search takes over, from where that began. */
  #goesOn(plain: Plain, line: TraceLine | undefined): boolean {
    try {
      plain.next(line);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    this.#plain = undefined;
    this.#wait = Math.min(4 * this.#wait, UNTOLD);
    this.#plainAfter = this.#seen.length + this.#wait;
    // Where nothing of it is told yet, all orders go on from where it began.
    if (this.#from !== undefined) this.#from = undefined;
    else {
      const { state, groups, line: first } = plain.from;
      this.#order = this.#steps.orderOf(state, groups);
      this.#base = this.#steps.stateOf(this.#order);
      this.#orders = [this.#order];
      this.#open = [];
      if (this.#isWhole) this.#known = [{ orders: this.#orders, open: [], since: [] }];
      if (first !== undefined) this.#follow(first, !this.#isWhole);
    }
    for (const next of line === undefined ? plain.lines : plain.lines.slice(0, -1)) this.#follow(next);
    return false;
  }

  /** The plain order is taken for good up to the last line, if it is not the only one. Returns what happened. */
  #begin(plain: Plain): Iterable<Inferred> {
    const before = this.#from === undefined ? [] : this.#tell(this.#from);
    if (this.#from !== undefined) this.#isWhole &&= this.#orders.length === 1;
    this.#from = undefined;
    if (this.#isWhole && !plain.isOnly) {
      const { state, groups, line } = plain.from;
      this.#known = [
        { orders: [this.#steps.orderOf(state, groups)], open: [], since: line === undefined ? [] : [line] },
      ];
      this.#isWhole = false;
    }
    if (!this.#isWhole) for (const line of plain.lines) this.#known.at(-1)!.since.push(line);
    const told = plain.begin();
    const noted = this.#note(told, plain.from.line?.line ?? 0, plain.from.groups);
    return before.length === 0 ? noted : [...before, ...noted];
  }

  /** Goes on without a search, if there is an order with no call in it but the last line's. Returns what is certain by then. */
  #goPlain(line: TraceLine): readonly Inferred[] {
    const isPlain = ({ before, by }: Order) => by < 0 && before?.pending.every(({ isDone }) => isDone);
    const before = this.#orders.find(isPlain)?.before;
    if (before === undefined) return this.#seen.length % TELL === 0 ? this.#tellCommon() : [];
    this.#from = before;
    this.#plain = new Plain(this.kernel, { state: this.#steps.stateOf(before), groups: before.around.groups, line });
    return [];
  }

  /** Follows the orders past a line; `isAgain`: it was followed before. */
  #follow(line: TraceLine | undefined, isAgain = false): void {
    this.#last = line ?? this.#last;
    const between = this.#between(this.#lines.at(-1) ?? known(this.#orders), line, this.#open);
    const order = between.first();
    this.#lines.push(between);
    if (!isAgain) this.#known.at(-1)!.since.push(line);
    if (order === undefined) {
      this.#rest = this.#tell(this.#order);
      throw this.#refused(between);
    }
    this.#order = order;
    const all = order.pending.length > FEW.calls ? undefined : between.all(FEW.steps);
    if (all === undefined) return;
    this.#orders = all;
    this.#order = plainestOf(all);
    this.#lines = [];
    if (this.#isWhole) keep(this.#known, { orders: all, open: this.#open.slice(), since: [] });
  }

  #between(before: Orders, line: TraceLine | undefined, open: Entered[]): Between {
    const number = line?.line ?? Number.MAX_SAFE_INTEGER;
    const call = this.#enter(line, open);
    return new Between(this.#steps, before, line, number, call, this.#effort);
  }

  /** Leaves those of the calls in flight that must have returned when a line was written, and enters its own. */
  #enter(line: TraceLine | undefined, open: Entered[]): Entered | undefined {
    const number = line?.line ?? Number.MAX_SAFE_INTEGER;
    const call = line === undefined || line.cb === 'mark' ? undefined : this.#steps.entered(line);
    const isDue = ({ line: its, kind }: Entered) =>
      line === undefined || kind.event === call?.kind.event || mustHaveReturned(its, line);
    for (const entered of open) if (isDue(entered)) entered.due = number;
    const still = open.filter(({ due }) => due === Infinity);
    open.splice(0, open.length, ...still, ...(call === undefined ? [] : [call]));
    return call;
  }

  /** Why no order goes on: none of those that are left, or none at all. */
  #refused(last: Between): Refused {
    const tooMany = `among at most ${this.#limits.most.toLocaleString('en')} at once`;
    if (this.#isWhole)
      return this.#lines.some(({ isTooMany }) => isTooMany) ? this.#gaveUp(tooMany) : this.#noOrder(last, this.#known);
    for (const base of this.#bases.toReversed()) {
      if (this.#last!.line - base.line.line < APART) continue;
      const all = this.#wide(base, last.line === undefined);
      const known: Known[] = [];
      const end = all && this.#followAll(all, (one) => keep(known, one));
      if (end?.stuck !== undefined && !end.isTooMany && !this.#isSpent) return this.#noOrder(end, known);
    }
    const known: Known[] = [];
    const end = this.#followAll(this.#known.at(-1)!, (one) => keep(known, one));
    if (end === undefined)
      return new TooEarly(this.#gaveUp('whose facts follow from those that are told already').refusal);
    if (end.stuck !== undefined && !end.isTooMany && !this.#isSpent) return this.#noOrder(end, known);
    return this.#gaveUp(end.isTooMany ? tooMany : `in ${this.#limits.steps.toLocaleString('en')} steps`);
  }

  /** More orders than can have come to a line, and what was written since; undefined where not all are known. */
  #wide(base: Base, isEnd: boolean): Known | undefined {
    const at = this.#seen.lastIndexOf(base.line) + 1;
    const open: Entered[] = [];
    for (const line of this.#seen.slice(0, at)) this.#enter(line, open);
    const since: (TraceLine | undefined)[] = this.#seen.slice(at);
    const orders = wideOrders(this.#steps, base, open, this.#seen.slice(0, at), since as TraceLine[]);
    if (isEnd) since.push(undefined);
    if (orders === undefined) return undefined;
    for (const entered of open) entered.isFromBefore = true;
    return { orders, open, since };
  }

  /** There is no order: of which calls, if others are left out. */
  #noOrder(at: Between, known: readonly Known[]): Refused {
    const why = at.whyNot();
    const calls = at.stuck!.order.calls.map(({ line }) => line);
    const first = Math.min(...calls.map(({ line }) => line));
    const from = known.findLastIndex(({ since }) => since[0] !== undefined && since[0].line <= first);
    if (from < 0 || calls.length < 2) return new Refused(why);
    const since = known.slice(from).flatMap((one) => one.since);
    const smallest = smallestOf(calls, (isLeftOut) => {
      const lines = since.map((line) => (line !== undefined && isLeftOut(line) ? unseen(line) : line));
      const end = this.#followAll({ ...known[from]!, since: lines });
      return end !== undefined && !end.isTooMany && !this.#isSpent;
    });
    return new Refused({ ...why, ...(smallest.length > 1 && { smallest: smallest.map(overlapping) }) });
  }

  #isSpent = false;

  /** Follows all orders along the lines since they were known. Returns where none goes on, or not all were looked at. */
  #followAll(from: Known, know?: (known: Known) => void): Between | undefined {
    let { orders } = from;
    const open = from.open.map((entered) => Object.assign(entered, { due: Infinity }));
    const limit = this.tried + this.#limits.steps;
    for (const line of from.since) {
      know?.({ orders, open: open.slice(), since: [line] });
      const between = this.#between(known(orders), line, open);
      const all = between.all(limit - this.tried);
      this.#isSpent = this.tried > limit;
      if (all === undefined || all.length === 0) return between;
      orders = all;
    }
    return undefined;
  }

  /** What a search that gave up says, and where it sought. */
  #gaveUp(where: string): GaveUp {
    return new GaveUp(
      refusal(this.#last!, {
        machine: machineName('activeEvents'),
        what: 'the order of overlapping calls',
        expected: `an order ${where}`,
        found: 'none among those that were tried: the search gave up',
      }),
    );
  }

  /** Tells what comes before a line at which the search has followed one order only, and goes back no further. */
  #forget(): readonly Inferred[] {
    const lines = this.#lines;
    const half = lines.length >> 1;
    let at = half;
    while (at >= 0 && lines[at]!.given !== 1) at--;
    if (at < 0) at = lines.findIndex(({ given }, index) => index > half && given === 1);
    // What orders never agree on is not kept for ever.
    if (at < 0 && lines.length > 4 * this.#limits.back) at = lines.length - 1;
    if (at < 0) return [];
    let order = this.#order;
    for (let entries = lines.length - 1 - at; entries > 0; order = order.before!) if (order.by < 0) entries--;
    // The last order is one that entered the line.
    while (order.by >= 0) order = order.before!;
    this.#lines = lines.slice(at + 1);
    if (this.#lines.length > 0) this.#lines[0]!.before = known([]);
    else this.#orders = [order];
    this.#isWhole = false;
    return this.#tell(order);
  }

  /** Tells what all orders have in common; of one alone, if that is less and less of them. */
  #tellCommon(): readonly Inferred[] {
    if (this.#seen.length - this.#told < UNTOLD) return this.#tell(commonOf(this.#orders));
    this.#orders = [this.#order];
    this.#isWhole = false;
    return this.#tell(this.#order);
  }

  /** The facts up to an order. */
  #tell(upTo: Order): readonly Inferred[] {
    const told: Inferred[] = [];
    for (const { facts, line } of this.#steps.along(upTo))
      for (const inferred of this.kernel.along(this.#base, facts, line)) {
        told.push(inferred);
        this.#base = inferred.after;
      }
    upTo.before = undefined;
    if (told.length > 0) this.#told = this.#seen.length;
    return [...this.#note(told, upTo.line, upTo.around.groups)];
  }

  /** Notes where facts that are told have come to at a line, and tells them. */
  *#note(told: Iterable<Inferred>, number: number, groups: Groups): Generator<Inferred> {
    const { events } = this.kernel.indexTrace;
    let state = this.#base;
    for (const inferred of told) {
      const { line, before } = inferred;
      const event = events.get(line.id)!;
      if (this.#begun.get(event)?.line !== line.line)
        this.#begun.set(event, { line: line.line, own: this.#steps.ownIn(before, event) });
      state = inferred.after;
      yield inferred;
    }
    const last = this.#bases.at(-1)?.line.line ?? 0;
    const line = number < last + APART ? undefined : this.#seen.findLast((one) => one.line === number);
    if (line === undefined) return;
    if (this.#bases.length === BASES) this.#bases.shift();
    this.#bases.push({ line, state, groups, begun: new Map(this.#begun) });
  }
}

/** All orders at some line, the calls that had not returned, and what was written then. */
interface Known {
  readonly orders: readonly Order[];
  readonly open: readonly Entered[];
  readonly since: (TraceLine | undefined)[];
}

/** So many lines lie between two bases at least, and so many bases are kept. */
const APART = 48;
const BASES = 8;

/** Where more orders are kept than this, the search goes back less far. */
const KEPT_ORDERS = 1 << 13;

/** How many of them are kept: calls that overlap were entered since the first, as a rule. */
const KEPT = 64;

function keep(known: Known[], one: Known): void {
  if (known.length === KEPT) known.shift();
  known.push(one);
}

/** The order in the fewest turns. */
const plainestOf = (orders: readonly Order[]): Order =>
  orders.reduce((one, other) => (other.turned < one.turned ? other : one));

/** The last order from which all of these come. */
function commonOf(orders: readonly Order[]): Order {
  const left = orders.map((order) => ({ order, depth: depthOf(order) }));
  for (;;) {
    const deepest = left.reduce((one, other) => (other.depth > one.depth ? other : one));
    if (left.every(({ order }) => order === deepest.order)) return deepest.order;
    deepest.order = deepest.order.before!;
    deepest.depth--;
  }
}

function depthOf(order: Order): number {
  let depth = 0;
  for (let last = order; last.before !== undefined; last = last.before) depth++;
  return depth;
}
