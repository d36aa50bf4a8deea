import { setImmediate } from 'node:timers/promises';
import { NoWriter } from '../outside/read-input.ts';
import { UsageError } from './exit.ts';
import { statusLine } from './status.ts';

/** The rows of a kernel's trace, and whether it is a log of callbacks. Throws a UsageError if the file cannot be read. */
export async function openTrace(file: string): Promise<{ rows: Iterable<string>; isOfCallbacks: boolean }> {
  const { rowsIn } = await import('../trace/rows.ts');
  const { isCallbacks } = await import('../trace/is-trace.ts');
  const rows = rowsIn(file);
  const head: string[] = [];
  try {
    for (let next = rows.next(); !next.done; next = rows.next()) {
      head.push(next.value);
      if (next.value.trim() !== '') break;
    }
  } catch (error) {
    if (error instanceof NoWriter) throw new UsageError(error.message);
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  return { rows: chained(head, rows), isOfCallbacks: isCallbacks(head.at(-1) ?? '') };
}

function* chained(head: readonly string[], rest: Iterable<string>): Generator<string> {
  yield* head;
  yield* rest;
}

/** Runs work on a kernel's trace; what is wrong with the file becomes a UsageError that names it. */
export async function orTraceError<T>(file: string, work: () => Promise<T>): Promise<T> {
  const { BrokenLine, NoRecording, TooLarge } = await import('../trace/index.ts');
  try {
    return await work();
  } catch (error) {
    if (error instanceof BrokenLine) throw new UsageError(`${file}: ${error.message}`);
    if (error instanceof NoRecording || error instanceof TooLarge) throw new UsageError(`${file} ${error.message}`);
    throw error;
  }
}

/** Milliseconds of work between two looks at the terminal. */
const SLICE = 100;

/** What a long fold comes to; the status line says how far it is. */
export async function watched<P, T>(folding: Generator<P, T>, text: (done: P) => string): Promise<T> {
  const status = statusLine();
  let looked = performance.now();
  try {
    for (;;) {
      const step = folding.next();
      if (step.done) return step.value;
      if (performance.now() - looked < SLICE) continue;
      status.show(text(step.value));
      await setImmediate();
      looked = performance.now();
    }
  } finally {
    status.clear();
  }
}
