import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { register } from '../../src/cli/commands/graph.ts';
import { UsageError } from '../../src/cli/exit.ts';
import { openStore } from '../../src/cli/logs.ts';
import { hartproof } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hartproof-graph-'));
test.after(() => rmSync(folder, { recursive: true }));

const graph = (...args: string[]) => hartproof(ROOT, 'graph', ...args);

test('without a name, it lists what can be drawn', () => {
  const { status, stdout } = graph();
  assert.is(status, 0);
  assert.match(stdout, /^ {2}lifecycle +what the perf core believes/m);
  assert.match(stdout, /^ {2}driver\/add$/m);
  assert.match(stdout, /^ {2}foreign-owner +What becomes of another owner/m);
});

test('it writes each format, to a file or to standard output', () => {
  const file = join(folder, 'lifecycle.svg');
  assert.equal(graph('lifecycle', '-o', file), { status: 0, stdout: '', stderr: '' });
  assert.is(readFileSync(file, 'utf8'), readFileSync(join(ROOT, 'docs/pictures/lifecycle.svg'), 'utf8'));
  assert.match(graph('riscv_pmu_add', '--format', 'mermaid').stdout, /^stateDiagram-v2\n/);
  assert.match(graph('slots', '--format', 'dot').stdout, /^digraph "counter slots" \{\n/);
  assert.match(graph('lifecycle', '--format', 'rv', '--environment', '5.10').stdout, /^digraph state_automaton \{\n/);
});

test('it writes the handlers of a monitor for the functions of a driver', () => {
  const driver = join(folder, 'own.c');
  writeFileSync(
    driver,
    'static int o(struct perf_event *e) { }\nstatic int a(struct perf_event *e, int f) { }\nstruct pmu p = { .event_init = o, .add = a };\n',
  );
  const { stdout } = graph('lifecycle', '-f', 'rv-handlers', '--environment', '5.10', '--source', driver);
  assert.match(stdout, '[LIFECYCLE_EVENT_INIT] = "o",\n\t[LIFECYCLE_ADD] = "a",\n};');
  assert.match(stdout, 'return event_init_enoent_asks_once_more_lifecycle;');
  assert.not.match(stdout, /LIFECYCLE_DEL|cleans_up/);
});

test('it draws a log as a sequence, and in a picture', () => {
  const log = join(folder, 'log.jsonl');
  const facts = [
    { type: 'event_init.call', event: 0, attribute: 'cycles' },
    { type: 'active_events.inc', event: 0, value: 1 },
  ];
  writeFileSync(log, facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
  assert.match(graph('--sequence', log, '--format', 'mermaid').stdout, /^sequenceDiagram\n/);
  assert.match(graph('--sequence', log, '--narrow').stdout, /^<svg [^>]*width="360"[\s\S]*>task of event 0</);
  assert.match(graph('lifecycle', '--highlight', log, '--narrow').stdout, /<rect [^>]*stroke="#0969d9"/);
  assert.match(graph('lifecycle', '--highlight', log, '--format', 'mermaid').stdout, /● event_init\.call/);
  assert.match(graph('foreign-owner', '--highlight', log, '--format', 'dot').stdout, /penwidth=2\.2/);
});

test('it draws a log that was kept, by its name', async () => {
  const store = await openStore(folder, 'write');
  store.create('mine', {
    schema: 'hartproof.log/1',
    model: 'two-threads',
    environment: '4.16',
    driver: 'as-posted',
    machines: 'x',
    breaks: 'recovers',
  });
  store.append('mine', 0, [{ type: 'event_init.call', event: 0, attribute: 'cycles' }]);
  store.close();
  const { stdout } = graph('--sequence', 'mine', '--store', folder, '--format', 'mermaid');
  assert.match(stdout, /event_init\(cycles\)\n.*\n.*✗ after this step, violated#58; recovers/);
});

for (const [what, args, said] of [
  ['a name that is none', ['nonsense'], /there is no picture nonsense; there are lifecycle, .*two-threads/],
  ['a name that is almost one', ['two-thraeds'], /there is no picture two-thraeds \(did you mean two-threads\?\)/],
  ['a model that is too large', ['two-threads'], /more than 300 states, which is no picture; try it sequential/],
  [
    'a driver that is none',
    ['driver', '--driver', 'other'],
    /there is no driver other; there are as-posted, merged-4.18, repaired/,
  ],
  [
    'a core that is none',
    ['lifecycle', '-f', 'rv', '--environment', '2.6'],
    /there is no perf core 2\.6 \(did you mean 4\.16\?\); there are 4\.16/,
  ],
  [
    'a monitor whose enums would be no C',
    ['lifecycle', '-f', 'rv', '-o', 'a-5.10.dot'],
    /a-5\.10\.dot is no name for a m/,
  ],
  ['handlers of no driver', ['lifecycle', '-f', 'rv-handlers', '--source', 'package.json'], /package\.json/],
  ['a source for a picture', ['lifecycle', '--source', 'a.c'], /--source names the functions that rv-handlers probes/],
  ['rv of another machine', ['driver', '-f', 'rv'], /rv writes the lifecycle/],
  ['a log that is not there', ['--sequence', 'nowhere.json'], /cannot read nowhere\.json/],
  ['a log that is none', ['--sequence', 'package.json'], /package\.json: fact 1 is no fact: there is no type module/],
  ['a narrow picture as dot', ['lifecycle', '--narrow', '-f', 'dot'], /--narrow is of svg, not of dot/],
  ['a sequence as dot', ['--sequence', 'package.json', '-f', 'dot'], /a sequence diagram is svg or mermaid, not dot/],
  ['a file that cannot be written', ['slots', '-o', 'nowhere/slots.svg'], /cannot write nowhere\/slots\.svg/],
] as const)
  test(`${what} is refused in one line`, async () => {
    const program = new Command();
    register(program.command('graph'));
    const refused: unknown = await program.parseAsync(['graph', ...args], { from: 'user' }).catch((error) => error);
    assert.ok(refused instanceof UsageError);
    assert.match(refused.message, said);
    assert.not.match(refused.message, /\n/);
  });

test('a refusal is exit status 2, and one line', () => {
  const { status, stdout, stderr } = graph('nonsense');
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /^hartproof: there is no picture nonsense; [^\n]*\n$/);
});

test.run();
