import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tidy } from '../../src/outside/drafts.ts';
import { writeFileAtomically } from '../../src/outside/write-file.ts';

const writing = suite<{ directory: string; file: string }>('a file that is written in whole');
writing.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-write-'));
  context.file = join(context.directory, 'file');
});
writing.after.each(({ directory }) => rmSync(directory, { recursive: true }));

writing('is new, takes the place of another with its mode, or must be fresh', ({ directory, file }) => {
  writeFileAtomically(file, ['one', ' and ', 'two']);
  assert.is(readFileSync(file, 'utf8'), 'one and two');
  chmodSync(file, 0o640);
  writeFileAtomically(file, 'three');
  assert.is(readFileSync(file, 'utf8'), 'three');
  assert.is(statSync(file).mode & 0o777, 0o640);
  assert.throws(() => writeFileAtomically(file, 'four', { fresh: true }), /EEXIST/);
  assert.is(readFileSync(file, 'utf8'), 'three');
  writeFileAtomically(join(directory, 'other'), 'five', { fresh: true });
  assert.equal(readdirSync(directory), ['file', 'other']);
});

writing('leaves what was there, and no draft, when it fails on the way', ({ directory, file }) => {
  writeFileSync(file, 'old');
  const failing = function* (): Generator<string> {
    yield 'new';
    throw new Error('no more');
  };
  assert.throws(() => writeFileAtomically(file, failing()), /no more/);
  assert.is(readFileSync(file, 'utf8'), 'old');
  assert.equal(readdirSync(directory), ['file']);
});

writing('takes away what killed processes of ours have left, and nothing else', ({ directory, file }) => {
  const { pid } = spawnSync('true');
  const names = {
    stale: [`.hartproof-${pid}-0123abcd.draft`, `.hartproof-${pid}-0123abcd.draft-journal`],
    kept: [
      `.hartproof-${process.pid}-0123abcd.draft`,
      `.hartproof-${pid}-0123abcd.draft.txt`,
      `.hartproof-${pid}.draft`,
      'file',
    ],
  };
  for (const name of [...names.stale, ...names.kept]) writeFileSync(join(directory, name), 'left');
  const link = `.hartproof-${pid}-00000000.draft`;
  symlinkSync('file', join(directory, link));
  tidy(directory);
  assert.equal(readdirSync(directory).sort(), [...names.kept, link].sort());
  for (const name of names.stale) writeFileSync(join(directory, name), 'left');
  // The first file that a run writes there takes them away.
  writeFileAtomically(file, 'new');
  assert.equal(readdirSync(directory).sort(), [...names.kept, link].sort());
});

writing('leaves nothing behind where it was killed, once another one has written', ({ directory }) => {
  const below = join(directory, 'below');
  const file = join(below, 'file');
  const script = join(directory, 'killed.mts');
  mkdirSync(below);
  writeFileSync(
    script,
    `import { writeFileAtomically } from ${JSON.stringify(new URL('../../src/outside/write-file.ts', import.meta.url))};
    const pieces = function* () { yield 'half'; process.kill(process.pid, 'SIGKILL'); yield 'whole'; };
    writeFileAtomically(${JSON.stringify(file)}, pieces());`,
  );
  const { signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script]);
  assert.is(signal, 'SIGKILL', String(stderr));
  assert.match(readdirSync(below).join(), /^\.hartproof-\d+-[0-9a-f]{8}\.draft$/);
  writeFileAtomically(file, 'new');
  assert.equal(readdirSync(below), ['file']);
});

writing('follows a link, and writes to a device as it is', ({ directory, file }) => {
  writeFileSync(file, 'old');
  const link = join(directory, 'link');
  symlinkSync('file', link);
  writeFileAtomically(link, 'new');
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.is(readFileSync(file, 'utf8'), 'new');
  writeFileAtomically('/dev/null', 'gone');
  assert.ok(!statSync('/dev/null').isFile());
});

writing('is as before when the disk takes no more than a part', ({ directory, file }) => {
  if (process.platform !== 'linux') return;
  writeFileSync(file, 'old');
  const source = new URL('../../src/outside/write-file.ts', import.meta.url).href;
  const program = `import { tidy } from '../../src/outside/drafts.ts';
import { writeFileAtomically } from '${source}';
    try { writeFileAtomically(${JSON.stringify(file)}, 'x'.repeat(100_000)); } catch (error) { console.log(error.code); }`;
  const script = join(directory, 'write.ts');
  writeFileSync(script, program);
  // A file of this shell can have 8 blocks of a kilobyte: a write stops there, and says how far it came.
  const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" --import tsx "$1"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', limited, process.execPath, script], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  assert.is(stdout.trim(), 'EFBIG', stderr);
  assert.is(readFileSync(file, 'utf8'), 'old');
  assert.equal(readdirSync(directory).sort(), ['file', 'write.ts']);
});

writing.run();
