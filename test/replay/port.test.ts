import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONFIG_FILE, CONFIG_TEXT } from '../../src/porting/index.ts';
import { hartproof } from '../cli/run.ts';

const test = suite<{ directory: string; config: string }>('logs of a port');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-port-'));
  context.config = join(context.directory, CONFIG_FILE);
  writeFileSync(context.config, CONFIG_TEXT);
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

/** Writes another text into the description. */
const change = (config: string, from: string, to: string): void =>
  writeFileSync(config, readFileSync(config, 'utf8').replace(from, to));

test('counterexamples are kept with the description of the driver, and replayed by it or by what a file says today', ({
  directory,
  config,
}) => {
  const run = (...args: string[]) => hartproof(directory, ...args);
  run('audit', 'context-switch', '--config', CONFIG_FILE, '--environment', '4.16');
  const kept = run('replay', '--all', '--config', CONFIG_FILE);
  assert.is(kept.status, 1);
  assert.match(kept.stdout, /^✗ userpage-consistent\S+: still breaks$/m);

  // A comment is no other machine.
  change(config, '// A name', '// Some name');
  assert.is(run('replay', '--all', '--config', CONFIG_FILE).stdout, kept.stdout);

  change(config, 'generalCounters: 1', 'generalCounters: 2');
  const changed = run('replay', '--all', '--config', CONFIG_FILE);
  assert.match(changed.stdout, `(${CONFIG_FILE} has changed since the log was written)`);

  // The log holds all that there is to know.
  rmSync(config);
  assert.is(run('replay', '--all').stdout, kept.stdout);
});

test('no file that a log names is run', ({ directory, config }) => {
  const run = (...args: string[]) => hartproof(directory, ...args);
  const log = join(directory, 'r.jsonl');
  run('simulate', 'context-switch', '--config', CONFIG_FILE, '--steps', '20', '--log', 'r.jsonl');
  const whole = readFileSync(log, 'utf8');
  const [first = '', ...facts] = whole.split('\n');
  const header = JSON.parse(first);
  const ran = join(directory, 'ran');
  writeFileSync(config, `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(ran)}, '');`);
  assert.is(run('replay', 'r.jsonl').status, 0);

  const { port, ...named } = header;
  writeFileSync(log, [JSON.stringify(named), ...facts].join('\n'));
  for (const command of ['replay', 'explore']) {
    const refused = run(command, 'r.jsonl');
    assert.is(refused.status, 2);
    assert.match(
      refused.stderr,
      /^hartproof: .*the log is of my-pmu, and does not hold its description.*--config.*\n$/,
    );
  }
  for (const [change, reason] of [
    [{ ...port, generalCounters: 1e9 }, /generalCounters: must be a whole number from 0 to 29/],
    [{ ...port, hwEvents: JSON.parse('{"__proto__x":"cycle"}') }, /hwEvents\.__proto__x: there is no such event/],
    [{ ...port, decisions: [['startsFresh']] }, /decisions: there is no decision startsFresh/],
    [{ ...port, name: 'another' }, /the log is of my-pmu, but describes another/],
    [{}, /name: must be a word/],
  ] as const) {
    writeFileSync(log, [JSON.stringify({ ...header, port: change }), ...facts].join('\n'));
    const refused = run('replay', 'r.jsonl');
    assert.is(refused.status, 2);
    assert.match(refused.stderr, reason);
    assert.match(refused.stderr, /^hartproof: r\.jsonl: line 1: .*\n$/);
  }
  assert.not(existsSync(ran));
});

test('a simulation of a port is a log that replay, coverage and graph read', ({ directory, config }) => {
  const run = (...args: string[]) => hartproof(directory, ...args);
  const model = 'counter-hpmcounter3';
  const simulated = run(
    'simulate',
    model,
    '--config',
    CONFIG_FILE,
    '--width',
    '64',
    '--steps',
    '200',
    '--log',
    'r.jsonl',
  );
  assert.match(simulated.stdout, 'my-pmu');
  assert.match(simulated.stdout, 'cache-misses');
  assert.match(run('replay', 'r.jsonl', '--format', 'text').stdout, /hpmcounter3 advances/);
  assert.match(run('coverage', model, '--config', CONFIG_FILE, '--log', 'r.jsonl').stdout, 'driver my-pmu');
  const graph = run('graph', 'driver/read', '--config', CONFIG_FILE, '--highlight', 'r.jsonl', '--format', 'mermaid');
  assert.match(graph.stdout, /^stateDiagram/);

  change(config, "'readsEveryCounter'", '');
  assert.is(run('replay', 'r.jsonl').stderr, '');
  const refused = run('replay', 'r.jsonl', '--config', CONFIG_FILE);
  assert.is(refused.status, 2);
  assert.match(
    refused.stderr,
    /^hartproof: r\.jsonl: hartproof\.config\.ts has changed since the log was written.*--anyway/,
  );
});

test.run();
