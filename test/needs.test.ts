import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from './needs.ts';
import { throwsMessage } from './throws.ts';

/** What is printed while it runs, with `HARTPROOF_ALL` as given. */
function printed(all: string | undefined, run: () => void): string[] {
  const { log } = console;
  const { HARTPROOF_ALL: before } = process.env;
  const lines: string[] = [];
  console.log = (line: string) => lines.push(line);
  if (all === undefined) delete process.env.HARTPROOF_ALL;
  else process.env.HARTPROOF_ALL = all;
  try {
    run();
  } finally {
    console.log = log;
    if (before === undefined) delete process.env.HARTPROOF_ALL;
    else process.env.HARTPROOF_ALL = before;
  }
  return lines;
}

test('what is missing is said in one line, once', () => {
  const lines = printed(undefined, () => {
    assert.is(needs('a unicorn', false), false);
    assert.is(needs('a unicorn', false), false);
  });
  assert.equal(lines, ['skipped: this needs a unicorn']);
});

test('of what is there nothing is said', () => {
  assert.equal(
    printed(undefined, () => assert.is(needs('a horse', true), true)),
    [],
  );
});

test('where nothing may be skipped, what is missing is a failure', () => {
  printed('1', () => {
    throwsMessage(() => needs('a griffin', false), 'missing: a griffin');
    assert.is(needs('a horse', true), true);
  });
});

test.run();
