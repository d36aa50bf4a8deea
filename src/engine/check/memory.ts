import { freemem, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** So much of a memory is used before a search gives up: the rest is for its report. */
const FULL = 0.85;
/** Milliseconds between two looks: each asks the system. */
const OFTEN = 50;
const MIB = 2 ** 20;

let looked = Number.NEGATIVE_INFINITY;
let found: string | undefined;

/**
 * What there is too little memory of to go on, or undefined while there is enough: of the heap, of this machine, or of so many MiB
 * as the variable `HARTPROOF_MEMORY` allows this process.
 */
export function shortOfMemory(): string | undefined {
  const now = performance.now();
  if (now - looked < OFTEN) return found;
  looked = now;
  found = look();
  return found;
}

/** Whether that is why a search stopped. */
export const isOfMemory = (reason: string): boolean => reason.endsWith(' used up');

const freeOfMachine = (): number => process.availableMemory?.() ?? freemem();

/** Bytes of memory that a search may plan with: what this machine has left, or less where `HARTPROOF_MEMORY` allows less. */
export function availableMemory(): number {
  const allowed = Number(process.env.HARTPROOF_MEMORY);
  return Math.min(freeOfMachine(), allowed > 0 ? allowed * MIB : Infinity);
}

function look(): string | undefined {
  const allowed = Number(process.env.HARTPROOF_MEMORY);
  if (allowed > 0 && process.memoryUsage.rss() > allowed * MIB)
    return `the ${allowed} MiB that HARTPROOF_MEMORY allows are used up`;
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used > limit * FULL) return `the heap of ${Math.round(limit / MIB)} MiB is used up`;
  const total = process.constrainedMemory?.() || totalmem();
  if (freeOfMachine() < Math.min(total, totalmem()) * (1 - FULL) * 0.3) return 'the memory of this machine is used up';
  return undefined;
}
