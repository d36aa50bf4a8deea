/**
 * Writes the real output of commands into the Markdown files that show them: `npm run docs`.
 * A shown command is a `console` block under a comment `<!-- output -->`; `<!-- output: tail "TEXT" -->` shows the output from
 * the line TEXT on. A test runs the same and fails when what is shown is not what comes out.
 *
 * The guide of `docs/porting.md` is followed step by step in a directory of its own. A `ts` block with `definePmu` is the file
 * that it describes; another one is fields of it, each in the place of the field of that name, or before `decisions`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The files with shown commands, relative to the root of the repository. */
export const SHOWING = ['README.md', 'docs/logs.md', 'docs/trace.md'];

const BLOCK = /(<!-- output(?:: tail "([^"]*)")? -->\n```console\n\$ npx hartproof ([^\n]*)\n)[\s\S]*?(```)/g;

/** The guide, relative to the root of the repository. */
export const GUIDE = 'docs/porting.md';

/** The file with the output of each command as it is now. */
export function refreshed(file: string): string {
  return read(file).replace(BLOCK, (_, head: string, tail: string | undefined, command: string, end: string) => {
    return `${head}${shownOf(run(command.split(' ')), tail)}${end}`;
  });
}

/** The guide with the output of each command as it is for somebody who does what it says. */
export function followed(text = read(GUIDE)): string {
  // Where a worker of the search still finds the loader of its sources.
  const directory = mkdtempSync(`${ROOT}node_modules/.guide-`);
  const file = join(directory, 'hartproof.config.ts');
  try {
    return text.replace(
      new RegExp(`\`\`\`ts\\n([\\s\\S]*?)\`\`\`|${BLOCK.source}`, 'g'),
      (step: string, code?: string, ...rest) => {
        if (code === undefined) {
          const [head, tail, command, end] = rest as [string, string | undefined, string, string];
          return `${head}${shownOf(run(command.split(' '), directory), tail)}${end}`;
        }
        writeFileSync(file, code.includes('definePmu') ? code : withFields(readFileSync(file, 'utf8'), code));
        return step;
      },
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A description with other fields: one in a line. */
function withFields(description: string, fields: string): string {
  return fields.split('\n').reduce((text, field) => {
    const [name] = /^\S+: /.exec(field) ?? [];
    if (name === undefined) return text;
    const old = text.split('\n').find((line) => line.trimStart().startsWith(name));
    if (old !== undefined)
      return text.replace(
        old,
        old.replace(/\S.*/, () => field),
      );
    return text.replace('  decisions:', () => `  ${field}\n  decisions:`);
  }, description);
}

const shownOf = (output: string, tail: string | undefined): string =>
  tail === undefined ? output : `...\n${output.slice(output.indexOf(tail))}`;

export const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

/** What is not the same in two runs. */
export const timeless = (text: string): string => text.replace(/\d+\.\d+ s\b/g, '… s');

function run(args: readonly string[], directory = ROOT): string {
  const loader = new URL('../node_modules/tsx/dist/loader.mjs', import.meta.url).href;
  try {
    return execFileSync(process.execPath, ['--import', loader, `${ROOT}src/cli/main.ts`, ...args], {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
  } catch (error) {
    // Findings are exit status 1.
    const { status, stdout } = error as { status: number; stdout: string };
    if (status !== 1) throw error;
    return stdout;
  }
}

function refresh(file: string, text: string): void {
  if (timeless(text) !== timeless(read(file))) writeFileSync(`${ROOT}${file}`, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of SHOWING) refresh(file, refreshed(file));
  refresh(GUIDE, followed());
}
