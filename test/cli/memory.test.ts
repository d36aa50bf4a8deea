import { dirname } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CACHE, driverFile, needsCompiler } from '../subject/tiny.ts';
import { hartproofWith } from './run.ts';

/** What an audit comes to that may take so many MiB, by property: its verdict, or the reason why it is bounded. */
function verdicts(mebibytes: number, ...args: string[]): Map<string, string> {
  const { status, stdout, stderr } = hartproofWith(
    { XDG_CACHE_HOME: CACHE, HARTPROOF_MEMORY: String(mebibytes) },
    dirname(driverFile('tiny')),
    ...['audit', ...args, '--environment', '4.16', '--no-keep', '--json'],
  );
  assert.is(status, 1, stderr);
  const { results } = JSON.parse(stdout) as { results: { property: string; verdict: string; stoppedBy?: string }[] };
  return new Map(
    results.map(({ property, verdict, stoppedBy }) => [property, verdict === 'bounded' ? stoppedBy! : verdict]),
  );
}

const USED_UP = /^the \d+ MiB that HARTPROOF_MEMORY allows are used up$/;

const test = suite('a search that outgrows its memory');

test('ends with what it has decided of a model, and leaves the rest open', () => {
  // Nobody starts with less: the first look ends the search.
  const found = verdicts(1, 'two-threads');
  assert.ok([...found.values()].every((verdict) => USED_UP.test(verdict)));
  assert.is(verdicts(1 << 20, 'two-threads').get('mutex-discipline'), 'holds');
});

test('tells what it has decided of C, and leaves the rest open', () => {
  if (!needsCompiler()) return;
  const found = verdicts(170, 'two-counting', '--source', 'tiny.c', '--define', 'BREAKS_SUM');
  assert.match(found.get('no-warning')!, USED_UP);
  assert.is(found.get('count-exact'), 'violated');
});

test.run();
