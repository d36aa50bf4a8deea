import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from 'sarif';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { VERSION } from '../../src/version.ts';
import { notForGithub } from '../audit/sarif-github.ts';
import { isValid } from '../audit/sarif-schema.ts';
import { TINY } from '../subject/ground/tiny.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { MAIN } from './run.ts';

/** What runs without a runner: the scripts of the action and of the pipeline, with a `npx` that is this checkout, and a `gh` that notes. */
const test = suite('in a CI');
const work = mkdtempSync(join(tmpdir(), 'hartproof-ci-'));
test.after(() => rmSync(work, { recursive: true }));

const fileOf = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
const action = parse(fileOf('.github/actions/check/action.yml')) as Action;
const { steps } = action.runs;
const [github, gitlab] = [...fileOf('docs/ci.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text!));

const AUTHOR = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' };
const repository = join(work, 'repository');
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', env: { ...process.env, ...AUTHOR } }).trim();
const commits: string[] = [];

test.before(() => {
  mkdirSync(join(repository, 'drivers/perf'), { recursive: true });
  git('init', '-q');
  const sound = readFileSync(TINY, 'utf8');
  for (const text of [sound, `#define BREAK_TYPE_ROUTED\n${sound}`, sound]) {
    writeFileSync(join(repository, 'drivers/perf/tiny_pmu.c'), text);
    git('add', '.');
    git('commit', '-qm', 'a driver');
    commits.push(git('rev-parse', 'HEAD'));
  }
  mkdirSync(join(work, 'bin'));
  const script = (name: string, text: string): void => {
    writeFileSync(join(work, 'bin', name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(work, 'bin', name), 0o755);
  };
  script('npx', `echo "npx $1 $2" >>"$CALLS"; shift 2; exec "${process.execPath}" "${MAIN}" "$@"`);
  script('gh', 'echo "gh $*" >>"$CALLS"; case "$*" in *--jq*) cat "$COMMENTS" ;; esac');
});

/** Runs a script as a runner does, and says what it called. */
function runs(script: string, env: Readonly<Record<string, string>>, comments = '') {
  const [calls, known] = [join(work, 'calls'), join(work, 'comments')];
  writeFileSync(calls, '');
  writeFileSync(known, comments);
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: repository,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(work, 'bin')}:${process.env.PATH}`,
      ...{
        CALLS: calls,
        COMMENTS: known,
        RUNNER_TEMP: work,
        GITHUB_OUTPUT: join(work, 'output'),
        GITHUB_REPOSITORY: 'o/r',
      },
      ...env,
    },
  });
  return { status, stdout, stderr, calls: readFileSync(calls, 'utf8') };
}

const scripts = steps.flatMap(({ run }) => run ?? []);

test('the action is one that GitHub takes, with nothing of an event inside of a script', () => {
  assert.is(action.runs.using, 'composite');
  for (const { run, uses, shell } of steps) {
    assert.ok((run === undefined) !== (uses === undefined));
    if (run === undefined) continue;
    assert.is(shell, 'bash');
    assert.not.match(run, /\$\{\{/);
  }
  assert.equal(
    steps.flatMap(({ uses }) => uses ?? []),
    ['github/codeql-action/upload-sarif@v4'],
  );
  const asked = JSON.stringify(steps)
    .match(/inputs\.\w+/g)!
    .map((name) => name.slice('inputs.'.length));
  assert.equal([...new Set(asked)].toSorted(), Object.keys(action.inputs).toSorted());
  assert.is(action.inputs.version!.default, VERSION);
});

test('what the documents show is what there is', () => {
  const uses = github.jobs.hartproof.steps.map((step: Step) => step.uses);
  assert.is(uses.at(-1), `hartproof/hartproof/.github/actions/check@v${VERSION}`);
  assert.match(gitlab.hartproof.script[0], `npx --yes hartproof@${VERSION} check `);
});

test('the scripts of the action check the commits, and say once what is new', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const [check, comment, exit] = scripts as [string, string, string];
  const env = { TREE: tree, VERSION, SARIF: join(work, 'a.sarif'), NUMBER: '7' };
  const output = (): string => readFileSync(join(work, 'output'), 'utf8');

  const breaks = runs(check, { ...env, BASE: commits[0]!, HEAD: commits[1]! });
  assert.is(breaks.status, 0, breaks.stderr);
  assert.is(breaks.calls, `npx --yes hartproof@${VERSION}\n`);
  assert.is(output(), 'status=1\n');
  const log = JSON.parse(readFileSync(env.SARIF, 'utf8')) as Log;
  assert.ok(isValid(log), JSON.stringify(isValid.errors));
  assert.equal(notForGithub(log), []);
  const [result] = log.runs[0]!.results!;
  assert.equal([result!.ruleId, result!.baselineState], ['type-routed', 'new']);
  assert.is(result!.locations![0]!.physicalLocation!.artifactLocation!.uri, 'drivers/perf/tiny_pmu.c');
  assert.match(result!.partialFingerprints!.primaryLocationLineHash!, /^[0-9a-f]+:\d+$/);

  const first = runs(comment, { ...env, STATUS: '1' });
  assert.is(first.status, 0, first.stderr);
  assert.match(
    first.calls,
    /^gh api repos\/o\/r\/issues\/7\/comments --paginate .*\ngh api --method POST repos\/o\/r\/issues\/7\/comments -F body=@/,
  );
  const body = readFileSync(join(work, 'hartproof.md'), 'utf8');
  assert.match(body, /^<!-- hartproof check -->\n.*\n\n {4}drivers\/perf\/tiny_pmu\.c:\d+: ERROR: event_init accepts /);
  assert.match(
    runs(comment, { ...env, STATUS: '1' }, '42\n43\n').calls,
    /--method PATCH repos\/o\/r\/issues\/comments\/42 -F body=@/,
  );
  assert.is(runs(exit, { STATUS: '1' }).status, 1);

  rmSync(join(work, 'output'));
  const both = runs(check, { ...env, BASE: commits[0]!, HEAD: commits[2]! });
  assert.is(both.status, 0, both.stderr);
  // The break is there no more at the end, but a commit has it.
  assert.is(output(), 'status=1\n');
  assert.equal(JSON.parse(readFileSync(env.SARIF, 'utf8')).runs[0].results, []);

  assert.is(runs(comment, { ...env, STATUS: '0' }).calls.includes('--method'), false);
  assert.match(runs(comment, { ...env, STATUS: '0' }, '42\n').calls, /PATCH/);
  assert.match(readFileSync(join(work, 'hartproof.md'), 'utf8'), /finds nothing that is new/);
});

test('a check that cannot be made fails the action, whatever a ref is called', () => {
  rmSync(join(work, 'output'), { force: true });
  const [check] = scripts as [string];
  const env = { TREE: '', VERSION, SARIF: join(work, 'b.sarif'), BASE: '$(touch hacked)', HEAD: '`touch hacked`' };
  assert.is(runs(check, env).status, 1);
  assert.is(readFileSync(join(work, 'output'), 'utf8'), 'status=2\n');
  assert.not(existsSync(join(repository, 'hacked')));
});

test('the script of the pipeline writes the report that it gives to GitLab', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const { script, artifacts } = gitlab.hartproof;
  const env = { CI_MERGE_REQUEST_DIFF_BASE_SHA: commits[0]!, CI_COMMIT_SHA: commits[1]! };
  const { status } = runs(script.join('\n').replace(' check ', ` check --tree ${tree} `), env);
  assert.is(status, 1);
  const xml = readFileSync(join(repository, artifacts.reports.junit), 'utf8');
  assert.match(xml, /<testsuites name="[^"]*" tests="2" failures="1" errors="0" skipped="0" time="[\d.]+">/);
  assert.match(
    xml,
    /<testcase classname="drivers\/perf\/tiny_pmu\.c\.tiny_event_init" name="event_init accepts [^"]*" file="drivers\/perf\/tiny_pmu\.c" line="\d+"/,
  );
});

test.run();
