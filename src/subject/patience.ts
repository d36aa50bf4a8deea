import { Worker } from 'node:worker_threads';

/**
 * What the watch shares with the one who waits, who can do nothing meanwhile: the process that is waited for (0: none), the
 * number of the wait, how many seconds it may take, and the process that was ended because it took longer.
 */
const [PROCESS, WAIT, SECONDS, ENDED] = [0, 1, 2, 3];

/** It counts seconds by its own beats: a machine that slept meanwhile, or a caller that was stopped, has none. */
const WATCH = `
const { workerData: cells } = require('node:worker_threads');
let wait = -1, beats = 0;
setInterval(() => {
  const [process_, now, seconds] = cells;
  beats = now === wait ? beats + 1 : 0;
  wait = now;
  if (process_ === 0 || beats < seconds) return;
  cells[${ENDED}] = process_;
  try { process.kill(process_, 'SIGKILL'); } catch {}
}, 1000);
`;

let cells: Int32Array | undefined;

function watch(): Int32Array {
  if (cells === undefined) {
    cells = new Int32Array(new SharedArrayBuffer(16));
    new Worker(WATCH, { eval: true, workerData: cells, execArgv: [] }).unref();
  }
  return cells;
}

/**
 * Waits for a process, which is ended if that takes more than so many seconds: it may be stopped, or asleep, and would be
 * waited for for ever. `wait` then comes back as for any process that ends.
 */
export function inTime<T>(process: number, seconds: number, wait: () => T): T {
  const shared = watch();
  shared[WAIT]!++;
  shared[SECONDS] = seconds;
  shared[PROCESS] = process;
  try {
    return wait();
  } finally {
    shared[PROCESS] = 0;
  }
}

/** Whether a process was ended because it took too long. */
export const tookTooLong = (process: number): boolean => cells?.[ENDED] === process;
