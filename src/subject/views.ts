import type { Answer, PmcOwner, Word } from '../facts/index.ts';
import { Ints } from './ints.ts';

/** One event, as the C has it, and the call of it that is on its way. */
export interface EventView {
  readonly hwState: number;
  readonly idx: number;
  readonly config: Word;
  readonly destroySet: boolean;
  readonly prevCount: Word;
  readonly callback: string;
  /** Between two facts, waiting for the mutex, or about to return. */
  readonly at: 'idle' | 'point' | 'blocked' | 'out';
  /** The number of the attribute that it was opened as; -1 outside `event_init`. */
  readonly attribute: number;
  readonly fits: boolean;
  readonly flags: number;
  readonly answer: Answer;
  readonly held: number;
  readonly oldOwner: PmcOwner;
  readonly foreignHeld: boolean;
  readonly displaced: boolean;
}

export interface SlotsView {
  readonly nEvents: number;
  /** -1: what lies there is no event. */
  readonly events: readonly (number | null)[];
}

export interface ReservationView {
  readonly owner: number | null;
  readonly waiters: readonly number[];
  readonly perfIrq: PmcOwner;
  readonly foreignHolds: boolean;
}

/** What can be observed of the C in one state. */
export interface SubjectView {
  readonly activeEvents: number;
  readonly reservation: ReservationView;
  readonly slots: readonly SlotsView[];
  readonly events: readonly EventView[];
}

/** What is observed of the C in place of a machine. */
export type ObservedRole = 'driver' | 'slots' | 'activeEvents' | 'reservation';

/** In place of the number of a part: the driver keeps no books of its slots, or has none now. */
const NONE = -1;
/** In place of the part of an event: whether it can go on is a matter of the shared memory too. */
const WAITS = -1;
/** More than there are numbers of pieces. */
const PIECES = 2 ** 26;

/**
 * What can be observed of the C, by number. A state consists of pieces (see `Subject`), of which there are few; of each, what is
 * observed is a part, or some of them: an event, a hart's slots, the reservation. Equal parts have one number.
 */
export class Views {
  readonly #parts: unknown[] = [];
  /** By the number that the process gave it: the number of a part. */
  readonly #told = new Ints();
  /** By piece of the shared memory: which row of `#rows` it is. A row: `activeEvents`, the reservation, the slots of each hart. */
  readonly #rowOf = new Ints();
  readonly #rows = new Ints();
  /** By piece of an event: its part, plus one, or {@link WAITS}. */
  readonly #events = new Ints();
  /** The same, while the mutex of the reservation is taken. */
  readonly #blocked = new Ints();
  /** By piece of the shared memory: 1 where that mutex is taken. */
  readonly #isTaken = new Ints();
  /** By both pieces: the part of an event that waits for another mutex. */
  readonly #waiting = new Map<number, number>();
  readonly #inCalls = new Map<string, number>();
  readonly #width: number;

  constructor(
    readonly events: number,
    readonly harts: number,
  ) {
    this.#width = 2 + harts;
  }

  /** The process tells a part, by a number of its own. */
  tellPart(number: number, part: unknown): void {
    this.#told.set(number, this.#parts.push(part) - 1);
  }

  /** It tells a piece of the shared memory: `activeEvents`, and its numbers of the reservation, and of each hart's slots, if there are any. */
  tellShared(piece: number, activeEvents: number, parts: readonly number[]): void {
    this.#rowOf.set(piece, this.#rows.length);
    this.#rows.push(activeEvents);
    for (let place = 1; place < this.#width; place++) {
      const told = parts[place - 1];
      this.#rows.push(told === undefined ? NONE : this.#told.at(told));
    }
    if ((this.part('reservation', this.shared(piece, 'reservation', 0)) as ReservationView).owner !== null)
      this.#isTaken.set(piece, 1);
  }

  /** It tells a piece of an event: its part, and while the mutex of the reservation is taken, for which it may wait. */
  tellEvent(piece: number, part: number, blocked: number): void {
    this.#events.set(piece, this.#told.at(part) + 1);
    this.#blocked.set(piece, this.#told.at(blocked) + 1);
  }

  /** It tells both pieces, where an event waits for another mutex. */
  tellWaiting(shared: number, piece: number, part: number): void {
    this.#waiting.set(shared * PIECES + piece, this.#told.at(part));
    this.#events.set(piece, WAITS);
  }

  /** The part of an event, by its piece and that of the shared memory; undefined if it was not told. */
  event(shared: number, piece: number): number | undefined {
    const part = this.#events.at(piece);
    if (part === WAITS) return this.#waiting.get(shared * PIECES + piece);
    const seen = this.#isTaken.at(shared) === 1 ? this.#blocked.at(piece) : part;
    return seen > 0 ? seen - 1 : undefined;
  }

  /** The part that is another one, but for a callback that runs. */
  inCall(part: number, callback: string, flags: number): number {
    const key = `${part} ${callback} ${flags}`;
    let inside = this.#inCalls.get(key);
    if (inside === undefined) {
      const event: EventView = { ...(this.#parts[part] as EventView), at: 'point', callback, flags };
      inside = this.#parts.push(event) - 1;
      this.#inCalls.set(key, inside);
    }
    return inside;
  }

  /** What of the shared memory stands in place of a machine: the number of a part; of `activeEvents` the value itself. */
  shared(piece: number, role: Exclude<ObservedRole, 'driver'>, index: number): number {
    return this.#rows.at(this.#rowOf.at(piece) + (role === 'slots' ? 2 + index : role === 'reservation' ? 1 : 0));
  }

  /** What has the number that was given; of `activeEvents` the value, of slots of which nothing is kept undefined. */
  part(role: ObservedRole, seen: number): unknown {
    return role === 'activeEvents' ? seen : this.#parts[seen];
  }

  /** All that can be observed, where `seen` gives the number of what stands in place of a machine. */
  all(seen: (role: ObservedRole, index: number) => number): SubjectView {
    const part = <T>(role: ObservedRole, index: number): T => this.part(role, seen(role, index)) as T;
    const parts = <T>(count: number, role: ObservedRole): T[] =>
      Array.from({ length: count }, (_, at) => part(role, at));
    return {
      activeEvents: part('activeEvents', 0),
      reservation: part('reservation', 0),
      slots: parts<SlotsView | undefined>(this.harts, 'slots').filter((slots) => slots !== undefined),
      events: parts(this.events, 'driver'),
    };
  }
}
