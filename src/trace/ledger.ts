import { minus, plus, type Word } from '../facts/index.ts';
import { CountBounds } from './count-bounds.ts';
import type { Kernel } from './kernel.ts';
import type { CallbackLine } from './line.ts';
import type { Inferred } from './order.ts';

/** The bits of `event->count`, whatever the driver keeps of a delta. */
export const COUNT_BITS = 64;

/** What one event has counted, held against the ticks of its counter while it ran. */
interface Entry {
  /** `event->count` by now, as far as it is known. */
  count?: Word;
  /** What was added to the count, less the ticks. */
  tooMany: bigint;
  /** The model's `uncounted` from which on the count is held against the truth. */
  forgiven: Word;
  /** Both after the last callback of the event, and the line of the one that runs. */
  last: { readonly tooMany: bigint; readonly uncounted: Word };
  line: number;
}

const opened = (): Entry => ({ tooMany: 0n, forgiven: 0, last: { tooMany: 0n, uncounted: 0 }, line: 0 });

/**
 * What each event has counted since the core last wrote its count itself. It does so after a callback, and what the count had
 * too many until then is gone with it.
 */
export class Ledger {
  readonly #entries: Entry[];
  readonly #bounds: CountBounds;

  constructor(readonly kernel: Kernel) {
    this.#entries = kernel.system.ofRole('count').map(opened);
    this.#bounds = new CountBounds(kernel);
  }

  see(inferred: Inferred): void {
    const { fact, line, before, after } = inferred;
    const { indexTrace, system } = this.kernel;
    const event = indexTrace.events.get(line.id)!;
    const entry = this.#entries[event]!;
    if (line.line !== entry.line) this.#enter(entry, line, event);
    this.#bounds.see(inferred);
    if (fact.type === 'event.free') this.#entries[event] = opened();
    else if (fact.type === 'count.add') {
      entry.tooMany += BigInt(fact.delta);
      if (entry.count !== undefined) entry.count = plus(entry.count, fact.delta, COUNT_BITS);
    } else if (fact.type === 'hart.tick')
      for (const [other, part] of system.ofRole('count').entries())
        if (before[part] !== after[part]) this.#entries[other]!.tooMany -= BigInt(fact.ticks);
    if (fact.type.endsWith('.return')) {
      const uncounted = after[system.partOf('count', event)!]!.context.uncounted as Word;
      entry.last = { tooMany: entry.tooMany, uncounted };
    }
  }

  /** The model's `uncounted` of an event, less what it was when the core wrote the count. */
  since(event: number, uncounted: Word): Word {
    return minus(uncounted, this.#entries[event]!.forgiven, this.kernel.indexTrace.pmu.counterWidth);
  }

  /** At least and at most so many ticks the count has too many after a callback, as far as the trace shows. */
  range(line: CallbackLine): { readonly least: bigint; readonly most: bigint } {
    const tooMany = this.tooMany(line);
    const { less, more } = this.#bounds.of(line);
    return { least: tooMany - less, most: tooMany + more };
  }

  /** A count that is not what it was left at was written by the core. */
  #enter(entry: Entry, line: CallbackLine, event: number): void {
    const { count } = line.before;
    if (count === undefined) this.#bounds.lose(event);
    else if (entry.count !== undefined && entry.count !== count) {
      entry.tooMany -= entry.last.tooMany;
      entry.forgiven = entry.last.uncounted;
      this.#bounds.forgive(event);
    }
    if (count !== undefined) entry.count = count;
    entry.line = line.line;
  }

  /** By how many ticks the count that a line shows at its exit is more than it should be, as a reader of 64 bits sees it. */
  tooMany({ id, after }: CallbackLine): bigint {
    const { tooMany } = this.#entries[this.kernel.indexTrace.events.get(id)!]!;
    if (after.count === undefined) return tooMany;
    const count = BigInt(after.count);
    return count - BigInt.asUintN(COUNT_BITS, count - tooMany);
  }
}
