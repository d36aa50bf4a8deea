import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DECISIONS, type DecisionName, isDesign, REPAIRS } from '../../../machines/driver/decisions.ts';
import { patchOf } from '../../../src/repair/source/patch.ts';
import { rewrite } from '../../../src/repair/source/rewrite.ts';
import { NEEDS, NOT_IN_C, RULES } from '../../../src/repair/source/rules/index.ts';
import { type DriverSource, fileSource, readSource } from '../../../src/subject/index.ts';
import { needsShared, shared } from '../../needs.ts';

const SEED = 'seed/perf-riscv-preliminary-support.txt';
const SLOPPY = fileURLToPath(new URL('sloppy.c', import.meta.url));
const ALL = Object.keys(DECISIONS) as DecisionName[];
const sloppy = fileSource(SLOPPY);

/** The lines that a change takes out and puts in. */
const changed = (source: DriverSource, ...changes: DecisionName[]): string[] =>
  patchOf(source, rewrite(source, changes).source)
    .split('\n')
    .filter((line) => /^[+-](?![+-]{2} )/.test(line));

const test = suite('changes in C');

test('each change has a rule, or a reason why the C alone does not say how', () => {
  for (const name of ALL) assert.is(RULES.has(name), NOT_IN_C[name] === undefined, name);
  for (const name of REPAIRS) assert.ok(RULES.has(name));
  assert.ok(ALL.filter(isDesign).every((name) => !RULES.has(name)));
});

test('each change can be made in a driver with names of its own, and all together', () => {
  for (const name of RULES.keys()) {
    const { left, source } = rewrite(sloppy, [name, ...(NEEDS[name] ?? [])]);
    assert.is(left.size, 0, name);
    assert.is.not(source.text, sloppy.text, name);
  }
  assert.is(rewrite(sloppy, REPAIRS).left.size, 0);
});

test('a change touches what it must, and nothing else', () => {
  assert.equal(changed(sloppy, 'toleratesStopped'), ['-\tWARN_ON(e->hw.state & PERF_HES_STOPPED);']);
  assert.equal(changed(sloppy, 'takesOnlyFreePmc'), [
    '-\tperf_irq = sloppy_handler;',
    '+\tif (!before)',
    '+\t\tperf_irq = sloppy_handler;',
  ]);
  assert.equal(changed(sloppy, 'leavesIndex'), [
    '-\t/* It has no counter yet: idx is -1 until add() finds it one. */',
    '-\te->hw.idx = -1;',
  ]);
  assert.equal(changed(sloppy, 'setsDestroyLast'), [
    '-\te->destroy = sloppy_destroy;',
    '-\t\te->destroy(e);',
    '+\t\tsloppy_destroy(e);',
    '+',
    '+\te->destroy = sloppy_destroy;',
  ]);
});

test('changes of the same lines go together', () => {
  const both = changed(sloppy, 'countsUnderMutex', 'takesOnlyFreePmc');
  assert.ok(both.includes('+\t\telse'));
  assert.ok(both.includes('+\t\t\tatomic_dec(&live_events);'));
  assert.ok(both.includes('-\t\tatomic_dec(&live_events);'));
});

test('what is changed already is left alone, and so is what is not recognised: it says where it looked', () => {
  const { source } = rewrite(sloppy, REPAIRS);
  const again = rewrite(source, ALL);
  assert.is(again.source.text, source.text);
  assert.is(again.left.size, ALL.length);
  assert.is(again.left.get('addsOnce'), 'sloppy_add: the change is made already');
  assert.match(again.left.get('toleratesStopped')!, /^sloppy_stop: WARN_ON_ONCE.* was not found$/);
  assert.match(again.left.get('readsEveryCounter')!, 'for the port to say');
  const strange = { ...sloppy, text: 'int nothing;\n' };
  for (const [change, why] of rewrite(strange, ALL).left) assert.ok(why.length > 10, change);
  assert.is(rewrite(strange, ALL).source.text, strange.text);
});

test('a refusal is not put where there is a reservation to undo', () => {
  const { left } = rewrite(sloppy, ['refusesSampling']);
  assert.is(left.get('refusesSampling'), 'sloppy_init: it reserves the PMC before it maps the event');
});

test('the lines around a change keep their tabs and their comments', () => {
  const text = readFileSync(SLOPPY, 'utf8');
  const { source } = rewrite(sloppy, REPAIRS);
  for (const comment of text.match(/\/\*[\s\S]*?\*\//g)!)
    assert.is(source.text.includes(comment), !comment.includes('idx is -1'), comment);
  assert.not.match(source.text, /^ +\S(?<!\*)[^*]*;$/m);
  assert.not.match(source.text, /\n\n\n/);
});

test('all changes can be made in the C of the seed', async () => {
  if (!needsShared(SEED)) return;
  const seed = await readSource(shared(SEED));
  for (const name of RULES.keys()) assert.is(rewrite(seed, [name, ...(NEEDS[name] ?? [])]).left.size, 0, name);
  const { source, left } = rewrite(seed, REPAIRS);
  assert.is(left.size, 0);
  assert.is(rewrite(source, REPAIRS).source.text, source.text);
});

test.run();
