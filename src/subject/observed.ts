import type { Present } from '../engine/check/index.ts';
import type { Pmu } from '../facts/index.ts';
import { ATTRIBUTE_NAMES } from './code.ts';
import type { EventView, ObservedRole, ReservationView, SlotsView, Views } from './views.ts';

/**
 * The C as the properties see it: for each machine that a model would have, a state of the same shape, with the numbers
 * that were observed. Equal observations have one number.
 */
export class Observed {
  readonly presents: Present[] = [];
  /** By what is seen of the C: for each kind of machine. */
  readonly #numbers: { readonly [R in ObservedRole]: number[] } = {
    ...{ driver: [], slots: [], activeEvents: [], reservation: [] },
  };

  /** `pmu` is the one that the driver is audited for: its properties speak of it. */
  constructor(
    readonly views: Views,
    readonly pmu: Pmu,
  ) {}

  /** The number of what a machine of that role would look like, by the number of what is seen of the C. */
  number(role: ObservedRole, seen: number): number {
    let number = this.#numbers[role][seen];
    if (number === undefined) {
      number = this.presents.push(PRESENTS[role](this.views.part(role, seen) as never, this.pmu)) - 1;
      this.#numbers[role][seen] = number;
    }
    return number;
  }
}

/** The driver keeps no books, or has none yet. */
const NO_SLOTS: SlotsView = { nEvents: 0, events: [] };

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
  slots: (slots: SlotsView = NO_SLOTS): Present => present({ ...slots, overrun: slots.events.includes(-1) }, {}, []),
  activeEvents: (value: number): Present => present({ value }, {}, []),
  reservation: (reservation: ReservationView): Present =>
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
