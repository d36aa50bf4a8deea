import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Channel } from '../../src/subject/channel.ts';
import { needs } from '../needs.ts';

const needsLinux = (): boolean => needs('named pipes of Linux', process.platform === 'linux');
/** A child that does so in place of an answer. */
const child = (does: string): Channel => new Channel('/bin/sh', ['-c', does], 2);

const test = suite('a child that is asked');

test('answers in lines up to a full stop', () => {
  if (!needsLinux()) return;
  const channel = child('printf "one\\ntwo\\n.\\n" >&4; exec sleep 100');
  assert.equal(channel.ask(), [['one', 'two']]);
  channel.close();
});

test('whose next answer has come along with one is not asked for it in vain', () => {
  if (!needsLinux()) return;
  const channel = child('printf "one\\n.\\ntwo\\n.\\nthr" >&4; sleep 0.2; printf "ee\\n.\\n" >&4; exec sleep 100');
  assert.equal(
    [1, 2, 3].flatMap(() => channel.receive(1)),
    [['one'], ['two'], ['three']],
  );
  channel.close();
});

for (const [what, does] of [
  ['sleeps', 'exec sleep 100'],
  ['is stopped', 'kill -STOP $$'],
] as const)
  test(`that ${what} is not waited for for ever`, () => {
    if (!needsLinux()) return;
    const started = performance.now();
    const channel = child(does);
    assert.throws(() => channel.ask(['one']), /the driver did not answer within 2 s/);
    assert.ok(performance.now() - started < 60_000);
    channel.close();
  });

test('that ends by itself says no more than that', () => {
  if (!needsLinux()) return;
  const channel = child('exit 3');
  assert.throws(() => channel.ask(['one']), /ended without an answer/);
  channel.close();
});

test.run();
