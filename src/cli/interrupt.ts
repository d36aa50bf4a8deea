/** What ends a command from outside, and can be heard: Ctrl-C, `kill`, a terminal that goes away. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that can be interrupted: the first signal aborts it, so that it can still say what it has; a second one
 * ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    interrupt.abort();
    listen('off');
  };
  const listen = (what: 'on' | 'off'): void => {
    for (const signal of SIGNALS) process[what](signal, onSignal);
  };
  listen('on');
  try {
    return await work(interrupt.signal);
  } finally {
    listen('off');
  }
}
