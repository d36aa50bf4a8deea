import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Input, NoWriter, openInput } from '../../src/outside/read-input.ts';

const test = suite('a file or a pipe that is read once');
const folder = mkdtempSync(join(tmpdir(), 'hartproof-input-'));
const pipe = join(folder, 'pipe');

test.before(() => {
  execFileSync('mkfifo', [pipe]);
});
test.after(() => rmSync(folder, { recursive: true }));

function allOf(input: Input): string {
  const bytes = Buffer.alloc(100);
  let text = '';
  for (let length = 1; length > 0; text += bytes.toString('utf8', 0, length)) length = input.read(bytes, 0, 100);
  input.close();
  return text;
}

test('a file is read to its end', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'one\ntwo\n');
  assert.is(allOf(openInput(file)), 'one\ntwo\n');
  assert.throws(() => openInput(join(folder, 'none')), /ENOENT/);
});

test('a pipe that nobody opens to write to is told as that', () => {
  const input = openInput(pipe, 100);
  assert.throws(
    () => allOf(input),
    (error: Error) =>
      error instanceof NoWriter && error.message.endsWith('in 0.1 seconds nothing has opened it to write to it'),
  );
  input.close();
});

test('a pipe is waited for as long as somebody has it open, and read to its end', () => {
  const input = openInput(pipe, 5000);
  spawn('sh', ['-c', `sleep 0.1; { sleep 0.2; echo one; sleep 0.2; echo two; } > '${pipe}'`], { stdio: 'ignore' });
  assert.is(allOf(input), 'one\ntwo\n');
});

test('what the shell hands over is at its end when it is', () => {
  assert.is(allOf(openInput('/dev/null', 0)), '');
});

test.run();
