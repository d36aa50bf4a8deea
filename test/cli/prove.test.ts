import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProof } from '../../src/engine/index.ts';
import { hartproof } from './run.ts';

const test = suite<{ directory: string }>('hartproof prove');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

test('what is proved has exit status 0, and a proof that others can check', ({ directory }) => {
  const one = ['any-opens', '--driver', 'repaired', '--environment', '4.16', '--property', 'busy-is-true'];
  const { status, stdout } = hartproof(directory, 'prove', ...one, '--proof', 'proof.json');
  assert.is(status, 0, stdout);
  assert.match(stdout, /busy-is-true +proved +any number of events +1 +\d+/);
  assert.ok(checkProof(JSON.parse(readFileSync(join(directory, 'proof.json'), 'utf8'))).steps > 0);
});

test('what is violated is so with its log; JSON and JUnit say the same', ({ directory }) => {
  const one = ['two-threads', '--environment', '4.16', '--property', 'busy-is-true', 'references-balance'];
  const { status, stdout } = hartproof(directory, 'prove', ...one, '--json', 'prove.json', '--junit', 'prove.xml');
  assert.is(status, 1, stdout);
  assert.match(stdout, /busy-is-true +violated +2 events/);
  assert.match(stdout, /references-balance +proved +any number of events/);
  assert.match(stdout, /Shortest path: 18 facts/);
  const { schema, results } = JSON.parse(readFileSync(join(directory, 'prove.json'), 'utf8'));
  assert.is(schema, 'hartproof.prove/1');
  const verdicts = results.map(({ property, verdict }: Record<string, string>) => [property, verdict]);
  assert.equal(Object.fromEntries(verdicts), { 'busy-is-true': 'violated', 'references-balance': 'proved' });
  assert.match(readFileSync(join(directory, 'prove.xml'), 'utf8'), /violated with 2 events/);
});

test('a limit is no proof, and what cannot be asked is usage', ({ directory }) => {
  const limited = hartproof(
    directory,
    'prove',
    'any-opens',
    '--driver',
    'repaired',
    '--environment',
    '4.16',
    '--views',
    '9',
  );
  assert.is(limited.status, 1);
  assert.match(limited.stdout, /a limit was reached:\s+there\s+are\s+more\s+than\s+9\s+views/);
  assert.is(hartproof(directory, 'prove', 'no-such-model').status, 2);
  assert.is(hartproof(directory, 'prove', 'any-opens', '--property', 'count-exact').status, 2);
  assert.is(hartproof(directory, 'prove', '--driver', 'repaired', '--proof', 'x.json').status, 2);
});

test('an audit says what is proved on the way', ({ directory }) => {
  const { status, stdout } = hartproof(
    directory,
    'audit',
    'two-threads',
    '--driver',
    'repaired',
    '--environment',
    '4.16',
    '--json',
    'audit.json',
  );
  assert.is(status, 0, stdout);
  assert.match(stdout, /Proved for any number of events as in two-threads \(4\.16\):\s+references-balance/);
  const { results } = JSON.parse(readFileSync(join(directory, 'audit.json'), 'utf8'));
  const balance = results.find(({ property }: { property: string }) => property === 'references-balance');
  assert.equal([balance.verdict, balance.proved.anyNumberOf, balance.proved.views], ['holds', ['event'], 127]);
});

test.run();
