import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLink } from '../../src/explorer/session/link.ts';
import { headerOf } from '../../src/replay/recorded.ts';
import { JsonLinesStore } from '../../src/store/index.ts';
import { hartproof, MAIN } from './run.ts';

const test = suite<{ directory: string }>('hartproof explore');
test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

const SUBJECT = { model: 'two-threads', environment: '5.10', driver: 'as-posted' };

/** A report that was kept, of a driver that nobody modelled. */
const STEP = { ...{ position: 1, end: 1, who: '', what: 'add', where: '', changed: [], violates: true } };
const PLACE = { function: 'mine_add', lines: [7, 7], file: 'mine_pmu.c' };
const REPORT = {
  ...{ command: 'audit', subject: 'mine_pmu.c', title: '', summary: [], reservations: [], notes: [], legend: [] },
  ...{ rules: [], tables: [], closing: [], lines: { 'mine_pmu.c:7': 'return 0;' } },
  findings: [
    {
      ...{ id: 'add-clean/mine_add', cause: 'c', where: 'w', reach: '', reachable: true, cores: [], remarks: [] },
      rule: { id: 'add-clean', statement: 's', severity: 'high', source: '', consequence: '' },
      place: PLACE,
      counterexamples: [
        {
          ...{ id: 'l', rule: 'add-clean', title: '', scope: 'alone', others: [], length: '', lasts: true, ending: '' },
          ...{ callbacks: [], rows: [{ ...STEP, place: PLACE }] },
        },
      ],
      properties: {},
    },
  ],
};

/** Starts the command; it is told to end once it has said where it listens. */
async function explore(directory: string, ...args: string[]) {
  const command = spawn(process.execPath, [MAIN, 'explore', ...args], { cwd: directory });
  let stdout = '';
  let stderr = '';
  let page: Promise<string> | undefined;
  command.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const [url] = /http:[^\s"]*/.exec(stdout) ?? [];
    if (url === undefined || !stdout.endsWith('\n')) return;
    page ??= fetch(url)
      .then((answer) => answer.text())
      .finally(() => command.kill('SIGINT'));
  });
  command.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = (await once(command, 'close')) as [number | null];
  return { status, stdout, stderr, page: await page };
}

test('serves the page, says where, and ends with Ctrl-C', async ({ directory }) => {
  const { status, stdout, page } = await explore(directory, 'foreign-owner', '--driver', 'repaired', '--port', '0');
  assert.is(status, 0);
  assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/#model=foreign-owner&environment=4\.16&driver=repaired\n/);
  assert.match(page!, /<title>Hartproof explorer<\/title>/);
});

test('opens a log by a link that holds it', async ({ directory }) => {
  const store = new JsonLinesStore(directory);
  store.create('run', headerOf(SUBJECT));
  store.append('run', 0, [{ type: 'event_init.call', event: 1, attribute: 'cycles' }]);
  const { status, stdout } = await explore(directory, 'run.jsonl', '--json', '--port', '0');
  assert.is(status, 0);
  const link = readLink(new URL(JSON.parse(stdout).url).hash, { model: '', environment: '', driver: '' });
  assert.equal(link.subject, SUBJECT);
  assert.match(link.logs[0]!, /^1\./);
});

test('hands over a log that these machines do not accept, for the page to say so', ({ directory }) => {
  const store = new JsonLinesStore(directory);
  store.create('odd', headerOf(SUBJECT));
  store.append('odd', 0, [{ type: 'foreign.take' }]);
  const { stdout } = hartproof(directory, 'explore', 'odd.jsonl', '--build', 'site', '--json');
  assert.equal(JSON.parse(stdout), { directory: 'site', page: 'index.html#file=log.jsonl' });
  const built = readdirSync(join(directory, 'site'));
  for (const name of [
    'index.html',
    'main.js',
    'page.css',
    'search-worker.js',
    'question-worker.js',
    'draw-worker.js',
    'log.jsonl',
  ])
    assert.ok(built.includes(name), name);
  assert.match(readFileSync(join(directory, 'site/index.html'), 'utf8'), /src="main\.js"/);
});

test('takes what bpftrace prints as JSON for a trace, and any other JSON for a report', ({ directory }) => {
  writeFileSync(join(directory, 'recording.json'), '{"type": "attached_probes", "data": {"probes": 15}}\n');
  const { status, stdout } = hartproof(directory, 'explore', 'recording.json', '--build', 'out');
  assert.is(status, 0);
  assert.match(stdout, /#model=kernel-trace&.*&file=trace\.txt/);
  writeFileSync(join(directory, 'other.json'), '{"name": 1}\n');
  const other = hartproof(directory, 'explore', 'other.json');
  assert.is(other.status, 2);
  assert.match(other.stderr, /^hartproof: cannot open the findings of other\.json: it is no audit/);
});

test('opens a driver that a file describes, and logs of it', ({ directory }) => {
  assert.is(hartproof(directory, 'init').status, 0);
  const built = hartproof(directory, 'explore', '--config', '--build', 'site', '--json', '--', 'counter-hpmcounter3');
  const { page } = JSON.parse(built.stdout);
  const link = readLink(page.slice(page.indexOf('#')), SUBJECT);
  assert.equal(link.subject, { model: 'counter-hpmcounter3', environment: '4.16', driver: 'my-pmu' });
  assert.is(link.port, 'port.json');
  const port = JSON.parse(readFileSync(join(directory, 'site/port.json'), 'utf8'));
  assert.is(port.config.file, 'hartproof.config.ts');
  assert.ok(port.digests['counter-hpmcounter3 4.16 my-pmu 64']);

  const log = ['--config', 'hartproof.config.ts', '--steps', '20', '--log', 'run.jsonl'];
  hartproof(directory, 'simulate', 'counter-hpmcounter3', ...log);
  const opened = hartproof(directory, 'explore', 'run.jsonl', '--build', 'log', '--json');
  assert.match(opened.stdout, /port=port\.json/);
  assert.ok(readdirSync(join(directory, 'log')).includes('port.json'));
});

test('opens a finding by its name: of the last report, and of what audit --json wrote; and ships no C but lines that are asked for', ({
  directory,
}) => {
  writeFileSync(join(directory, 'report.json'), JSON.stringify({ schema: 'hartproof.report/1', reports: [REPORT] }));
  const build = (...args: string[]) => {
    const built = hartproof(directory, 'explore', ...args, '--store', '.', '--build', 'site', '--json');
    const file = join(directory, 'site/findings.json');
    return { ...built, findings: built.status === 0 ? JSON.parse(readFileSync(file, 'utf8')) : undefined };
  };
  const { stdout, findings } = build('1');
  const token = findings.findings[0].token;
  assert.is(JSON.parse(stdout).page, `index.html#finding=${token}`);
  assert.is(findings.code, undefined);
  assert.equal(build(token, '--with-lines').findings.code, [{ path: 'mine_pmu.c', lines: { 7: 'return 0;' } }]);
  assert.match(build('7').stderr, /^hartproof: there is no finding 7 in the last report/);
  const ground = {
    ...{ id: 'a/b', token: 'hp:123456', property: 'a', statement: 's', severity: 'high' },
    scope: 'alone',
  };
  const audited = {
    schema: 'hartproof.ground/1',
    driver: 'm.c',
    findings: [{ ...ground, text: 't', steps: ['x', 'y'] }],
  };
  writeFileSync(join(directory, 'audit.json'), JSON.stringify(audited));
  assert.is(JSON.parse(build('audit.json#hp:12').stdout).page, 'index.html#finding=hp:123456');
  assert.is(JSON.parse(build('audit.json#1').stdout).page, 'index.html#finding=hp:123456');
  assert.is(build('audit.json').findings.findings[0].steps[1].violates, true);
  assert.match(
    build('audit.json#hp:9').stderr,
    /^hartproof: there is no finding hp:9 in audit\.json.*: it has hp:123456\n/,
  );
  assert.match(build('report.json').stderr, /^hartproof: cannot open the findings of report\.json: it is no audit: /);
});

test('says in one line what is wrong', async ({ directory }) => {
  writeFileSync(join(directory, 'empty.txt'), '');
  writeFileSync(join(directory, 'letter.txt'), 'Dear list,\nthis is no trace.\n');
  writeFileSync(join(directory, 'rows.ndjson'), '\n{"cb":"add"}\n');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  for (const [args, message] of [
    [['--port', String(port)], /^hartproof: cannot listen on port \d+: somebody listens there already\n$/],
    [['empty.txt'], /^hartproof: empty\.txt is no kernel's trace that is known, and a log's name ends in \.jsonl\n$/],
    [['letter.txt'], /^hartproof: letter\.txt is nothing that \S+ trace-cmd report, perf script, .* print, and no log/],
    [['rows.ndjson'], /^hartproof: rows\.ndjson: line 1: /],
    [['--port', 'x'], /^hartproof: --port takes a number from 0 to 65535, not x\n$/],
    [['no-such-model'], /^hartproof: there is no model or log no-such-model; there are /],
    [
      ['two-threads', '--environment', 'any-order'],
      /^hartproof: two-threads is asked in 4\.16, 5\.10, current, not in any-order\n$/,
    ],
    [['--config', 'none.ts'], /^hartproof: there is no file none\.ts /],
    [['none.json#hp:1'], /^hartproof: cannot open the findings of none\.json: ENOENT/],
    [
      ['--build', 'site', '--source', 'x.c'],
      /^hartproof: a page that others are given holds no C but the lines of a report/,
    ],
    [['--with-lines'], /^hartproof: --with-lines goes with --build/],
    [['--source', 'none.c'], /^hartproof: there is no file none\.c\n$/],
    [['none.jsonl'], /^hartproof: there is no file none\.jsonl\n$/],
  ] as const) {
    const { status, stderr } = hartproof(directory, 'explore', ...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, message);
  }
  taken.close();
});

test.run();
