/** What stands for Node's modules in the page, where a search has one thread and no workers of its own. */
export const availableParallelism = (): number => 1;

export const once = unavailable;
export const Worker = unavailable;
export const parentPort = null;

function unavailable(): never {
  throw new Error('there are no worker threads in the page');
}
