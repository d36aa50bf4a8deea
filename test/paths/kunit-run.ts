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
export function runKunit({ text, headers }: DriverSource, suites: readonly string[], defines: readonly string[] = []) {
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
  const said = execFileSync(program, { encoding: 'utf8', timeout: 20_000 });
  return new Map(
    said
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const),
  );
}
