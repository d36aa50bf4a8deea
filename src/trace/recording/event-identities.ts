import { CORES, type CoreName } from '../../../machines/cores.ts';
import { ERRNO, PERF_TYPE } from '../../facts/index.ts';
import type { RecordedCall } from './calls.ts';

/** One event, from its open on: an address is used again when the kernel has freed it. */
interface Life {
  readonly id: number;
  /** Closed, or refused so that nothing can follow. */
  over: boolean;
  /** The core will ask once more, on this thread; it has asked twice. */
  asksAgain?: number;
  askedTwice?: true;
}

const ASKED_TWICE: readonly (number | undefined)[] = [PERF_TYPE.HARDWARE, PERF_TYPE.HW_CACHE];

/** Tells the events of a recording apart, which shows addresses only. */
export class EventIdentities {
  readonly #lives = new Map<string, Life>();
  #count = 0;

  constructor(readonly core: CoreName) {}

  /** The id of the event of a call; calls must come in the order of their entries. */
  idOf(call: RecordedCall): number {
    const { callback, event, entry, exit } = call;
    let life = this.#lives.get(event);
    if (callback === 'event_init' && life !== undefined && !this.#goesOn(life, call)) life = undefined;
    life ??= this.#begin(event);
    if (life.asksAgain !== undefined) life.askedTwice = true;
    delete life.asksAgain;
    if (callback === 'event_destroy') life.over = true;
    const ret = callback === 'event_init' ? exit?.values.integerIf('ret') : undefined;
    if (ret !== undefined && ret !== 0) {
      life.over = true;
      const asksAgain = CORES[this.core].asksTwice && ret === -ERRNO.ENOENT && !life.askedTwice;
      if (asksAgain && ASKED_TWICE.includes(entry.values.integerIf('type'))) life.asksAgain = entry.task;
    }
    return life.id;
  }

  /** The id of the event that is at an address now; a new one if it was not met before. */
  at(address: string): number {
    return (this.#lives.get(address) ?? this.#begin(address)).id;
  }

  /** Whether an open is of the event that is at its address already: the core asks it once more, or never closed it. */
  #goesOn(life: Life, { entry }: RecordedCall): boolean {
    return !life.over || life.asksAgain === entry.task;
  }

  #begin(address: string): Life {
    const life = { id: ++this.#count, over: false };
    this.#lives.set(address, life);
    return life;
  }
}
