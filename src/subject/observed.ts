import type { Present } from '../engine/check/index.ts';
import type { Pmu, Role } from '../facts/index.ts';
import { ATTRIBUTE_NAMES } from './code.ts';
import type { EventView, SlotsView, SubjectView } from './subject.ts';

/** What is observed of the C in place of a machine. */
export type ObservedRole = Extract<Role, 'driver' | 'slots' | 'activeEvents' | 'reservation'>;

/**
 * The C as the properties see it: for each machine that a model would have, a state of the same shape, with the numbers
 * that were observed. Equal observations have one number.
 */
export class Observed {
  readonly presents: Present[] = [];
  readonly #numbers = new Map<string, number>();
  /** Views share what is the same in them: each part is written out once. */
  readonly #known = new WeakMap<object, number>();
  /** By the value of `activeEvents`. */
  readonly #counts = new Map<number, number>();

  /** `pmu` is the one that the driver is audited for: its properties speak of it. */
  constructor(readonly pmu: Pmu) {}

  /** The number of what a machine of that role would look like. */
  number(view: SubjectView, role: ObservedRole, index: number): number {
    const seen = part(view, role, index);
    const known = typeof seen === 'object' ? this.#known : this.#counts;
    let number = known.get(seen as never);
    if (number === undefined) {
      number = this.#intern(role, seen);
      known.set(seen as never, number);
    }
    return number;
  }

  #intern(role: ObservedRole, seen: unknown): number {
    const key = `${role} ${JSON.stringify(seen)}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.presents.push(PRESENTS[role](seen as never, this.pmu)) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

const NO_SLOTS: SlotsView = { nEvents: 0, events: [] };

function part(view: SubjectView, role: ObservedRole, index: number): object | number {
  switch (role) {
    case 'driver':
      return view.events[index]!;
    case 'slots':
      return view.slots[index] ?? NO_SLOTS;
    case 'activeEvents':
      return view.activeEvents;
    case 'reservation':
      return view.reservation;
  }
}

const PRESENTS = {
  driver: ({ held, foreignHeld, displaced, ...event }: EventView, pmu: Pmu): Present => {
    const { attribute, at, callback } = event;
    const value = at === 'idle' ? 'idle' : { [callback]: at };
    return present(
      { ...event, pmu, attribute: ATTRIBUTE_NAMES[attribute] ?? null, ghost: { held, foreignHeld, displaced } },
      value,
      at === 'idle' ? ['idle'] : [],
    );
  },
  slots: (slots: SlotsView): Present => present({ ...slots, overrun: slots.events.includes(-1) }, {}, []),
  activeEvents: (value: number): Present => present({ value }, {}, []),
  reservation: (reservation: SubjectView['reservation']): Present =>
    present({ ...reservation }, {}, reservation.foreignHolds ? ['foreign holds'] : []),
} as const;

function present(context: object, value: string | object, tags: readonly string[]): Present {
  return {
    context,
    value: value as Present['value'],
    hasTag: (tag: string) => tags.includes(tag),
    matches: (asked: unknown) => matches(value, asked),
  } as Present;
}

function matches(value: unknown, asked: unknown): boolean {
  if (typeof asked === 'string') return value === asked || (typeof value === 'object' && asked in (value as object));
  return Object.entries(asked as object).every(
    ([key, inside]) => typeof value === 'object' && (value as Record<string, unknown>)[key] === inside,
  );
}
