import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Installed } from './installed.ts';

/** The loader of TypeScript, which the packed package does not bring. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const test = suite('the examples, from the packed package');
let installed: Installed;
test.before(() => {
  installed = new Installed();
});
test.after(() => installed.remove());

/** Each example, what it must print, and its exit status. */
const EXAMPLES: readonly [name: string, status: number, says: readonly RegExp[]][] = [
  [
    'bounded-buffer',
    0,
    [
      /^one is woken: 22 states\n {2}never-stuck: violated\nsequenceDiagram\n/,
      /all are woken: 10 states\n {2}never-stuck: holds\n/,
      /path tests take 13 transitions; the buffer passes them/,
    ],
  ],
  [
    'two-phase-commit',
    0,
    [
      /^patient: 81 states, 30 but for which manager is which\n {2}atomic: holds\n {2}ends: holds\n/,
      /impatient: 137 states.*\n {2}atomic: violated\nsequenceDiagram\n/,
      /path tests take 15 transitions/,
    ],
  ],
  [
    'any-number',
    0,
    [
      /^careful: alone is proved\n {2}for any number of threads, by 42 views; checked: \d+ steps\n/,
      /careless: alone is violated\n {2}with 1: lock, count in, unlock\n/,
    ],
  ],
  ['audit-from-a-script', 1, [/^references-balance: violated after 7 facts/, /Hartproof: driver as-posted/]],
];

for (const [name, status, says] of EXAMPLES)
  test(name, () => {
    const file = join(installed.work, `${name}.mts`);
    copyFileSync(fileURLToPath(new URL(`../../docs/examples/${name}.ts`, import.meta.url)), file);
    const ran = spawnSync(process.execPath, ['--import', TSX, file], {
      cwd: installed.work,
      encoding: 'utf8',
    });
    assert.is(ran.status, status, ran.stderr);
    for (const text of says) assert.match(ran.stdout, text);
  });

test.run();
