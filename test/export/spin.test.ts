import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, type Environment, modelOf, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import { fold } from '../../src/engine/compose/index.ts';
import { crosscheck } from '../../src/export/crosscheck.ts';
import { labelOf } from '../../src/export/label.ts';
import { promela, promelaOfTables } from '../../src/export/promela.ts';
import { findSpin, NoSpin, searchWithSpin, Truncated } from '../../src/export/spin.ts';
import { StateSpace } from '../../src/export/state-space.ts';
import { needs } from '../needs.ts';

const test = suite('SPIN');
const present = findSpin().then(
  () => true,
  () => false,
);
const hasSpin = async (): Promise<boolean> => needs('SPIN 6 and a C compiler', await present);

function question(name: string, environment?: Environment, driver: DriverName = 'as-posted') {
  const model = modelOf(name);
  const system = compose(model.scope, environment ?? model.environments[0]!, DRIVERS[driver]);
  return { system, properties: model.properties.map(propertyOf) };
}

/** A model's text with something otherwise. */
function edited(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  assert.is.not(changed, text, 'the edit should change the text');
  return changed;
}

for (const [name, environment, driver] of [
  ['two-threads', '4.16', 'as-posted'],
  ['two-threads', '4.16', 'repaired'],
  ['group-of-two', 'current', 'as-posted'],
  ['foreign-owner-other-pmu', '4.16', 'as-posted'],
] as const)
  test(`agrees on ${name}, ${environment}, ${driver}`, async () => {
    if (!(await hasSpin())) return;
    const { system, properties } = question(name, environment, driver);
    const comparison = await crosscheck(system, properties, (model, states) => searchWithSpin(model, { states }));
    assert.is(comparison.spinStates, comparison.states);
    assert.ok(comparison.closed);
    assert.ok(comparison.agrees, JSON.stringify(comparison));
    assert.is(
      comparison.verdicts.some(({ ours }) => ours),
      driver === 'as-posted',
      'the posted driver violates properties, the repaired one none',
    );
  });

test('a model with one step less, or one that goes elsewhere, is told from ours', async () => {
  if (!(await hasSpin())) return;
  const { system, properties } = question('foreign-owner');
  const compared = (from: string | RegExp, to: string) =>
    crosscheck(system, properties, (model) => searchWithSpin({ ...model, text: edited(model.text, from, to) }));
  const less = await compared(/(foreign\.take \*\/\s+)reservation == /, '$1false && reservation == ');
  assert.not(less.agrees);
  assert.ok(less.spinStates < less.states);
  const elsewhere = await compared(
    'driver[0] = driver_event_init_reserve_lock;',
    'driver[0] = driver_event_init_reserve_unlock_0;',
  );
  assert.not(elsewhere.agrees);
});

test('one verdict that is not ours is a difference', async () => {
  if (!(await hasSpin())) return;
  const { system, properties } = question('foreign-owner');
  const { agrees, verdicts, states, spinStates } = await crosscheck(system, properties, (model) =>
    searchWithSpin({ ...model, text: edited(model.text, /assert\(!foreign_owner_kept\)/g, 'skip') }),
  );
  assert.is(spinStates, states);
  assert.not(agrees);
  const differing = verdicts.filter(({ ours, spin }) => ours !== spin);
  assert.equal(
    differing.map(({ property }) => property),
    ['foreign-owner-kept'],
  );
});

test('finds a deadlock, even where something in the background goes on', async () => {
  if (!(await hasSpin())) return;
  const { system } = question('foreign-owner');
  const model = promela(system, [propertyOf('no-deadlock')]);
  assert.not((await searchWithSpin(model)).broken.has('no-deadlock'));
  const text = edited(model.text, /(mutex\.lock event=0 \*\/\s+)/, '$1false && ');
  assert.ok((await searchWithSpin({ ...model, text })).broken.has('no-deadlock'));
});

test('says when it leaves the tables', async () => {
  if (!(await hasSpin())) return;
  const { system } = question('two-threads');
  const cut = await searchWithSpin(promela(system, [], [], 100));
  assert.ok(cut.broken.has('tables_closed'));
  // One that knows too little of which facts there are.
  const { text, ...model } = promela(system, []);
  const whole = edited(text, /:: d_step { \/\* tables_closed \*\/\s+/, '$&driver[0] == driver_event_init_count || ');
  assert.ok((await searchWithSpin({ ...model, text: whole })).broken.has('tables_closed'));
});

test('its counterexample is a log of the machines', async () => {
  if (!(await hasSpin())) return;
  const { system } = question('foreign-owner');
  const cwd = mkdtempSync(join(tmpdir(), 'hartproof-test-'));
  try {
    const tool = (command: string, ...args: string[]): string =>
      spawnSync(command, args, { cwd, encoding: 'utf8' }).stdout;
    writeFileSync(join(cwd, 'model.pml'), promela(system, [propertyOf('foreign-owner-kept')]).text);
    tool('spin', '-o2', '-a', 'model.pml');
    tool(process.env.CC ?? 'cc', '-DSAFETY', '-DNOREDUCE', '-o', 'pan', 'pan.c');
    tool('./pan', '-E');
    const space = new StateSpace(system);
    for (const _ of space.transitions());
    const facts = new Map(space.product.facts.map((fact) => [labelOf(fact), fact]));
    const told = tool('spin', '-t', '-T', '-B', 'model.pml').split('\n');
    const log = told.flatMap((line) => facts.get(line.trim()) ?? []);
    assert.ok(log.some(({ type }) => type === 'foreign.take'));
    const reservation = fold(system, log)[system.partOf('reservation', 0)!]!;
    assert.ok(reservation.hasTag('foreign holds'));
    assert.is(reservation.context.perfIrq, 'driver');
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('a stack that is too small is made larger', async () => {
  if (!(await hasSpin())) return;
  const { system } = question('three-threads');
  assert.is((await searchWithSpin(promela(system, []), { states: 50 })).states, 7391);
});

test('SPIN finds the same states in the tables that a search left, without a walk', async () => {
  if (!(await hasSpin())) return;
  const { system } = question('three-threads');
  await check(system, []);
  const outcome = await searchWithSpin(promelaOfTables(system, []));
  assert.is(outcome.states, 7391);
  assert.not(outcome.broken.has('tables_closed'));
  assert.ok(outcome.transitions > 21_000 && outcome.megabytes > outcome.megabytesOfStates);
});

test('memory that is too small is no answer, and nothing is left behind', async () => {
  if (!(await hasSpin())) return;
  const { system } = question('three-threads');
  const directories = () => readdirSync(tmpdir()).filter((name) => name.startsWith('hartproof-spin-'));
  const before = directories();
  try {
    await searchWithSpin(promela(system, []), { megabytes: 1 });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, Truncated);
  }
  assert.equal(directories(), before);
});

test('without SPIN, says so', async () => {
  const path = process.env.PATH;
  process.env.PATH = '';
  try {
    await findSpin();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, NoSpin);
    assert.match((error as Error).message, /spin is not installed/);
  } finally {
    process.env.PATH = path;
  }
});

test.run();
