/** What stands for Node's modules in the page, where a search has one thread and no workers of its own. */
export const availableParallelism = (): number => 1;

/** Bytes that a search in a page may plan with: no page can ask what is free. */
export const freemem = (): number => 2 ** 31;

export const totalmem = unavailable;
export const getHeapStatistics = unavailable;
export const once = unavailable;
export const Worker = unavailable;
export const parentPort = null;

/** A text without what colours it on a terminal. */
export const stripVTControlCharacters = (text: string): string => text.replace(COLOURS, '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const COLOURS = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

function unavailable(): never {
  throw new Error('there are no worker threads in the page');
}
