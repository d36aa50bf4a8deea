import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Help } from 'commander';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { imported } from '../imported.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What takes long to load: the engine, with XState, and all that is built on it. */
const HEAVY = /^(machines|models|src\/(engine|facts|subject|porting|trace|export))\//;

/** Every file that is loaded with one, with the path on which it is. */
function loadedWith(file: string, path: readonly string[] = [], found = new Map<string, readonly string[]>()) {
  if (found.has(file) || !existsSync(join(ROOT, file))) return found;
  const here = [...path, file];
  found.set(file, here);
  for (const module of imported(readFileSync(join(ROOT, file), 'utf8')))
    if (module.startsWith('.')) loadedWith(relative(ROOT, join(ROOT, dirname(file), module)), here, found);
  return found;
}

test('help and errors of usage load no machine: a command loads what it needs when it runs', () => {
  const all = loadedWith('src/cli/main.ts');
  assert.ok(all.size > 10);
  // The help of all commands loads none of them.
  assert.equal(
    [...all.keys()].filter((file) => file.startsWith('src/cli/commands/')),
    ['src/cli/commands/index.ts'],
  );
  const loaded = new Map(all);
  for (const name of readdirSync(join(ROOT, 'src/cli/commands'))) loadedWith(`src/cli/commands/${name}`, [], loaded);
  assert.ok(loaded.size > 60);
  const heavy = [...loaded].flatMap(([file, path]) => (HEAVY.test(file) ? [path.join(' → ')] : []));
  assert.equal(heavy, []);
});

test('the help of all commands says of each what it takes, without loading it', async () => {
  const entries = Object.values(COMMANDS).flat();
  assert.ok(entries.length > 20);
  for (const { name, takes, load } of entries) {
    const command = new Command(name);
    (await load()).register(command);
    assert.is(new Help().subcommandTerm(command), `${name} ${takes}`.trimEnd());
  }
});

test('an answer of check from the cache loads no search', () => {
  const needed = ['src/cli/checker.ts', 'src/cli/check-input.ts', 'src/cli/check-audit.ts'];
  const texts = needed.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  // What the search of a driver in a tree needs, it loads where it was not answered before.
  const after =
    /await import\('\.\.\/(?:subject\/ground\/audit|audit\/ground\/report)\.ts'\)|^async function auditFamily[\s\S]*/gm;
  const files = texts.flatMap((text) =>
    [...text.replace(after, '').matchAll(/await import\('\.([^']+)'\)/g)].map(([, module]) =>
      join('src/cli', `.${module}`),
    ),
  );
  assert.ok(files.includes('src/subject/ground/build.ts'));
  const search = /^(machines|models|src\/engine)\//;
  for (const file of [...needed, ...files])
    assert.equal(
      [...loadedWith(file)].flatMap(([one, path]) => (search.test(one) ? [path.join(' → ')] : [])),
      [],
    );
});

test.run();
