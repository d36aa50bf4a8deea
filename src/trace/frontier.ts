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
  /** The one of the same hash that was met before. */
  next: Met | undefined;
}

/**
 * The orders that were met, without those that another one makes useless: which did the same that others can tell, and in which
 * every call has seen what it waited for, of which that is so in this one.
 */
export class Frontier {
  readonly #met = new Map<number, Met>();
  size = 0;

  /** The order as it is followed; undefined if one like it is. */
  meet(order: Order, isCovered: boolean): Met | undefined {
    const { pending } = order;
    let hash = Math.imul(order.shared.id, 0x9e3779b1) ^ Math.imul(order.around.id, 0x85ebca6b);
    let mask = 0;
    for (let index = 0; index < pending.length; index++) {
      const { origin, level } = pending[index]!;
      if (!order.calls[index]!.isFromBefore) hash = Math.imul(hash ^ origin, 0x01000193);
      if (pending[index]!.anywhere !== undefined) mask |= index < MASKED ? ALL_LEVELS << (2 * index) : 0;
      else if (isMasked(order, index)) mask |= LEVELS[level]! << (2 * index);
      else hash = Math.imul(hash ^ level, 0x01000193);
    }
    const first = this.#met.get(hash);
    for (let other = first; other !== undefined; other = other.next) {
      if (other.isLess || (mask | other.mask) !== other.mask || !isLike(order, other.order)) continue;
      if (mask === other.mask) {
        if (isCovered) other.isCovered = true;
        if (!isLike(other.order, order)) return undefined;
        if (order.turned < other.order.turned) other.order = order;
      }
      return undefined;
    }
    for (let other = first; other !== undefined; other = other.next)
      if ((other.mask | mask) === mask && isLike(order, other.order)) other.isLess = true;
    const met = { order, mask, isCovered, isLess: false, next: first };
    this.#met.set(hash, met);
    this.size++;
    return met;
  }
}

/** A level as bits: one is less than another where its bits are among the other's. */
const LEVELS = [0, 1, 3] as const;
const ALL_LEVELS = LEVELS[2];

/** What a call with interrupts off does on its hart is seen there by others. */
const isMasked = ({ calls, pending }: Order, index: number): boolean =>
  index < MASKED && pending[index]!.level < LEVELS.length && !calls[index]!.line.irqoff;

/** Whether two orders did the same that others can tell, or the other one may have. */
function isLike(one: Order, other: Order): boolean {
  if (one.shared !== other.shared || one.around !== other.around || one.pending.length !== other.pending.length)
    return false;
  for (let index = 0; index < one.pending.length; index++) {
    const [its, others] = [one.pending[index]!, other.pending[index]!];
    if (others.anywhere !== undefined && one.calls[index] === other.calls[index]) continue;
    if (its.origin !== others.origin || one.calls[index]!.line !== other.calls[index]!.line) return false;
    if (its.level !== others.level && !(isMasked(one, index) && isMasked(other, index))) return false;
  }
  return true;
}
