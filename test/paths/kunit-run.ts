import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DriverSource } from '../../src/subject/index.ts';

/** Where the small kernel is in which suites run. */
const KERNEL = fileURLToPath(new URL('kernel/', import.meta.url));

/**
 * Compiles a driver with suites at the end of its file and runs them in a small kernel of ours. Returns what each case says, by its
 * name: `ok`, `not ok …` or `skipped …`. Throws an Error with the complaint of the compiler, or if the driver crashes.
 */
export function runKunit(
  source: DriverSource,
  suites: readonly string[],
  defines: readonly string[] = [],
): Map<string, string> {
  const said = new Map<string, string>();
  const lines = ktapOf(source, suites, defines).split('\n');
  for (const [at, line] of lines.entries()) {
    const [, not, name, skipped] = /^ {4}(not )?ok \d+ (\w+)(?: # SKIP (.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    const how = skipped === undefined ? 'ok' : `skipped ${skipped}`;
    said.set(name, not === undefined ? how : `not ok ${lines[at - 1]}`);
  }
  return said;
}

/** The same, as the small kernel prints it: as KTAP, in the words of the kernel's own KUnit. */
export function ktapOf(
  { text, headers }: DriverSource,
  suites: readonly string[],
  defines: readonly string[] = [],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'hartproof-kunit-'));
  const put = (name: string, what: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, what);
    return file;
  };
  const all = [text, ...headers.values(), ...suites].join('\n');
  for (const [, name] of all.matchAll(/^\s*#\s*include\s*<((?:linux|asm|kunit)\/[^>]+)>/gm))
    if (name !== 'linux/perf_event.h') put(name!, '');
  for (const [name, header] of headers) put(name, header);
  const driver = put('driver.c', [text, ...suites].join('\n'));
  const program = join(folder, 'suite');
  const args = [
    '-std=gnu11',
    '-O1',
    '-w',
    '-Werror=implicit-function-declaration',
    '-include',
    join(KERNEL, 'kernel.h'),
  ];
  execFileSync(
    'cc',
    [...args, ...defines.map((name) => `-D${name}`), `-I${folder}`, '-o', program, driver, join(KERNEL, 'kernel.c')],
    {
      stdio: 'pipe',
    },
  );
  return execFileSync(program, { encoding: 'utf8', timeout: 20_000 });
}
