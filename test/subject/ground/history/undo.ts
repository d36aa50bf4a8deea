import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edit, UndoneFix } from './rules.ts';

export const DRIVERS = 'drivers/perf';

/** A copy of a kernel tree, of links to its files, in which one fix after the other is undone. */
export class UndoingTree {
  readonly root: string;
  constructor(tree: string) {
    this.root = join(mkdtempSync(join(tmpdir(), 'hartproof-undone-')), 'linux');
    execFileSync('cp', ['-al', tree, this.root]);
  }

  /** Calls a function while a fix is undone in the tree, with the file to audit. Throws an error if a rule does not fit the text. */
  async while<Result>(fix: UndoneFix, use: (file: string) => Promise<Result>): Promise<Result> {
    const before = new Map<string, string>();
    try {
      for (const edit of fix.edits) {
        const path = join(this.root, DRIVERS, edit.file ?? fix.file);
        const text = readFileSync(path, 'utf8');
        if (!before.has(path)) before.set(path, text);
        replace(path, undone(text, edit));
      }
      return await use(join(this.root, DRIVERS, fix.file));
    } finally {
      for (const [path, text] of before) replace(path, text);
    }
  }

  remove(): void {
    rmSync(join(this.root, '..'), { recursive: true, force: true });
  }
}

/** Writes a file anew: what is a link to the tree's own file must not be written through. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** A text with one edit made in it. Throws an error if what it looks for is not there just once. */
function undone(text: string, { inside, find, by }: Edit): string {
  const whole = new RegExp(`^[a-z_][^\\n;]*\\b${inside}(?=\\(|\\[| =)[^;]*?\\{[^]*?^\\}`, 'm').exec(text);
  if (whole === null) throw new Error(`there is no ${inside} in this text`);
  const parts = whole[0].split(find);
  if (parts.length !== 2) throw new Error(`${find} is ${parts.length - 1} times in ${inside}`);
  return text.replace(whole[0], () => parts.join(by));
}
