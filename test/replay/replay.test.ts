import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { propertyOf } from '../../models/index.ts';
import { openStore } from '../../src/cli/logs.ts';
import { check } from '../../src/engine/check/index.ts';
import { RefusedFact } from '../../src/engine/compose/index.ts';
import type { Fact } from '../../src/facts/index.ts';
import { isAboutAllLogs, logVerdicts } from '../../src/replay/log-verdicts.ts';
import { headerOf, isByTheseMachines, systemOf } from '../../src/replay/recorded.ts';
import { hartproof } from '../cli/run.ts';

const subject = { model: 'two-threads', environment: '4.16', driver: 'as-posted' };
const busyIsTrue = propertyOf('busy-is-true');

async function counterexample(): Promise<readonly Fact[]> {
  const verdict = (await check(systemOf(subject), [busyIsTrue])).verdicts.get('busy-is-true')!;
  if (verdict.verdict !== 'violated') throw new Error('the posted driver answers a false EBUSY');
  return verdict.counterexample.facts;
}

test('a counterexample violates its property at its last fact, and the log of another driver does not', async () => {
  const log = await counterexample();
  const { breaks, folded } = logVerdicts(systemOf(subject), log, [busyIsTrue]);
  assert.equal(breaks, [{ property: 'busy-is-true', inFlight: false, position: log.length }]);
  assert.is(folded, log.length);
  assert.throws(
    () => logVerdicts(systemOf({ ...subject, driver: 'repaired' }), log, [busyIsTrue]),
    (error: Error) => error instanceof RefusedFact,
  );
});

test('a log is folded to a position, or to the break of a property', async () => {
  const log = await counterexample();
  assert.is(logVerdicts(systemOf(subject), log, [busyIsTrue], { at: 5 }).folded, 5);
  const longer: Fact[] = [...log, { type: 'event.free', event: 1 }];
  assert.is(logVerdicts(systemOf(subject), longer, [busyIsTrue], { until: 'busy-is-true' }).folded, log.length);
});

test('data that its author would not write is refused', async () => {
  const log = (await counterexample()).map((fact) =>
    fact.type === 'active_events.inc' ? { ...fact, value: fact.value + 1 } : fact,
  );
  assert.throws(() => logVerdicts(systemOf(subject), log, []), /value is 2, but 1 in this state/);
});

test('a counterexample that violates its property only while a call is in flight is found broken again', async () => {
  const property = propertyOf('reserved-while-live');
  const verdict = (await check(systemOf(subject), [property])).verdicts.get(property.id)!;
  if (verdict.verdict !== 'violated') throw new Error('it holds');
  const { facts, lasting } = verdict.counterexample;
  const broken = { property: property.id, inFlight: true, position: facts.length };
  assert.equal(logVerdicts(systemOf(subject), facts, [property]).breaks, [broken]);
  const { breaks, held } = logVerdicts(systemOf(subject), lasting!.facts, [property]);
  assert.equal(breaks.at(-1), { property: property.id, inFlight: false, position: lasting!.facts.length });
  assert.equal(held, []);
});

test('what must stay possible cannot be judged along one log', () => {
  assert.ok(isAboutAllLogs(propertyOf('recovers')));
  assert.not.ok(isAboutAllLogs(busyIsTrue));
});

test('a header knows the machines that wrote the log', () => {
  assert.ok(isByTheseMachines(headerOf(subject)));
  assert.not.ok(isByTheseMachines({ ...headerOf(subject), driver: 'repaired' }));
});

test('a word of two halves has an even width', () => {
  assert.throws(
    () => systemOf({ ...subject, model: 'rv32', wordBits: 33 }),
    /a word of two halves cannot have 33 bits/,
  );
});

test('there is no recording of what does not exist', () => {
  for (const wrong of [{ model: 'nope' }, { environment: 'nope' }, { driver: 'nope' }])
    assert.throws(() => systemOf({ ...subject, ...wrong }), /there is no/);
});
test.run();

const command = suite<{ directory: string }>('hartproof simulate and replay');
command.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-replay-'));
});
command.after.each(({ directory }) => rmSync(directory, { recursive: true }));

command('the counterexamples of an audit are kept, and replayed', ({ directory }) => {
  const asked = ['two-threads', '--environment', '4.16', '--property', 'busy-is-true', '--keep', directory];
  const said = /kept in .*: hartproof explore 1 --store /;
  assert.match(hartproof(directory, 'audit', ...asked).stderr, said);
  assert.is(hartproof(directory, 'audit', ...asked).stderr, '', 'nothing new is kept');
  const { status, stdout } = hartproof(directory, 'replay', '--all', '--store', directory);
  assert.is(status, 1);
  assert.match(stdout, /✗ busy-is-true\.\S+: still breaks/);
});

command('where no counterexample is kept, nothing passes', async ({ directory }) => {
  (await openStore(directory, 'write')).close();
  const { status, stdout, stderr } = hartproof(directory, 'replay', '--all', '--store', directory);
  assert.equal([status, stdout], [2, '']);
  assert.match(stderr, /^hartproof: no counterexample is kept in .*\n$/);
});

command('a simulation is written as a log, and the log replayed', ({ directory }) => {
  const log = join(directory, 'run.jsonl');
  const simulated = hartproof(directory, 'simulate', 'context-switch', '--width', '64', '--seed', '1', '--log', log);
  assert.is(simulated.status, 0);
  assert.match(simulated.stdout, 'perf stat');
  const { status, stdout } = hartproof(directory, 'replay', log, '--until', 'count-exact', '--json');
  assert.is(status, 1);
  const { breaks, folded } = JSON.parse(stdout);
  assert.is(breaks.find(({ property }: { property: string }) => property === 'count-exact').position, folded);
});

command('a log by other machines is folded only on request, and a refused one says where', ({ directory }) => {
  const log = join(directory, 'run.jsonl');
  hartproof(directory, 'simulate', 'two-threads', '--steps', '40', '--log', log);
  const lines = readFileSync(log, 'utf8').split('\n');
  const header = { ...JSON.parse(lines[0]!), driver: 'repaired' };
  writeFileSync(log, [JSON.stringify(header), ...lines.slice(1)].join('\n'));
  const refused = hartproof(directory, 'replay', log);
  assert.is(refused.status, 2);
  assert.match(refused.stderr, '--anyway');
  assert.match(hartproof(directory, 'replay', log, '--anyway').stderr, /do not accept the log: fact \d+/);
});

command('what cannot be replayed gets one clear line and status 2', ({ directory }) => {
  for (const args of [
    ['replay'],
    ['replay', join(directory, 'no.jsonl')],
    ['replay', 'no', '--store', directory],
    ['replay', join(directory, 'no.jsonl'), '--rows', '0'],
    ['simulate', 'no'],
    ['simulate', 'two-threads', '--log', 'run.txt'],
  ]) {
    const { status, stderr } = hartproof(directory, ...args);
    assert.is(status, 2);
    assert.match(stderr, /^hartproof: [^\n]+\n$/);
  }
});
command.run();
