import { readFileSync } from 'node:fs';
import { shared } from '../needs.ts';

const PATCH = 'seed/perf-riscv-preliminary-support.txt';

/** Where the patch that brought the driver is, in `shared`. */
export const POSTED_PATCH = PATCH;

/** The lines of the posted `perf_event.c`, read out of the patch: line 1 is at index 1. It stays in memory. */
export function postedLines(): readonly string[] {
  const patch = readFileSync(shared(PATCH), 'utf8').split('\n');
  const start = patch.indexOf('+++ b/arch/riscv/kernel/perf_event.c') + 2;
  const length = Number(/^@@ -0,0 \+1,(\d+) @@/.exec(patch[start - 1] ?? '')?.[1]);
  return ['', ...patch.slice(start, start + length).map((line) => line.slice(1))];
}

/** The first and last line of a function of the file. Throws an Error if it is not there. */
export function spanOf(lines: readonly string[], name: string): readonly [number, number] {
  const definition = new RegExp(`^\\w.*\\b${name}\\([^;]*$`);
  const first = lines.findIndex((line) => definition.test(line));
  if (first === -1) throw new Error(`perf_event.c has no function ${name}`);
  return [first, lines.indexOf('}', first)];
}
