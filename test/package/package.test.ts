import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BASELINE_FORMATS, FORMATS } from '../../src/cli/formats.ts';
import { findSpin } from '../../src/export/spin.ts';
import { needs } from '../needs.ts';
import { TINY } from '../subject/ground/tiny.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { driverFile, needsCompiler } from '../subject/tiny.ts';
import { Installed } from './installed.ts';
import { USES, type Use } from './uses.ts';

const test = suite('the packed package');
let installed: Installed;

test.before(() => {
  installed = new Installed();
  copyFileSync(driverFile('tiny'), join(installed.work, 'tiny.c'));
  const report = fileURLToPath(new URL('../../docs/samples/trace-cmd-report.txt', import.meta.url));
  copyFileSync(report, join(installed.work, 'report.txt'));
  writeFileSync(join(installed.work, 'notes.patch'), '--- /dev/null\n+++ b/notes.txt\n@@ -0,0 +1 @@\n+a note\n');
});
test.after(() => installed.remove());

test('has its help and its version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(installed.run('--version'), { status: 0, stdout: `${version}\n`, stderr: '' });
  const { stdout } = installed.run('--help');
  const commands = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name!);
  const known = commands.filter((name) => name !== 'hartproof' && name !== 'help');
  assert.equal(Object.keys(USES).toSorted(), [...new Set(known)].toSorted());
  for (const name of known) assert.is(installed.run(name, '--help').status, 0, name);
});

test('is tried in every format of an audit and of a conformance', () => {
  for (const [command, formats] of [
    ['audit', { ...FORMATS, ...BASELINE_FORMATS }],
    ['conform', FORMATS],
  ] as const)
    for (const name of Object.keys(formats)) {
      const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      assert.ok(
        USES[command]!.some(({ args }) => args.includes(option)),
        `${command} ${option}`,
      );
    }
});

test('the line that a mail gives shows the same in a folder that has the patch alone', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const text = `#define BREAK_TYPE_ROUTED\n${readFileSync(TINY, 'utf8')}`.trimEnd().split('\n');
  const diff = ['--- /dev/null', '+++ b/drivers/perf/tiny_pmu.c', `@@ -0,0 +1,${text.length} @@`];
  const patch = `Subject: [PATCH] tiny\n\n${[...diff, ...text.map((line) => `+${line}`)].join('\n')}\n`;
  const folder = installed.folderWith({ 'tiny.patch': patch });
  const { status, stdout } = installed.runIn(folder, 'mail', '--tree', tree, 'tiny.patch');
  assert.is(status, 1);
  const [, line] = /^npx hartproof@\d+\.\d+\.\d+ (.*)$/m.exec(stdout)!;
  const [, token] = /\((hp:\w+)\)/.exec(stdout)!;
  const other = installed.folderWith({ 'tiny.patch': patch });
  const again = installed.runIn(other, ...line!.split(' '));
  assert.is(again.status, 1, again.stderr);
  assert.match(again.stdout, new RegExp(`ERROR: event_init accepts .*${token}\\)$`, 'm'));
});

for (const [command, uses] of Object.entries(USES))
  test(command, async () => {
    for (const use of uses) if (await hasNeeds(use)) tryIt(use);
  });

async function hasNeeds({ needs: what }: Use): Promise<boolean> {
  if (what === 'a C compiler') return needsCompiler();
  return (
    what === undefined ||
    needs(
      'SPIN',
      await findSpin().then(
        () => true,
        () => false,
      ),
    )
  );
}

function tryIt({ args, status = 0, says, writes = {}, keepsNothing }: Use): void {
  const ran = keepsNothing ? installed.runIn(installed.work, ...args) : installed.run(...args);
  const said = `hartproof ${args.join(' ')}\n${ran.stderr}`;
  assert.is(ran.status, status, said);
  assert.not.match(ran.stderr, /this is a bug|\n {4}at /, said);
  if (says !== undefined) assert.match(ran.stdout, says, said);
  for (const [file, beginning] of Object.entries(writes)) {
    const text = readFileSync(join(installed.work, file), 'utf8');
    assert.match(text, beginning, `${said}: ${file}`);
  }
}

test.run();
