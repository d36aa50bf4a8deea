import { CALLBACKS, type CallbackName } from '../line.ts';
import type { TracedDriver, TracedFunction } from './driver.ts';

/** How wide a comment may be. */
const WIDTH = 110;

/** The callbacks of a driver that were found, in the order of `struct pmu`. */
export const callbacksOf = ({ functions }: TracedDriver): [CallbackName, TracedFunction][] =>
  CALLBACKS.flatMap((callback): [CallbackName, TracedFunction][] => {
    const traced = functions[callback];
    return traced === undefined ? [] : [[callback, traced]];
  });

/** Sentences as comments, broken into lines; a command, which begins with spaces, stays in one, to be copied. */
export function comment(mark: string, sentences: readonly string[]): string[] {
  return sentences.flatMap((sentence) => {
    if (sentence.startsWith('  ')) return [`${mark} ${sentence}`];
    const rows: string[] = [];
    // What is set apart by spaces stays as it is.
    for (const word of sentence.split(/(?<=\S) (?=\S)/)) {
      const last = rows.at(-1);
      if (last === undefined || last.length + word.length >= WIDTH) rows.push(word);
      else rows[rows.length - 1] = `${last} ${word}`;
    }
    return rows.map((row, index) => `${mark} ${index === 0 ? '' : '  '}${row}`);
  });
}
