import type { Word } from '../facts/index.ts';
import type { Inferred } from '../trace/order.ts';

/** One update of a count in a recording. */
export interface Update {
  readonly line: number;
  /** As a person finds it in the file: `line 14/15 (0.019732 s, cpu 0)`. */
  readonly at: string;
  readonly callback: string;
  readonly hart: number;
  /** `prev_count` before it, with the hart on which that was taken, and the counter that was read. */
  readonly previous: Word;
  readonly takenOn?: number;
  readonly now: Word;
  readonly delta: Word;
  /** The count after it, 64 bits. */
  readonly count: bigint;
}

/** What a recording shows of the counts of one event. */
export interface EventCounts {
  readonly id: number;
  /** Its address, or its number. */
  readonly name: string;
  readonly updates: readonly Update[];
}

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly updates: Update[];
  /** The count as far as it is known; what the core writes is seen at the next callback that shows it. */
  count: bigint;
  takenOn?: number;
  exchange?: { readonly previous: Word; readonly now: Word };
}

/** Collects the updates of every event, as facts of a recording become certain. */
export class CountLedger {
  readonly #events = new Map<string, Entry>();

  /** `name` is the event's, `at` where the callback is, `callback` what it is. */
  see({ fact, line }: Inferred, name: string, at: string, callback: string): void {
    if (!('event' in fact)) return;
    const key = `${line.id}`;
    const entry: Entry = this.#events.get(key) ?? { id: line.id, name, updates: [], count: 0n };
    this.#events.set(key, entry);
    if (fact.type === 'prev_count.set') entry.takenOn = line.cpu;
    else if (fact.type === 'prev_count.cmpxchg' && fact.expected === fact.found)
      entry.exchange = { previous: fact.expected, now: fact.value };
    else if (fact.type === 'count.add') {
      const before = line.before.count === undefined ? entry.count : BigInt(line.before.count);
      const after = line.after.count === undefined ? before + BigInt(fact.delta) : BigInt(line.after.count);
      entry.count = BigInt.asUintN(64, after);
      const { previous, now } = entry.exchange ?? { previous: 0, now: 0 };
      entry.updates.push({
        ...{ line: line.line, at, callback, hart: line.cpu, previous, now, delta: fact.delta, count: entry.count },
        ...(entry.takenOn !== undefined && { takenOn: entry.takenOn }),
      });
      entry.takenOn = line.cpu;
    }
  }

  get events(): readonly EventCounts[] {
    return [...this.#events.values()];
  }
}
