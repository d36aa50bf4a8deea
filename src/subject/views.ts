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

/**
 * What can be observed of the C, by number. Of the many views each consists of few parts: an event, a hart's slots, the
 * reservation. A part has a number, and so a view is a row of numbers.
 */
export class Views {
  readonly #parts: unknown[] = [];
  /** By the number that the process gave it: the number of a part, and of a view. */
  readonly #toldParts = new Ints();
  readonly #toldViews = new Ints();
  readonly #rows = new Ints();
  readonly #inCalls = new Map<string, number>();
  readonly #width: number;

  constructor(
    readonly events: number,
    readonly harts: number,
  ) {
    this.#width = 2 + events + harts;
  }

  /** The process tells a part, by a number of its own. */
  tellPart(number: number, part: unknown): void {
    this.#toldParts.set(number, this.#parts.push(part) - 1);
  }

  /**
   * The process tells a view, which has the next number: `activeEvents`, and its numbers of the reservation, of each event, and of
   * each hart's slots, if there are any.
   */
  tellView([activeEvents, ...parts]: readonly number[]): void {
    this.#toldViews.push(this.#rows.length / this.#width);
    this.#rows.push(activeEvents!);
    for (let place = 1; place < this.#width; place++) {
      const told = parts[place - 1];
      this.#rows.push(told === undefined ? NONE : this.#toldParts.at(told));
    }
  }

  /** The number of a view, by the number that the process gave it. */
  told(number: number): number {
    return this.#toldViews.at(number);
  }

  /** The view that is another one, but for an event in which a callback runs. */
  inCall(view: number, event: number, callback: string, flags: number): number {
    const number = this.#rows.length / this.#width;
    for (let place = 0; place < this.#width; place++) this.#rows.push(this.#rows.at(view * this.#width + place));
    const place = number * this.#width + 2 + event;
    const part = this.#rows.at(place);
    const key = `${part} ${callback} ${flags}`;
    let inside = this.#inCalls.get(key);
    if (inside === undefined) {
      const event: EventView = { ...(this.#parts[part] as EventView), at: 'point', callback, flags };
      inside = this.#parts.push(event) - 1;
      this.#inCalls.set(key, inside);
    }
    this.#rows.set(place, inside);
    return number;
  }

  /** What of a view stands in place of a machine: the number of a part; of `activeEvents` the value itself. */
  seen(view: number, role: ObservedRole, index: number): number {
    return this.#rows.at(view * this.#width + this.#place(role, index));
  }

  #place(role: ObservedRole, index: number): number {
    switch (role) {
      case 'activeEvents':
        return 0;
      case 'reservation':
        return 1;
      case 'driver':
        return 2 + index;
      case 'slots':
        return 2 + this.events + index;
    }
  }

  /** What has the number that {@link seen} gives; of `activeEvents` the value, of slots of which nothing is kept undefined. */
  part(role: ObservedRole, seen: number): unknown {
    return role === 'activeEvents' ? seen : this.#parts[seen];
  }

  event(view: number, event: number): EventView {
    return this.#parts[this.seen(view, 'driver', event)] as EventView;
  }

  reservation(view: number): ReservationView {
    return this.#parts[this.seen(view, 'reservation', 0)] as ReservationView;
  }

  /** All of a view. */
  view(view: number): SubjectView {
    const slots = Array.from({ length: this.harts }, (_, hart) => this.seen(view, 'slots', hart));
    return {
      activeEvents: this.seen(view, 'activeEvents', 0),
      reservation: this.reservation(view),
      slots: slots.filter((part) => part !== NONE).map((part) => this.#parts[part] as SlotsView),
      events: Array.from({ length: this.events }, (_, event) => this.event(view, event)),
    };
  }
}
