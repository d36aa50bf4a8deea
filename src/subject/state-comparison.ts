import type { Role } from '../facts/index.ts';
import type { Code } from './code.ts';
import type { EventView, ObservedRole, ReservationView, SlotsView } from './views.ts';

interface Unlike {
  readonly what: string;
  readonly model: string;
  readonly c: string;
}

type Context = Readonly<Record<string, unknown>>;

/** What is compared with a machine of the model. */
interface Comparison<Seen> {
  /** In place of which machine it is seen of the C. */
  readonly seen: ObservedRole;
  /** In both words, by the C's name. */
  readonly pairs: (seen: Seen, index: number, context: Context) => [what: string, model: unknown, c: unknown][];
}

const comparison = <Seen>(of: Comparison<Seen>): Comparison<unknown> => of as Comparison<unknown>;

const COMPARED: { readonly [R in Role]?: Comparison<unknown> } = {
  driver: comparison<EventView>({
    seen: 'driver',
    pairs: (event, index, { hwState, idx, config, destroySet }) => [
      [`event ${index}: hw.state`, hwState, event.hwState],
      [`event ${index}: hw.idx`, idx, event.idx],
      [`event ${index}: hw.config`, config, event.config],
      [`event ${index}: destroy is set`, destroySet, event.destroySet],
    ],
  }),
  count: comparison<EventView>({
    seen: 'driver',
    pairs: (event, index, { prevCount }) => [[`event ${index}: hw.prev_count`, prevCount, event.prevCount]],
  }),
  slots: comparison<SlotsView | undefined>({
    seen: 'slots',
    pairs: (slots, index, { nEvents, events, overrun }) =>
      // What lies beside events[] is no more the model's to know once an event was written there.
      overrun === true
        ? []
        : [
            [`hart ${index}: n_events`, nEvents, slots?.nEvents],
            [`hart ${index}: events[]`, events, slots?.events],
          ],
  }),
  activeEvents: comparison<number>({
    seen: 'activeEvents',
    pairs: (activeEvents, _, { value }) => [['riscv_active_events', value, activeEvents]],
  }),
  reservation: comparison<ReservationView>({
    seen: 'reservation',
    pairs: (reservation, _, { owner, waiters, perfIrq }) => [
      ['owner of the mutex', owner, reservation.owner],
      ['waiters for the mutex', waiters, reservation.waiters],
      ['perf_irq', perfIrq, reservation.perfIrq],
    ],
  }),
};

/** Compares the state of a machine of the model with what is seen of the C in its place: each pair of states once. */
export class StateComparison {
  readonly #compared: Comparison<unknown> | undefined;
  /** By what is seen of the C, and the number of the machine's state: whether they are known to be alike. */
  readonly #alike: boolean[][] = [];

  constructor(
    role: Role,
    readonly index: number,
    readonly code: Code,
  ) {
    this.#compared = COMPARED[role];
  }

  /** Whether anything is compared at all. */
  get compares(): boolean {
    return this.#compared !== undefined;
  }

  /** Of what differs between two states of the C (see `Subject.difference`), what matters here. */
  get matters(): number {
    return this.#compared?.seen === 'driver' ? 1 << (1 + this.index) : 1;
  }

  /** The first thing in which they differ, or null. `ofC` is the local state of the C, `local` that of the machine, `context` what it holds. */
  firstMismatch(ofC: number, local: number, context: (local: number) => Context): Unlike | null {
    if (this.#compared === undefined) return null;
    const { seen: role, pairs } = this.#compared;
    const seen = this.code.seen(ofC, role, this.index);
    if (this.#alike[seen]?.[local]) return null;
    for (const [what, model, c] of pairs(this.code.subject.views.part(role, seen), this.index, context(local)))
      if (JSON.stringify(model) !== JSON.stringify(c))
        return { what, model: JSON.stringify(model), c: JSON.stringify(c) };
    this.#alike[seen] ??= [];
    this.#alike[seen][local] = true;
    return null;
  }
}
