import { type Attribute, type Counter, type Fact, type FactType, WIRING, type Word } from '../facts/index.ts';
import type { CallbackLine, TraceLine } from './line.ts';

/** A callback of the trace that has been entered and has not returned. */
export interface Call {
  readonly line: CallbackLine;
  /** The event of the model that stands for the line's event. */
  readonly event: number;
  /** False while what the recorder saw at the entry is still ahead. */
  readonly running: boolean;
  /** What the callback has added to `event->count`. */
  readonly counted: Word;
  /** How many warnings the driver has run into. */
  readonly warned: number;
}

/** The fact with which the core makes a callback. */
export function callFact({ cb, cpu: hart, flags = 0 }: CallbackLine, event: number, attribute: Attribute): Fact {
  switch (cb) {
    case 'event_init':
      return { type: 'event_init.call', event, attribute };
    case 'event_destroy':
      return { type: 'destroy.call', event };
    case 'read':
      return { type: 'read.call', event, hart };
    default:
      return { type: `${cb}.call`, event, hart, flags };
  }
}

/** Every callback that a core could make for an event on a hart, as facts. */
export function conceivable(event: number, attribute: Attribute, hart: number): Fact[] {
  const flagged = { add: [0, 1], del: [0], start: [0, 2], stop: [0, 4] } as const;
  return [
    { type: 'event_init.call', event, attribute },
    ...Object.entries(flagged).flatMap(([cb, all]) =>
      all.map((flags): Fact => ({ type: `${cb as keyof typeof flagged}.call`, event, hart, flags })),
    ),
    { type: 'read.call', event, hart },
    { type: 'destroy.call', event },
  ];
}

/** The facts of a type that the driver of a call could initiate, without what machines author. */
export function offers(type: FactType, { event, line }: Call, counters: readonly Counter[]): Fact[] {
  const { indices } = WIRING[type];
  const bare = { type, event, ...((indices as readonly string[]).includes('hart') && { hart: line.cpu }) };
  if (type !== 'csr.read') return [bare as Fact];
  return counters.flatMap((counter) => (['low', 'high'] as const).map((half) => ({ ...bare, counter, half }) as Fact));
}

/** A callback in the words of the trace. */
export function callText(fact: Fact): string {
  const name = fact.type === 'destroy.call' ? 'event_destroy' : fact.type.replace('.call', '');
  const flags = 'flags' in fact ? ` flags ${fact.flags}` : '';
  return 'hart' in fact ? `${name}${flags} on cpu ${fact.hart}` : name;
}

/**
 * Whether a callback must have returned before another line was written: one of the same event; of the same task, unless that was
 * interrupted or switched out inside the callback; of the same CPU, if the callback runs with interrupts off; or of another
 * scenario, since the recorder is emptied, exits and all, before one begins.
 */
export function mustHaveReturned(call: CallbackLine, next: TraceLine): boolean {
  if (call.left !== undefined) return next.line >= call.left;
  if (next.scn !== call.scn || (call.irqoff && next.cpu === call.cpu)) return true;
  if (next.cb === 'mark') return next.pid === call.pid;
  const inside = next.hardirq || next.via.startsWith('switch_');
  return next.id === call.id || (next.pid === call.pid && !inside);
}
