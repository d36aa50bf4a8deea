import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { followed, GUIDE, read, timeless } from '../../docs/refresh.ts';

const guide = read(GUIDE);

test('the guide explains every field that it uses, and others that there are', () => {
  for (const [, code] of guide.matchAll(/```ts\n([\s\S]*?)```/g))
    for (const [, field] of code!.matchAll(/^ {0,2}([\w'-]+):/gm))
      if (field !== 'name') assert.match(guide, new RegExp(`\\| \`${field}`), `${field} is not explained`);
});

test('what the guide says to do, step by step, comes to what it shows', () => {
  assert.fixture(timeless(followed()), timeless(guide));
});

test('a step that is done otherwise comes to something else', () => {
  const steps = guide.slice(0, guide.indexOf('## 4.'));
  const changed = steps.replace("decisions: ['readsEveryCounter'", "decisions: ['choosesByCounter'");
  assert.is.not(timeless(followed(changed)), timeless(changed));
});

test.run();
