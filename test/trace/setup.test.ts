import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PROBES } from '../../src/trace/recording/probes.ts';
import { driverIn, POSTED, parseOffsets, SETUPS } from '../../src/trace/setup/index.ts';
import { needsShared, shared } from '../needs.ts';
import { processorTime } from '../processor-time.ts';
import { sample } from './samples.ts';

const test = suite('what records a driver');
const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(folder, { recursive: true }));

const SEED = 'seed/perf-riscv-preliminary-support.txt';

test('the callbacks of the seed are found in its patch, and are those that nobody needs to name', async () => {
  if (!needsShared(SEED)) return;
  const { origin, ...found } = await driverIn(shared(SEED));
  const { origin: _, ...posted } = POSTED;
  assert.is(origin, 'arch/riscv/kernel/perf_event.c');
  assert.equal(found, posted);
});

/** By probe: the names of the values that are recorded, in a definition or in a line. */
function namesIn(rows: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const [probe, text] of rows) {
    const values = names.get(probe) ?? new Set();
    for (const [, name] of text.matchAll(/(?:^|[\s"])(\w+)=/g)) values.add(name!);
    names.set(probe, values);
  }
  return names;
}

const rowsOf = (text: string, pattern: RegExp): [string, string][] =>
  [...text.matchAll(pattern)].map(([, probe, values]) => [probe!, values!]);

const OF_SCRIPT = /printf\("hartproof: (\w+) (nsecs=%llu cpu=%d task=%d [^\n]*)\\n"/g;
const OF_SAMPLE = /^hartproof: (\w+) (.*)$/gm;
const OF_DEFINITION = /^ *define '[pr]\d*:hartproof\/(\w+) \w+([^']*)'/gm;
const OF_PERF = /^perf probe --add 'hartproof:(\w+)=[\w%]+(.*?)'(?: \|\| .*)?$/gm;

test('each script defines every probe that import knows, and no other', () => {
  for (const [script, pattern] of [
    [SETUPS.bpftrace(POSTED), OF_SCRIPT],
    [SETUPS.kprobes(POSTED), OF_DEFINITION],
    [SETUPS.kprobes(POSTED, parseOffsets('attr=240')), OF_DEFINITION],
    [SETUPS.perf(POSTED), OF_PERF],
  ] as const)
    assert.equal([...namesIn(rowsOf(script, pattern)).keys()].sort(), [...PROBES.keys()].sort());
});

test('perf is asked for no bit fields, and one refusal does not end the script', () => {
  const script = SETUPS.perf(POSTED);
  assert.not.match(script, /exclude_|precise_ip|^set -e/m);
  for (const row of script.split('\n').filter((row) => row.startsWith('perf probe --add')))
    assert.match(row, /' \|\| echo 'left out: \w+' >&2$/);
});

test('the bpftrace script prints the values that the samples have', () => {
  const printed = namesIn(rowsOf(SETUPS.bpftrace(POSTED), OF_SCRIPT));
  const sampled = namesIn(rowsOf(sample('bpftrace.txt'), OF_SAMPLE));
  assert.ok(sampled.size >= 8);
  for (const [probe, names] of sampled)
    for (const name of names) assert.ok(printed.get(probe)?.has(name), `${probe} prints ${name}`);
});

test('each printf of the script has as many values as its format asks for', () => {
  const prints = SETUPS.bpftrace(POSTED).split('printf(').slice(1);
  assert.is(prints.length, 15);
  for (const print of prints) {
    const [format, ...values] = print.slice(0, print.indexOf(');')).split(/,\n/);
    assert.is(values.length, [...format!.matchAll(/%/g)].length);
  }
});

test('definitions name fields where the kernel knows them, and give offsets where it does not', () => {
  const add = (script: string) => /^define '(p:hartproof\/add_call [^']*)'/m.exec(script)![1]!;
  assert.match(add(SETUPS.kprobes(POSTED)), ' riscv_pmu_add event=event:x64 flags=flags:s32 ');
  assert.match(add(SETUPS.kprobes(POSTED)), ' prev=event->hw.prev_count.a.a.counter:u64 ');
  const offsets = parseOffsets('attr=240, hw.idx=0x168');
  assert.is(
    add(SETUPS.kprobes(POSTED, offsets)),
    'p:hartproof/add_call riscv_pmu_add event=$arg1:x64 flags=$arg2:s32 type=+240($arg1):u32 config=+248($arg1):u64 idx=+360($arg1):s32 active=@riscv_active_events:s32',
  );
});

test('offsets that are none', () => {
  for (const [text, message] of [
    ['hw.index=4', /^hw.index=4 is not name=bytes; the names are group_leader, attr, /],
    ['attr=x', /^attr=x is not name=bytes/],
    ['hw.idx=4', /^without the offset of attr, /],
  ] as const)
    assert.throws(() => parseOffsets(text), message);
});

function driver(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a driver with names of its own, and what it does not have', async () => {
  const traced = await driverIn(
    driver(
      'other.c',
      `
struct lanes { int n_events; struct perf_event *events[LANES]; };
#define LANES 5
static DEFINE_PER_CPU(struct lanes, my_lanes);
/* .add = not_this, */
static int my_open(struct perf_event *ev) { return 0; }
int my_add(struct perf_event *ev, int how)
{
	return 0;
}
static void my_del(struct perf_event *ev, int how) { }
static struct pmu my_pmu = { .event_init = my_open, .add = my_add, .del = my_del, .read = elsewhere };
`,
    ),
  );
  assert.equal(traced.functions.add, { name: 'my_add', parameters: ['ev', 'how'], isStatic: false });
  assert.equal(traced.functions.event_init, { name: 'my_open', parameters: ['ev'], isStatic: true });
  assert.equal(traced.slots, { variable: 'my_lanes', struct: 'lanes', length: 5 });
  assert.is(traced.references, undefined);
  const notes = traced.notes.join('\n');
  assert.match(notes, 'No start was found');
  assert.match(notes, 'No event_destroy was found');
  assert.match(notes, `elsewhere is not in ${traced.origin}:`);
  assert.match(traced.origin, /\/other\.c$/);
  assert.match(notes, 'The callbacks are static.');
  const script = SETUPS.kprobes(traced);
  assert.match(script, "define 'p:hartproof/add_call my_add event=ev:x64 flags=how:s32 ");
  assert.not.match(script, 'active=');
  assert.match(SETUPS.bpftrace(traced), '((struct lanes *)percpu_kaddr("my_lanes"))->events[4]');
});

test('a function is found however its text is laid out, and a text of a million characters in a moment', async () => {
  const open = 'struct pmu p = { .event_init = open, .add = &add };\nint add(struct perf_event *e, int how) { }\n';
  for (const hostile of [
    '/*'.repeat(500_000),
    '"\\'.repeat(500_000),
    "'".repeat(1_000_000),
    'open('.repeat(200_000),
    'static int open('.repeat(60_000),
    'DEFINE_PER_CPU(struct a, '.repeat(40_000),
    'struct a {'.repeat(100_000),
    ' '.repeat(1_000_000),
  ]) {
    const took = await processorTime(async () => {
      const traced = await driverIn(
        driver('long.c', `${open}static\nint\nopen(\n struct perf_event\n*e ) {}\n${hostile}`),
      );
      assert.equal(traced.functions.event_init, { name: 'open', parameters: ['e'], isStatic: true });
      assert.equal(traced.functions.add, { name: 'add', parameters: ['e', 'how'], isStatic: false });
    });
    assert.ok(took < 10_000, `${hostile.slice(0, 10)}: ${took} ms`);
  }
});

test('a file that is no driver', async () => {
  try {
    await driverIn(driver('none.c', 'int main(void) { return 0; }'));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, RangeError);
    assert.match((error as Error).message, /\/none\.c has no struct pmu with an event_init and an add in it$/);
  }
});

test.run();
