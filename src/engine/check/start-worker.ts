import { type ResourceLimits, Worker } from 'node:worker_threads';

/** A worker that runs a file of ours, named as `.ts`; where that is what this file is too, with the loader that sources need. */
export function startWorker(file: URL, resourceLimits: ResourceLimits = {}): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL(file.href.replace(/\.ts$/, '.js')), { resourceLimits });
  const url = JSON.stringify(file);
  return new Worker(`import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); });`, {
    eval: true,
    execArgv: [],
    resourceLimits,
  });
}
