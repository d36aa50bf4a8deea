import type { Role } from '../facts/index.ts';
import type { SubjectView } from './subject.ts';

interface Unlike {
  readonly what: string;
  readonly model: string;
  readonly c: string;
}

type Context = Readonly<Record<string, unknown>>;

/** What is compared between a machine of the model and the C: in both words, by the C's name. */
const COMPARED: {
  readonly [R in Role]?: (view: SubjectView, index: number, context: Context) => [string, unknown, unknown][];
} = {
  driver: ({ events }, index, { hwState, idx, config, destroySet }) => {
    const event = events[index]!;
    return [
      [`event ${index}: hw.state`, hwState, event.hwState],
      [`event ${index}: hw.idx`, idx, event.idx],
      [`event ${index}: hw.config`, config, event.config],
      [`event ${index}: destroy is set`, destroySet, event.destroySet],
    ];
  },
  count: ({ events }, index, { prevCount }) => [[`event ${index}: hw.prev_count`, prevCount, events[index]!.prevCount]],
  slots: ({ slots }, index, { nEvents, events, overrun }) =>
    // What lies beside events[] is no more the model's to know once an event was written there.
    overrun === true
      ? []
      : [
          [`hart ${index}: n_events`, nEvents, slots[index]?.nEvents],
          [`hart ${index}: events[]`, events, slots[index]?.events],
        ],
  activeEvents: ({ activeEvents }, _, { value }) => [['riscv_active_events', value, activeEvents]],
  reservation: ({ reservation }, _, { owner, waiters, perfIrq }) => [
    ['owner of the mutex', owner, reservation.owner],
    ['waiters for the mutex', waiters, reservation.waiters],
    ['perf_irq', perfIrq, reservation.perfIrq],
  ],
};

/** How each view compares, found once: equal views are one object. */
const viewNumbers = new WeakMap<SubjectView, number>();
let views = 0;

/**
 * The first thing in which a machine and the C differ, or null. `local` is the number of the machine's state; what was
 * found alike is remembered in `alike`.
 */
export function firstMismatch(
  alike: Map<string, number>,
  view: SubjectView,
  role: Role,
  index: number,
  local: number,
  context: () => Context,
): Unlike | null {
  const compare = COMPARED[role];
  if (compare === undefined) return null;
  let number = viewNumbers.get(view);
  if (number === undefined) {
    number = views++;
    viewNumbers.set(view, number);
  }
  const key = `${role} ${index} ${local} ${number}`;
  if (alike.has(key)) return null;
  for (const [what, model, c] of compare(view, index, context()))
    if (JSON.stringify(model) !== JSON.stringify(c))
      return { what, model: JSON.stringify(model), c: JSON.stringify(c) };
  alike.set(key, 1);
  return null;
}
