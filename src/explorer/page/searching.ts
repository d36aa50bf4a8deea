import { signal } from '@preact/signals';
import type { Covered, Progress } from '../../engine/check/index.ts';
import type { Verdict } from '../../facts/index.ts';
import type { Subject } from '../../replay/subject.ts';
import { driverOf } from '../session/drivers.ts';
import type { SearchOrder, SearchReport } from '../session/search-messages.ts';

/** How a search of the present subject stands. */
export type Searching =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress?: Progress; readonly cancelled?: true }
  | { readonly kind: 'done'; readonly covered: Covered; readonly verdicts: ReadonlyMap<string, Verdict> }
  | { readonly kind: 'failed'; readonly message: string };

export const searching = signal<Searching>({ kind: 'none' });

let worker: Worker | undefined;

/** Searches every log of a subject, in a worker. */
export function startSearch(subject: Subject): void {
  endSearch();
  const started = new Worker(new URL('./search-worker.js', import.meta.url), { type: 'module' });
  started.onmessage = ({ data }: MessageEvent<SearchReport>) => {
    if (started === worker) hear(data);
  };
  started.onerror = ({ message }) => {
    if (started === worker) hear({ kind: 'failed', message: message || 'the worker could not be started' });
  };
  worker = started;
  searching.value = { kind: 'running' };
  const { port } = driverOf(subject);
  order({ kind: 'search', subject, ...(port && { port }) });
}

/** Asks the search to stop with what it has. */
export function cancelSearch(): void {
  if (searching.value.kind !== 'running') return;
  searching.value = { ...searching.value, cancelled: true };
  order({ kind: 'cancel' });
}

/** Ends the search and forgets it. */
export function endSearch(): void {
  worker?.terminate();
  worker = undefined;
  searching.value = { kind: 'none' };
}

const order = (message: SearchOrder): void => worker?.postMessage(message);

function hear(report: SearchReport): void {
  if (report.kind === 'progress') {
    const cancelled = searching.value.kind === 'running' && searching.value.cancelled;
    searching.value = { kind: 'running', progress: report.progress, ...(cancelled && { cancelled }) };
    return;
  }
  searching.value = report.kind === 'done' ? { ...report, verdicts: new Map(report.verdicts) } : report;
  worker?.terminate();
  worker = undefined;
}
