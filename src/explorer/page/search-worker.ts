import './one-thread.ts';
import { check } from '../../engine/check/search.ts';
import { describeDriver } from '../session/drivers.ts';
import type { SearchOrder, SearchReport } from '../session/search-messages.ts';
import { worldOf } from '../session/world.ts';

/** A page may not take more memory than this for its states. */
const MOST_BYTES = 2 ** 30;

let running: AbortController | undefined;

addEventListener('message', ({ data }: MessageEvent<SearchOrder>) => {
  if (data.kind === 'cancel') running?.abort();
  else void search(data);
});

const report = (message: SearchReport): void => postMessage(message);

async function search({ subject, port }: Extract<SearchOrder, { kind: 'search' }>): Promise<void> {
  running = new AbortController();
  try {
    if (port !== undefined) describeDriver(port);
    const { system, properties } = worldOf(subject);
    const { covered, verdicts } = await check(system, properties, {
      workers: 0,
      limits: { bytes: MOST_BYTES },
      signal: running.signal,
      onProgress: (progress) => report({ kind: 'progress', progress }),
    });
    report({ kind: 'done', covered, verdicts: [...verdicts] });
  } catch (error) {
    report({ kind: 'failed', message: (error as Error).message });
  }
}
