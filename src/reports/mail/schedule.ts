import { type Step, stepText } from '../../findings/finding.ts';
import { ascii } from '../../outside/escape.ts';
import { wrap } from '../wrap.ts';

/** A mail to a list is read in a terminal of 80 columns, and quoted. */
export const WIDTH = 72;

/** Where two columns leave each other room, the second begins so far in. */
const STEP = 28;

/** Where columns would begin closer together than that, a list is easier to read. */
const CLOSEST = 6;

/** How Linux names what does a row: a hart is a CPU. */
const titleOf = (who: string): string => who.replace(/^hart (\d+)$/, 'CPU$1');

/**
 * The rows of a counterexample, each under the task or the CPU that does it, in {@link WIDTH} columns. The row that violates the
 * property is marked, and has under it what is different after it. `unnamed` does the rows that say nobody.
 */
export function scheduleLines(steps: readonly Step[], margin: number, unnamed = ''): string[] {
  const columns = [...new Set(steps.map(({ who }) => (who === '' ? unnamed : who)))];
  const words = steps.flatMap(({ what }) => ascii(what).split(/[ \n]/));
  const longest = Math.max(...words.map(({ length }) => length), ...columns.map(({ length }) => length));
  const room = WIDTH - margin - 2 - longest;
  const apart = columns.length < 2 ? 0 : Math.min(STEP, Math.floor(room / (columns.length - 1)));
  if (columns.length > 1 && apart < CLOSEST)
    return steps.flatMap((step) => rowLines(step, ascii(stepText(step)), margin, 0));
  const heads = columns.map((who) => titleOf(who));
  return [
    ...(heads.join('') === ''
      ? []
      : [heads, heads.map(({ length }) => '-'.repeat(length))].map((row) => line(row, margin, apart))),
    ...steps.flatMap((step) =>
      rowLines(step, ascii(step.what), margin, apart * columns.indexOf(step.who === '' ? unnamed : step.who)),
    ),
  ];
}

/** The heads of the columns, or what underlines them; a head that is wider than its column has a row of its own. */
const line = (cells: readonly string[], margin: number, apart: number): string =>
  cells
    .flatMap((cell, at) => {
      const last = at === cells.length - 1;
      const shown = last ? cell : cell.slice(0, apart - 1).padEnd(apart);
      return at === 0 ? [' '.repeat(margin + 2), shown] : [shown];
    })
    .join('')
    .trimEnd();

function rowLines({ violates, changed }: Step, what: string, margin: number, indent: number): string[] {
  const start = margin + 2 + indent;
  const mark = `${' '.repeat(margin)}${violates ? '*' : ' '} `;
  const text = what.replaceAll('\n', ' ');
  const rows = [wrapWhole(mark + ' '.repeat(indent) + text, start + 2)];
  if (violates) rows.push(...changed.map((change) => wrapWhole(' '.repeat(start + 2) + ascii(change), start + 4)));
  return rows;
}

/** {@link wrap}, that also cuts a word which is longer than a line. */
const wrapWhole = (text: string, indent: number): string =>
  wrap(text, WIDTH, indent)
    .split('\n')
    .flatMap((row) => {
      if (row.length <= WIDTH) return [row];
      const start = ' '.repeat(indent);
      const rest = row.slice(WIDTH).match(new RegExp(`.{1,${WIDTH - indent}}`, 'g')) ?? [];
      return [row.slice(0, WIDTH), ...rest.map((part) => start + part)];
    })
    .join('\n');
