import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

test('counterexamples are kept with the file that described the driver, and replayed by it', ({
  directory,
  config,
}) => {
  const run = (...args: string[]) => hartproof(directory, ...args);
  run('audit', 'context-switch', '--config', CONFIG_FILE, '--environment', '4.16');
  const kept = run('replay', '--all');
  assert.is(kept.status, 1);
  assert.match(kept.stdout, /^✗ userpage-consistent\S+: still breaks$/m);

  // A comment is no other machine.
  change(config, '// A name', '// Some name');
  assert.is(run('replay', '--all').stdout, kept.stdout);

  change(config, 'generalCounters: 1', 'generalCounters: 2');
  const changed = run('replay', '--all');
  assert.match(changed.stdout, `(${CONFIG_FILE} has changed since the log was written)`);

  renameSync(config, join(directory, 'moved.config.ts'));
  const missing = run('replay', '--all');
  assert.is(missing.status, 2);
  assert.match(missing.stdout, /^\? userpage\S+: cannot be replayed: the log is of my-pmu: there is no file/m);
  change(join(directory, 'moved.config.ts'), 'generalCounters: 2', 'generalCounters: 1');
  assert.is(run('replay', '--all', '--config', 'moved.config.ts').stdout, kept.stdout);
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
  const refused = run('replay', 'r.jsonl');
  assert.is(refused.status, 2);
  assert.match(refused.stderr, /^hartproof: hartproof\.config\.ts has changed since the log was written.*--anyway/);
});

test.run();
