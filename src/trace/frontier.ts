import type { Order } from './order.ts';

/** How many calls have their levels in a mask of 32 bits. */
const MASKED = 15;

/** An order that a search has met. */
export interface Met {
  order: Order;
  readonly mask: number;
  /** Whether it comes of an order that goes on already, by steps that can also be taken later. */
  isCovered: boolean;
  /** Whether another one was met that has come further in all. */
  isLess: boolean;
}

/**
 * The orders that were met, without those that another one makes useless: which did the same that others can tell, and in which
 * every call has seen what it waited for, of which that is so in this one.
 */
export class Frontier {
  readonly #met = new Map<string, Met[]>();
  size = 0;

  /** The order as it is followed; undefined if one like it is. */
  meet(order: Order, isCovered: boolean): Met | undefined {
    let key = `${order.shared.id}`;
    let mask = 0;
    for (let index = 0; index < order.calls.length; index++) {
      const { origin, level, line } = order.calls[index]!;
      key += ` ${origin}`;
      // What a call with interrupts off does on its hart is seen there by others.
      if (index < MASKED && level < 3 && !line.irqoff) mask |= LEVELS[level]! << (2 * index);
      else key += `/${level}`;
    }
    const like = this.#met.get(key);
    const met = { order, mask, isCovered, isLess: false };
    if (like === undefined) this.#met.set(key, [met]);
    else {
      for (const other of like) {
        if ((mask | other.mask) !== other.mask) continue;
        if (isCovered && mask === other.mask) other.isCovered = true;
        if (mask === other.mask && order.turned < other.order.turned) other.order = order;
        return undefined;
      }
      const kept = like.filter((other) => {
        other.isLess = (mask | other.mask) === mask;
        return !other.isLess;
      });
      this.#met.set(key, [...kept, met]);
    }
    this.size++;
    return met;
  }
}

/** A level as bits: one is less than another where its bits are among the other's. */
const LEVELS = [0, 1, 3] as const;
