import type { CFile, Range } from './c-file.ts';

interface Edit extends Range {
  readonly text: string;
}

/** Changes to a C file, collected and then made at once. Text that is put in is indented as what it stands beside. */
export class Edits {
  readonly #edits: Edit[] = [];

  constructor(readonly file: CFile) {}

  replace({ from, to }: Range, text: string): void {
    this.#edits.push({ from, to, text });
  }

  /** Puts statements in place of one, at its depth. */
  replaceStatement(range: Range, text: string): void {
    this.replace(range, indented(text, this.indentOf(range)).trimStart());
  }

  /** Puts lines before what stands there, and before a comment that belongs to it. */
  before(range: Range, text: string): void {
    const from = this.#lineStart(range.from);
    this.replace({ from, to: from }, `${indented(text, this.indentOf(range))}\n`);
  }

  /** Puts lines behind what stands there. */
  after(range: Range, text: string): void {
    this.replace({ from: range.to, to: range.to }, `\n${indented(text, this.indentOf(range))}`);
  }

  /** Takes whole lines out, and a blank line that has nothing left to keep apart. */
  remove({ from, to }: Range): void {
    const { text } = this.file;
    const start = this.#lineStart(from);
    let end = text.indexOf('\n', to) + 1 || text.length;
    const opens = /(\{|\n)\n$/.test(text.slice(Math.max(0, start - 2), start));
    if (opens && text[end] === '\n') end++;
    this.replace({ from: start, to: end }, '');
  }

  /** The lines of a range as they are, without the indentation that they share. */
  lines(range: Range): string {
    const { text } = this.file;
    const indent = this.indentOf(range);
    return text
      .slice(this.#lineStart(range.from), range.to)
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n');
  }

  indentOf({ from }: Range): string {
    return /^[\t ]*/.exec(this.file.text.slice(this.#lineStart(from)))![0];
  }

  /** The text with all changes made. Throws a RangeError if two of them meet. */
  made(): string {
    let { text } = this.file;
    let limit = text.length;
    // What is put in at one place keeps its order.
    const ordered = this.#edits.map((edit, order) => ({ edit, order }));
    ordered.sort((a, b) => b.edit.from - a.edit.from || b.edit.to - a.edit.to || b.order - a.order);
    for (const { edit } of ordered) {
      if (edit.to > limit) throw new RangeError('two changes of one rule meet in the C');
      text = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
      limit = edit.from;
    }
    return text;
  }

  #lineStart(at: number): number {
    return this.file.text.lastIndexOf('\n', at - 1) + 1;
  }
}

/** Every line with that much before it; blank lines stay blank. */
export function indented(text: string, indent: string): string {
  return text.replace(/^(?=[^\n#])/gm, indent);
}
