import { tmpdir } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof } from './run.ts';

const audit = (...options: string[]) =>
  hartproof(tmpdir(), 'audit', 'two-of-a-kind', '--environment', '4.16', '--no-keep', ...options);

interface Results {
  readonly results: readonly { property: string; verdict: string; states: number; partialOrder?: true }[];
}

test('decides the same with fewer states, and says that they are those that were kept', () => {
  const [all, kept] = [audit('--json'), audit('--json', '--partial-order')].map(
    ({ stdout }) => (JSON.parse(stdout) as Results).results,
  ) as [Results['results'], Results['results']];
  const verdicts = (results: typeof all) => results.map(({ property, verdict }) => [property, verdict]);
  assert.equal(verdicts(kept), verdicts(all));
  assert.ok(kept[0]!.states * 2 < all[0]!.states);
  assert.equal([all[0]!.partialOrder, kept[0]!.partialOrder], [undefined, true]);
  assert.match(audit('--partial-order').stdout, /: [\d,]+ states kept in /);
});

test('says in one line what it does not go with', () => {
  for (const [options, why] of [
    [['--compact'], /--partial-order and --compact are two ways to search/],
    [['--symmetry'], /--partial-order and --symmetry are two ways/],
    [['--disk', 'states'], /--partial-order and --disk are two ways/],
    [['--source', 'x.c'], /--partial-order is for machines/],
  ] as const) {
    const { status, stderr } = audit('--partial-order', ...options);
    assert.is(status, 2, stderr);
    assert.match(stderr, why);
    assert.is(stderr.trim().split('\n').length, 1);
  }
});

test.run();
