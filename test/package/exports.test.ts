import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, { types: string; default: string }>;
};

const sourceOf = (built: string): string => built.replace(/^\.\/dist\//, '').replace(/\.(?:d\.ts|js)$/, '.ts');

/** The names that a file exports, each with the file that declares it. */
function* exported(file: string): Generator<[name: string, declaredIn: string]> {
  const source = readFileSync(join(ROOT, file), 'utf8');
  for (const [, names, from] of source.matchAll(/export (?:type )?\{([^}]*)\}(?: from '([^']+)')/g)) {
    const target = relative(ROOT, join(ROOT, dirname(file), from!));
    for (const name of names!.split(',').map((one) => one.trim().replace(/^type /, '')))
      if (name !== '') yield [name, [...exported(target)].find(([known]) => known === name)?.[1] ?? target];
  }
  for (const [, from] of source.matchAll(/export \* from '([^']+)'/g))
    yield* exported(relative(ROOT, join(ROOT, dirname(file), from!)));
  for (const [, name] of source.matchAll(DECLARATION)) yield [name!, file];
}

const DECLARATION = /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm;

/** The comment before the declaration of a name; undefined if there is none. */
function docstring(name: string, file: string): string | undefined {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const found = new RegExp(
    `(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/)\\n(?:// .*\\n)*export (?:async )?(?:const|function\\*?|class|interface|type) ${name}\\b`,
  ).exec(source);
  return found?.[1];
}

test('the entry points are the library, the engine and the machines', () => {
  assert.equal(Object.keys(entries), ['.', './engine', './machines']);
  for (const { types, default: main } of Object.values(entries)) {
    assert.is(sourceOf(types), sourceOf(main));
    assert.ok(existsSync(join(ROOT, sourceOf(main))));
  }
});

for (const [entry, { default: main }] of Object.entries(entries))
  test(`every export has a docstring that says how stable it is: ${entry}`, () => {
    const all = [...exported(sourceOf(main))];
    assert.ok(all.length > 3);
    const lacking = all.filter(([name, file]) => !/@(?:public|experimental)\b/.test(docstring(name, file) ?? ''));
    assert.equal(
      lacking.map(([name, file]) => `${name} in ${file}`),
      [],
    );
  });

test.run();
