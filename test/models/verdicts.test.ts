import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FILE, table } from './table.ts';

test('the verdicts over all default models are the ones written down, with the same numbers of states', async () => {
  assert.fixture(await table(), readFileSync(FILE, 'utf8'));
});

test.run();
