/**
 * Writes the real output of commands into the Markdown files that show them: `npm run docs`.
 * A shown command is a `console` block under a comment `<!-- output -->`; `<!-- output: tail "TEXT" -->` shows the output from
 * the line TEXT on. A test runs the same and fails when what is shown is not what comes out.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The files with shown commands, relative to the root of the repository. */
export const SHOWING = ['README.md', 'docs/logs.md', 'docs/trace.md'];

const BLOCK = /(<!-- output(?:: tail "([^"]*)")? -->\n```console\n\$ npx hartproof ([^\n]*)\n)[\s\S]*?(```)/g;

/** The file with the output of each command as it is now. */
export function refreshed(file: string): string {
  return read(file).replace(BLOCK, (_, head: string, tail: string | undefined, command: string, end: string) => {
    const output = run(command.split(' '));
    const shown = tail === undefined ? output : `...\n${output.slice(output.indexOf(tail))}`;
    return `${head}${shown}${end}`;
  });
}

export const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

/** What is not the same in two runs. */
export const timeless = (text: string): string => text.replace(/\d+\.\d+ s\b/g, '… s');

function run(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  } catch (error) {
    // Findings are exit status 1.
    const { status, stdout } = error as { status: number; stdout: string };
    if (status !== 1) throw error;
    return stdout;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const file of SHOWING) {
    const text = refreshed(file);
    if (timeless(text) !== timeless(read(file))) writeFileSync(`${ROOT}${file}`, text);
  }
