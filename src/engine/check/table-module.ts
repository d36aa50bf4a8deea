import compile from 'watr/compile';
import { PAGES } from './linear-memory.ts';
import { plainMixer, plainTable } from './plain-table-module.ts';
import type { Quotient } from './quotient.ts';
import { quotientMixer, quotientTable } from './quotient-table-module.ts';
import { reach } from './reach-module.ts';
import { sorter } from './sorter-module.ts';
import { Wat } from './wat.ts';
import { WebAssembly, type WebAssemblyModule } from './webassembly.ts';

/**
 * The loops that a large search spends its time in, as a WebAssembly module, for states of so many words, and for how the table tells them
 * apart: see {@link LinearLoops}. All that they work on lies in the memory that the module imports; an address counts bytes.
 *
 * V8 checks each access to a typed array, and compiles these to less than half of the instructions.
 */
export function compileTable(words: number, quotient: Quotient | null = null): WebAssemblyModule {
  const wat = new Wat(words);
  const mixer = quotient === null ? plainMixer(wat) : quotientMixer(wat, quotient);
  const table = quotient === null ? plainTable(wat) : quotientTable(wat, quotient);
  const text = `(module
  (import "env" "memory" (memory ${PAGES} ${PAGES} shared))
  (global $next (export "next") (mut i32) (i32.const 0))
${table}
${sorter(wat, mixer)}
${reach(wat)})`;
  return new WebAssembly!.Module(compile(text));
}
