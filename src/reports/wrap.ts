/** An entry of a list: a name, and what is said of it, in lines of at most `columns`; names are `width` wide. */
export const entry = (name: string, text: string, width: number, columns: number): string =>
  wrap(`  ${name.padEnd(width)}  ${text}`, columns, width + 4);

/**
 * Breaks a text at blanks into lines of at most `width` columns; lines after the first begin with `indent` blanks.
 * The text keeps the blanks that it begins with. A word that is longer than a line is left whole.
 */
export function wrap(text: string, width: number, indent = 0): string {
  const [start = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = start;
  let empty = true;
  for (const word of text.slice(start.length).split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}
