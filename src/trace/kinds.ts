import type { Kernel } from './kernel.ts';
import type { CallbackLine, Snapshot } from './line.ts';
import { Only } from './only.ts';
import type { CallKind } from './order.ts';

/** How many kinds are kept: each has all that its calls did in it. */
const KEPT = 1 << 13;

/**
 * The calls of a trace by kind: opens and closes of which the recorder saw the same go one way, whatever their lines, and whatever
 * count they saw.
 */
export class CallKinds {
  readonly #kinds = new Only<CallKind>(KEPT);

  constructor(readonly kernel: Kernel) {}

  of(line: CallbackLine): CallKind {
    const { indexTrace } = this.kernel;
    const { cb, cpu, ret, warned, before, after, id, irqoff } = line;
    const event = indexTrace.events.get(id)!;
    const { slots, n_events } = before;
    const looksAround =
      irqoff ||
      (cb !== 'event_init' && cb !== 'event_destroy') ||
      (slots ?? n_events ?? after.slots ?? after.n_events) !== undefined ||
      this.kernel.isInGroup(line);
    const like = { ...line, before: withoutCount(before), after: withoutCount(after) };
    const make = (): CallKind => ({ line: like, event, looksAround, roots: [], states: new Map() });
    if (looksAround) return make();
    const ends = [indexTrace.last.has(line.line), indexTrace.lastOfTask.get(line.pid) === line.line];
    const key = [event, indexTrace.kinds.get(id), cb, cpu, ret, warned, like.before, like.after, ...ends];
    return this.#kinds.of(JSON.stringify(key), make);
  }
}

function withoutCount({ active, ...seen }: Partial<Snapshot>): Partial<Snapshot> {
  return seen;
}
