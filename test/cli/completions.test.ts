import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MODELS, PROPERTIES } from '../../models/index.ts';
import { hartproof, MAIN } from './run.ts';

const test = suite('completions');
const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(directory, { recursive: true }));

/** Where a script finds `hartproof`. */
const PATH = `${directory}${delimiter}${process.env.PATH}`;
const scripts = new Map<string, string>();

test.before(() => {
  writeFileSync(join(directory, 'hartproof'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, {
    mode: 0o755,
  });
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout, stderr } = hartproof(directory, 'completions', shell);
    assert.is(status, 0, stderr);
    writeFileSync(join(directory, `hartproof.${shell}`), stdout);
    scripts.set(shell, stdout);
  }
});

/** What bash offers for the last of some words. */
function offers(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `source hartproof.bash; COMP_WORDS=(hartproof ${quoted}); COMP_CWORD=${words.length}; _hartproof; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['-c', script], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  return said.split('\n').filter(Boolean);
}

test('bash completes commands, their options, and what these take', () => {
  const commands = offers('');
  for (const command of ['audit', 'check', 'explain', 'diff', 'completions', 'trace'])
    assert.ok(commands.includes(command), command);
  assert.equal(offers('expla'), ['explain']);
  assert.equal(offers('explain', '--expec'), ['--expected']);
  assert.equal(offers('audit', '--driver', 'mer'), ['merged-4.18']);
  assert.equal(offers('audit', '--environment', ''), ['4.16', '5.10', 'current', 'any-order']);
  assert.equal(offers('audit', 'migr'), ['migration']);
  assert.equal(offers('explain', 'busy'), ['busy-is-true']);
  assert.equal(offers('trace', 'imp'), ['import']);
  assert.equal(offers('trace', 'import', '--form'), ['--format']);
  assert.equal(offers('completions', 'f'), ['fish']);
  assert.ok(offers('diff', 'hartproof.b').includes('hartproof.bash'));
});

test('bash completes the findings of the last report, with hp: before them or not', () => {
  assert.ok(offers('show', '').includes('count-exact'));
  assert.ok(offers('show', '').every((word) => !/^[0-9a-f]{6}$/.test(word)));
  const { findings } = JSON.parse(hartproof(directory, 'audit', 'two-threads', '--json').stdout);
  const token: string = findings[0].token.slice('hp:'.length);
  assert.ok(offers('show', '').includes(token));
  assert.equal(offers('show', 'hp', ':', token.slice(0, 5)), [token]);
  assert.ok(offers('explore', token.slice(0, 5)).includes(token));
});

test('every command, option, model and property is in every script: there is no second list', () => {
  const help = hartproof(directory, '--help').stdout;
  const commands = [...help.matchAll(/^ {2}([a-z]+) [ [<]/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help');
  assert.ok(commands.length >= 20);
  for (const [shell, script] of scripts) {
    for (const command of commands) assert.match(script, new RegExp(`\\b${command}\\b`), `${shell}: ${command}`);
    for (const name of [...MODELS.map((model) => model.name), ...PROPERTIES.map(({ id }) => id)])
      assert.ok(script.includes(name), `${shell}: ${name}`);
    for (const option of ['expected', 'write-baseline', 'everything-that-is-not'])
      assert.is(script.includes(option), option !== 'everything-that-is-not', `${shell}: ${option}`);
  }
});

for (const shell of ['bash', 'zsh', 'fish'])
  test(`${shell} takes its script`, () => {
    const { error, status, stderr } = spawnSync(shell, ['-n', `hartproof.${shell}`], {
      cwd: directory,
      encoding: 'utf8',
    });
    if (error !== undefined) return console.log(`skipped: ${shell} is not installed`);
    assert.equal([status, stderr], [0, '']);
  });

test('fish offers the same', () => {
  const script = 'source hartproof.fish; complete -C "hartproof audit --driver mer"; complete -C "hartproof trace imp"';
  const { error, stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  if (error !== undefined) return console.log('skipped: fish is not installed');
  assert.equal([stdout.split('\n').map((line) => line.split('\t')[0]), stderr], [['merged-4.18', 'import', ''], '']);
});

test('an unknown shell is refused, with the ones that there are', () => {
  const { status, stderr } = hartproof(directory, 'completions', 'bsh');
  assert.equal(
    [status, stderr],
    [2, 'hartproof: there is no shell bsh (did you mean bash?); there are bash, zsh, fish\n'],
  );
});

test.run();
