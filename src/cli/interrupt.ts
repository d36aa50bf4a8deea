import { visible } from '../outside/visible.ts';
import { EXIT, Interrupted } from './exit.ts';
import { say } from './output.ts';

/** What ends a command from outside, and can be heard: Ctrl-C, `kill`, a terminal that goes away. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Who is told of the next signal. */
const told: (() => void)[] = [];

/**
 * Makes every command say that it was interrupted. Work that asked for it is told, so that it can still say what it has; else the
 * process ends at once, with the status of {@link Interrupted}: what was not decided by then is no pass.
 */
export function mindSignals(): void {
  for (const signal of SIGNALS)
    process.on(signal, () => {
      const asked = told.splice(0);
      for (const tell of asked) tell();
      if (asked.length > 0) return;
      say(NOTHING_MORE);
      process.exit(EXIT.interrupted);
    });
}

/** What is said where there is nothing to report. */
const NOTHING_MORE = 'interrupted: what was not decided by then is no pass';

/** The error of work that was interrupted before there was anything to report. */
export const interrupted = (): Interrupted => new Interrupted(NOTHING_MORE);

/** Milliseconds after which code of the user's that is not done is named. */
const SOON = 2000;

/**
 * Runs code of the user's, which may loop: then no signal could be heard, so that each ends the process at once, by itself. A thread
 * beside it says so where it takes long. `what` is a sentence's beginning: `my.config.ts has not come to its end`.
 */
export async function mortal<T>(what: string, work: () => Promise<T>): Promise<T> {
  const { Worker } = await import('node:worker_threads');
  const heard = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  for (const [signal] of heard) process.removeAllListeners(signal);
  const text = `hartproof: ${visible(what)} in ${SOON / 1000} seconds: Ctrl-C ends it\n`;
  const beside = new Worker(
    "const { workerData: [text, soon] } = require('node:worker_threads'); setTimeout(() => require('node:fs').writeSync(2, text), soon);",
    { eval: true, workerData: [text, SOON], env: {}, execArgv: [] },
  );
  beside.unref();
  try {
    return await work();
  } finally {
    for (const [signal, listeners] of heard) for (const listener of listeners) process.on(signal, listener);
    await beside.terminate();
  }
}

/** Resolves at the next signal, which ends nothing by itself. */
export const nextSignal = (): Promise<void> => new Promise((resolve) => told.push(resolve));

/** Runs work that is told of the first signal instead of being ended; a second one ends the process at once. */
export async function untilSignal<T>(onSignal: () => void, work: () => Promise<T>): Promise<T> {
  told.push(onSignal);
  try {
    return await work();
  } finally {
    const at = told.lastIndexOf(onSignal);
    if (at >= 0) told.splice(at, 1);
  }
}

/** Runs work that the first signal aborts, so that it can still say what it has; a second one ends the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  return untilSignal(
    () => interrupt.abort(),
    () => work(interrupt.signal),
  );
}
