import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { visible, visibleInColour } from '../../src/outside/visible.ts';
import { processorTime } from '../processor-time.ts';

test('what a terminal acts on is spelt out', () => {
  for (const [text, shown] of [
    ['\u001b[31mRED\u001b]0;title\u0007', '\\x1b[31mRED\\x1b]0;title\\x07'],
    ['a\rb\u0000c\u0008', 'a\\x0db\\x00c\\x08'],
    ['\u009b2J and \u007f', '\\u009b2J and \\u007f'],
    ['\u202egnp.exe\u2066', '\\u202egnp.exe\\u2066'],
    ['\u2028\ufeff\ud800', '\\u2028\\ufeff\\ud800'],
    ['\u{e0041}', '\\udb40\\udc41'],
  ] as const)
    assert.is(visible(text), shown);
});

test('what it shows stays as it is', () => {
  const text = 'two lines\n\tof «text», ≤ 2^63, 测试, ✗ 😀\n';
  assert.is(visible(text), text);
});

test('a report keeps its colours, and nothing else that begins as they do', () => {
  assert.is(
    visibleInColour('\u001b[1m\u001b[31mbad\u001b[39m\u001b[22m'),
    '\u001b[1m\u001b[31mbad\u001b[39m\u001b[22m',
  );
  assert.is(visibleInColour('\u001b[2J\u001b[38;5;1m\u001b]8;;x\u0007'), '\\x1b[2J\\x1b[38;5;1m\\x1b]8;;x\\x07');
});

test('JSON says the same afterwards', () => {
  const value = { text: '\u001b[2J\u009b\u202e\u2028\u{e0041}\u007f' };
  assert.equal(JSON.parse(visible(JSON.stringify(value))), value);
});

test('a large text takes no time', async () => {
  const took = await processorTime(() => {
    visible('\u001b['.repeat(500_000));
    visibleInColour('\u001b[3'.repeat(500_000));
  });
  assert.ok(took < 3000, `${took} ms`);
});

test.run();
