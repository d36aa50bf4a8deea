import type { Word } from '../facts/index.ts';
import type { Kernel } from './kernel.ts';
import type { CallbackLine } from './line.ts';
import type { Inferred } from './order.ts';

/** How many ticks less, and how many more, the count of an event may have too many than is told. */
export interface Bounds {
  readonly less: bigint;
  readonly more: bigint;
}

const NONE: Bounds = { less: 0n, more: 0n };
/** Nothing is known of what a callback read. */
const ANY: Bounds = { less: 1n << 63n, more: 1n << 63n };

/** The bounds of one event, and what it was after its last callback. */
interface Counted {
  now: Bounds;
  last: Bounds;
}

const opened = (): Counted => ({ now: NONE, last: NONE });

/**
 * What a trace leaves open of a count. An event that was started, or stopped, without a reading ran from, or to, a value of its
 * counter that no line shows: it lies between what the hart is known to have come to, with the least that it runs from one callback
 * to the next, and what is read of it next.
 */
export class CountBounds {
  readonly #events: Counted[];
  /** By line of a callback that runs: what its hart's counter was known to have come to before it, and what it did. */
  readonly #running = new Map<number, { least?: Word; read?: true; halts?: boolean }>();

  constructor(readonly kernel: Kernel) {
    this.#events = kernel.system.ofRole('count').map(opened);
  }

  see(inferred: Inferred): void {
    const { fact, line, before } = inferred;
    const event = this.kernel.indexTrace.events.get(line.id)!;
    const counted = this.#events[event]!;
    if (fact.type === 'event.free') this.#events[event] = opened();
    else if (line.after.csr === undefined && line.irqoff) {
      const running = this.#running.get(line.line);
      if (fact.type === 'hart.tick') {
        const last = before[this.kernel.system.partOf('hart', fact.hart)!]!.context[fact.counter] as Word;
        const least = this.kernel.atLeast(line, last);
        this.#running.set(line.line, { ...running, least });
      } else if (fact.type === 'csr.read') {
        this.#running.set(line.line, { ...running, read: true });
        if (line.after.prev === undefined) counted.now = ANY;
      } else if ((fact.type === 'add.return' && fact.answer === 0) || fact.type === 'start.return') {
        if (running?.read !== true) counted.now = sum(counted.now, this.#unread(inferred, running?.least));
      } else if (fact.type === 'stop.call' || fact.type === 'del.call') {
        const halts = before[this.kernel.system.partOf('count', event)!]!.context.runsOn !== null;
        this.#running.set(line.line, { ...running, halts });
      } else if ((fact.type === 'stop.return' || fact.type === 'del.return') && running?.halts && !running.read) {
        const { less, more } = this.#unread(inferred, running.least);
        counted.now = sum(counted.now, { less: more, more: less });
      }
    }
    if (!fact.type.endsWith('.return')) return;
    counted.last = counted.now;
    this.#running.delete(line.line);
  }

  /** The core has written the count: what was open of it after the last callback no longer matters. */
  forgive(event: number): void {
    const counted = this.#events[event]!;
    counted.now = { less: counted.now.less - counted.last.less, more: counted.now.more - counted.last.more };
  }

  /** Nothing shows whether the core has written the count. */
  lose(event: number): void {
    this.#events[event]!.now = ANY;
  }

  /** What is open of the count that a line shows. */
  of({ id }: CallbackLine): Bounds {
    return this.#events[this.kernel.indexTrace.events.get(id)!]!.now;
  }

  /** How far the counter can have been from where it is supposed to have been in a callback that did not read it. */
  #unread({ line, after }: Inferred, least: Word | undefined): Bounds {
    const counter = this.kernel.indexTrace.counterOf(line);
    if (counter === undefined) return NONE;
    const supposed = BigInt(after[this.kernel.system.partOf('hart', line.cpu)!]!.context[counter] as Word);
    const most = BigInt(this.kernel.indexTrace.next.get(line.line) ?? supposed);
    return { less: supposed - BigInt(least ?? supposed), more: most > supposed ? most - supposed : 0n };
  }
}

const sum = (one: Bounds, other: Bounds): Bounds => ({ less: one.less + other.less, more: one.more + other.more });
