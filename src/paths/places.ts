import type { AnyMachineSnapshot } from 'xstate';
import type { Fact, System } from '../facts/index.ts';

/** The place of what happens between harts. */
export const BETWEEN_HARTS = 'between harts';

/**
 * Where facts happen, in a system that has several events or several harts: what one of them does tells nothing of the others,
 * and nothing of what they do to each other.
 */
export class Places {
  readonly #lives: readonly number[];
  readonly #harts: number;

  constructor(system: System) {
    this.#lives = system.ofRole('lifecycle');
    this.#harts = system.ofRole('hart').length;
  }

  /** The event and the hart of a fact, as words; none of what there is only one of. */
  of(before: readonly AnyMachineSnapshot[], fact: Fact): string[] {
    const hart = 'hart' in fact ? fact.hart : 'event' in fact ? this.#hartOf(before, fact.event) : null;
    return [
      ...('event' in fact && this.#lives.length > 1 ? [`of event ${fact.event}`] : []),
      ...(hart !== null && this.#harts > 1 ? [`on hart ${hart}`] : []),
    ];
  }

  /**
   * What an event that was added does between harts: it comes from another one, or runs beside an event on another one.
   * `ranOn` has by event the hart on which it ran last (before: not yet, `''`), and is changed.
   */
  between(before: readonly AnyMachineSnapshot[], fact: Fact, ranOn: string[]): string[] {
    if (this.#harts <= 1) return [];
    if (fact.type === 'event.free') ranOn[fact.event] = '';
    if (fact.type !== 'add.return' || fact.answer !== 0) return [];
    const { event, hart } = fact;
    const from = ranOn[event] ?? '';
    ranOn[event] = String(hart);
    const moves =
      from === '' || from === String(hart) ? [] : [`event ${event} moves from hart ${from} to hart ${hart}`];
    const beside = this.#lives.flatMap((_, other) => {
      const on = other === event ? null : this.#hartOf(before, other);
      return on === null || on === hart ? [] : [`event ${event} on hart ${hart} beside event ${other} on hart ${on}`];
    });
    return [...moves, ...beside];
  }

  #hartOf(snapshots: readonly AnyMachineSnapshot[], event: number): number | null {
    return snapshots[this.#lives[event]!]!.context.hart;
  }
}
