import { freemem, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** So much of a memory is used before a search gives up: the rest is for its report. */
const FULL = 0.85;

/** What there is too little memory of to go on, or undefined while there is enough. */
export function shortOfMemory(): string | undefined {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used > limit * FULL) return `the heap of ${Math.round(limit / 2 ** 20)} MiB is used up`;
  const total = process.constrainedMemory?.() || totalmem();
  const available = process.availableMemory?.() ?? freemem();
  if (available < Math.min(total, totalmem()) * (1 - FULL) * 0.3) return 'the memory of this machine is used up';
  return undefined;
}
