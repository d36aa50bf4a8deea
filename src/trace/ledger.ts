import { minus, plus, type Word } from '../facts/index.ts';
import { CountBounds } from './count-bounds.ts';
import type { Kernel } from './kernel.ts';
import type { CallbackLine } from './line.ts';
import type { Inferred } from './order.ts';

/** The bits of `event->count`, whatever the driver keeps of a delta. */
export const COUNT_BITS = 64;

/** What one event has counted, held against the ticks of its counter while it ran. */
interface Account {
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

const opened = (): Account => ({ tooMany: 0n, forgiven: 0, last: { tooMany: 0n, uncounted: 0 }, line: 0 });

/**
 * The account of each event since the core last wrote its count itself. It does so after a callback, and what the count had
 * too many until then is gone with it.
 */
export class Ledger {
  readonly #accounts: Account[];
  readonly #doubts: CountBounds;

  constructor(readonly kernel: Kernel) {
    this.#accounts = kernel.system.ofRole('count').map(opened);
    this.#doubts = new CountBounds(kernel);
  }

  see(inferred: Inferred): void {
    const { fact, line, before, after } = inferred;
    const { indexTrace, system } = this.kernel;
    const event = indexTrace.events.get(line.id)!;
    const account = this.#accounts[event]!;
    if (line.line !== account.line) this.#enter(account, line, event);
    this.#doubts.see(inferred);
    if (fact.type === 'event.free') this.#accounts[event] = opened();
    else if (fact.type === 'count.add') {
      account.tooMany += BigInt(fact.delta);
      if (account.count !== undefined) account.count = plus(account.count, fact.delta, COUNT_BITS);
    } else if (fact.type === 'hart.tick')
      for (const [other, part] of system.ofRole('count').entries())
        if (before[part] !== after[part]) this.#accounts[other]!.tooMany -= BigInt(fact.ticks);
    if (fact.type.endsWith('.return')) {
      const uncounted = after[system.partOf('count', event)!]!.context.uncounted as Word;
      account.last = { tooMany: account.tooMany, uncounted };
    }
  }

  /** The model's `uncounted` of an event, less what it was when the core wrote the count. */
  since(event: number, uncounted: Word): Word {
    return minus(uncounted, this.#accounts[event]!.forgiven, this.kernel.indexTrace.pmu.counterWidth);
  }

  /** At least and at most so many ticks the count has too many after a callback, as far as the trace shows. */
  range(line: CallbackLine): { readonly least: bigint; readonly most: bigint } {
    const tooMany = this.tooMany(line);
    const { less, more } = this.#doubts.of(line);
    return { least: tooMany - less, most: tooMany + more };
  }

  /** A count that is not what it was left at was written by the core. */
  #enter(account: Account, line: CallbackLine, event: number): void {
    const { count } = line.before;
    if (count === undefined) this.#doubts.lose(event);
    else if (account.count !== undefined && account.count !== count) {
      account.tooMany -= account.last.tooMany;
      account.forgiven = account.last.uncounted;
      this.#doubts.forgive(event);
    }
    if (count !== undefined) account.count = count;
    account.line = line.line;
  }

  /** By how many ticks the count that a line shows at its exit is more than it should be, as a reader of 64 bits sees it. */
  tooMany({ id, after }: CallbackLine): bigint {
    const { tooMany } = this.#accounts[this.kernel.indexTrace.events.get(id)!]!;
    if (after.count === undefined) return tooMany;
    const count = BigInt(after.count);
    return count - BigInt.asUintN(COUNT_BITS, count - tooMany);
  }
}
