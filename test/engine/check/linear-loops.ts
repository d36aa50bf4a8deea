import { LinearLoops, SCRATCH } from '../../../src/engine/check/linear-loops.ts';
import type { LinearMemory } from '../../../src/engine/check/linear-memory.ts';
import type { Quotient } from '../../../src/engine/check/quotient.ts';
import { compileTable } from '../../../src/engine/check/table-module.ts';

/** The loops in WebAssembly for states of so many words, in a memory; with integers there that are theirs. */
export const loopsIn = (
  memory: LinearMemory,
  words: number,
  quotient: Quotient | null = null,
  scratch = memory.allocate(SCRATCH),
): LinearLoops => LinearLoops.of({ module: compileTable(words, quotient), memory: memory.memory, scratch, thread: 0 })!;
