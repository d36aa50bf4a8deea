import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { read, refreshed, SHOWING, timeless } from '../docs/refresh.ts';

for (const file of SHOWING)
  test(`${file} shows what its commands print (npm run docs writes it anew)`, () => {
    assert.fixture(timeless(read(file)), timeless(refreshed(file)));
  });

test.run();
