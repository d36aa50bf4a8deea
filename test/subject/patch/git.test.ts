import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPatch } from '../../../src/subject/patch/index.ts';
import { needs } from '../../needs.ts';

const test = suite('patches that git makes');

const hasGit = (): boolean => {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const SETTINGS = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@b.c',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@b.c',
};

/** One change of a history: which file, and what of it. */
const STEP = fc.record({
  does: fc.constantFrom('edit', 'edit', 'edit', 'add', 'move', 'move and edit', 'remove'),
  file: fc.nat(3),
  line: fc.nat(40),
  word: fc.stringMatching(/^[a-z]{1,6}$/),
});

type Files = Readonly<Record<string, string>>;

const filesIn = async (printed: Buffer): Promise<Files> =>
  Object.fromEntries([...(await readPatch(printed)).files].toSorted());

const whereUncertain =
  (files: Files) =>
  (error: Error): Files => {
    assert.match(error.message, /^it is not certain in which order the patches apply/);
    return files;
  };

test('make the files that git has, as a mailbox and as a log', async () => {
  if (!needs('git', hasGit())) return;
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 8 }), async (steps) => {
      const tree = mkdtempSync(join(tmpdir(), 'hartproof-git-'));
      let day = 10;
      const git = (...args: string[]): Buffer =>
        execFileSync('git', args, {
          cwd: tree,
          env: { ...process.env, ...SETTINGS, GIT_AUTHOR_DATE: `2018-03-${day} 12:00:00 +0000` },
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      const files = (): string[] => readdirSync(tree).filter((name) => name.endsWith('.c'));
      try {
        git('init', '-q');
        for (const [number, step] of [{ does: 'add', file: 0, line: 0, word: 'first' }, ...steps].entries()) {
          const there = files();
          const file = there[step.file % Math.max(1, there.length)];
          const path = join(tree, file ?? '');
          if (step.does === 'add' || file === undefined) {
            const text = Array.from({ length: 30 }, (_, line) => `${step.word} ${number} ${line % 7}\n`).join('');
            writeFileSync(join(tree, `new ${number} \u00e9.c`), text);
          }
          if (file !== undefined && step.does.startsWith('move')) git('mv', file, `moved${number}.c`);
          if (file !== undefined && step.does === 'remove') rmSync(path);
          if (file !== undefined && step.does.endsWith('edit')) {
            const at = step.does === 'edit' ? path : join(tree, `moved${number}.c`);
            const lines = readFileSync(at, 'utf8').split('\n');
            lines.splice(step.line % lines.length, step.line % 3, step.word);
            writeFileSync(at, lines.join('\n'));
          }
          git('add', '-A');
          day++;
          git('commit', '-q', '--allow-empty', '-m', `step ${number}`);
        }
        const expected = Object.fromEntries(files().map((name) => [name, readFileSync(join(tree, name), 'utf8')]));
        for (const printed of [
          git('format-patch', '--root', '--stdout', '-M', '-C', 'HEAD'),
          git('format-patch', '--root', '--stdout', '--no-renames', 'HEAD'),
          git('log', '-p', '-M', '--root'),
          git('log', '-p', '-M', '--root', '--reverse', '--full-index'),
        ])
          assert.equal(await filesIn(printed), expected);
        // What has no dates may be read from either end: if both could be, it is refused.
        for (const printed of [
          git('log', '-p', '-M', '--root', '--oneline', '--src-prefix=old/', '--dst-prefix=new/'),
          git('log', '-p', '-M', '--root', '--reverse', '--oneline', '--color=always'),
        ])
          assert.equal(await filesIn(printed).catch(whereUncertain(expected)), expected);
      } finally {
        rmSync(tree, { recursive: true });
      }
    }),
    { numRuns: 4 },
  );
});

test.run();
