import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build } from '../../src/subject/build.ts';
import { explain } from '../../src/subject/compiler.ts';
import { NoSubject } from '../../src/subject/index.ts';
import { commands, type Known, Subject, type SubjectMachine } from '../../src/subject/subject.ts';
import { built, CACHE, needsCompiler } from './tiny.ts';

const MACHINE: SubjectMachine = {
  ...{ events: 2, harts: 2, wordBits: 64, xlen: 64, counterWidth: 63, intBits: 32 },
  ...{ anyOrder: false, group: 0 },
};

type Done = Extract<Known, { kind: 'done' }>;

/** Performs commands one after the other, and gives each result; stops at one that is not done. */
function perform(subject: Subject, state: number, ...all: string[]): Known[] {
  let at = state;
  return all.map((command) => {
    const result = subject.perform(at, command);
    if (result.kind === 'done') at = result.state;
    return result;
  });
}

const done = (results: readonly Known[]): Done => results.at(-1) as Done;
const types = (result: Known): string[] =>
  result.kind === 'refused' ? [] : result.happenings.map(({ fact }) => fact.type);

/** The commands that open an event and return. */
const open = (event: number): string[] => [
  commands.open(event, 'cycles', 0, true),
  ...Array(6).fill(commands.step(event)),
];

const test = suite('the C as a subject');

test('boots, and has what was probed', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny'), MACHINE);
  assert.equal(subject.has, { perfIrq: true, activeEvents: true, slots: true, nEvents: true, destroy: true });
  assert.is(subject.boot.view.activeEvents, 0);
  subject.close();
  const bare = new Subject(built('bare'), MACHINE);
  assert.equal(bare.has, { perfIrq: false, activeEvents: false, slots: true, nEvents: false, destroy: false });
  bare.close();
});

test('an open stops at every shared access, and tells it', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny'), MACHINE);
  const results = perform(subject, 0, ...open(0), commands.step(0));
  assert.equal(results.map(types), [
    [],
    ['mutex.lock'],
    ['active_events.inc'],
    ['perf_irq.read'],
    ['perf_irq.write'],
    ['mutex.unlock'],
    ['event_init.return'],
    [],
  ]);
  assert.is(results.at(-1)?.kind, 'refused');
  subject.close();
});

test('a thread that finds the mutex taken waits until it is free', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny'), MACHINE);
  const both = perform(
    subject,
    0,
    commands.open(0, 'cycles', 0, true),
    commands.step(0),
    commands.open(1, 'cycles', 0, true),
  );
  const waits = subject.perform(done(both).state, commands.step(1)) as Done;
  assert.equal(types(waits), ['mutex.wait']);
  assert.equal(waits.view.reservation.waiters, [1]);
  assert.is(subject.perform(waits.state, commands.step(1)).kind, 'refused');
  const free = perform(subject, waits.state, ...Array(4).fill(commands.step(0)));
  assert.equal(types(subject.perform(done(free).state, commands.step(1))), ['mutex.lock']);
  subject.close();
});

test('a state is the memory: the same again has the same number, and any can be gone back to', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny'), MACHINE);
  const live = done(perform(subject, 0, ...open(0)));
  const add = (hart: number): Done => subject.perform(live.state, commands.run(0, 'add', hart, 1, 5, 0)) as Done;
  assert.equal(add(0).view.slots, [
    { nEvents: 1, events: [0, null] },
    { nEvents: 0, events: [null, null] },
  ]);
  assert.equal(add(1).view.slots[1], { nEvents: 1, events: [0, null] });
  const closed = perform(
    subject,
    live.state,
    commands.destroy(0),
    ...Array(5).fill(commands.step(0)),
    commands.free(0),
  );
  assert.is(done(closed).state, subject.boot.state);
  subject.close();
});

test('words and ints are as wide as the machine says', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny'), { ...MACHINE, wordBits: 4, xlen: 2, counterWidth: 3 });
  const live = done(perform(subject, 0, ...open(0)));
  const added = subject.perform(live.state, commands.run(0, 'add', 0, 1, 7, 0)) as Done;
  const read = added.happenings.find(({ fact }) => fact.type === 'csr.read');
  assert.equal(read?.fact, { type: 'csr.read', event: 0, hart: 0, counter: 'cycle', half: 'low', value: 3 });
  subject.close();
});

test('the whole of a 64-bit word survives', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny'), MACHINE);
  const live = done(perform(subject, 0, ...open(0)));
  const added = subject.perform(live.state, commands.run(0, 'add', 0, 1, '18446744073709551615', 0)) as Done;
  assert.is(added.view.events[0]?.prevCount, '18446744073709551615');
  subject.close();
});

test('a crash and a hang are answers, and the subject goes on', () => {
  if (!needsCompiler()) return;
  for (const [mistake, callback, signal] of [
    ['BREAKS_POINTER', 'read', 'Segmentation fault'],
    ['BREAKS_LOOP', 'stop', 'hang'],
  ] as const) {
    const subject = new Subject(built('tiny', [mistake]), MACHINE);
    const live = done(perform(subject, 0, ...open(0)));
    const added = subject.perform(live.state, commands.run(0, 'add', 0, 1, 0, 0)) as Done;
    const crash = subject.perform(added.state, commands.run(0, callback, 0, 4, 0, 0));
    assert.is(crash.kind === 'crash' && crash.signal, signal);
    assert.is(subject.perform(live.state, commands.run(0, 'add', 1, 1, 0, 0)).kind, 'done');
    subject.close();
  }
});

test('undefined behaviour is told with its line', () => {
  if (!needsCompiler()) return;
  const subject = new Subject(built('tiny', ['BREAKS_SHIFT']), MACHINE);
  const live = done(perform(subject, 0, ...open(0)));
  const added = subject.perform(live.state, commands.run(0, 'add', 0, 1, 0, 0)) as Done;
  assert.equal(added.happenings[0]?.fact, {
    type: 'undefined',
    event: 0,
    kind: 'shift out of bounds',
    line: 88,
    file: './driver.c',
  });
  subject.close();
});

test('a driver that registers nothing does not boot', () => {
  if (!needsCompiler()) return;
  assert.throws(
    () => new Subject(built('tiny', ['BREAKS_BOOT']), MACHINE),
    /does not boot: .* registers no struct pmu/,
  );
});

test('a build is made once for what goes into it', () => {
  if (!needsCompiler()) return;
  const first = built('tiny');
  const { ino } = statSync(first.object);
  assert.is(built('tiny').object, first.object);
  assert.is(statSync(first.object).ino, ino);
  assert.is.not(built('tiny', ['OTHER']).object, first.object);
});

test('what the shim lacks is named, and --shim mends it', () => {
  if (!needsCompiler()) return;
  const { source } = built('bare');
  const text = source.text.replace('return -ENOENT;', 'return kernel_of_tomorrow(event) ? MADE_UP_FLAG : -ENOENT;');
  const wanting = (): unknown => build({ ...source, text }, { cache: CACHE });
  assert.throws(
    wanting,
    (error: Error) => error instanceof NoSubject && /kernel_of_tomorrow, MADE_UP_FLAG.*--shim DIR/.test(error.message),
  );
  const shim = mkdtempSync(join(tmpdir(), 'hartproof-shim-'));
  writeFileSync(join(shim, 'kernel.h'), '#define MADE_UP_FLAG 1\n#define kernel_of_tomorrow(event) 0\n');
  assert.ok(build({ ...source, text }, { cache: CACHE, shim }).object);
});

test('which limit a compiler has met is told by its name', () => {
  const cc1 = (end: string) => explain(`gcc: internal compiler error: ${end} signal terminated program cc1\n`);
  assert.is(cc1('CPU time limit exceeded'), 'the driver does not compile in 10 seconds of processor time');
  assert.is(explain('cc1: out of memory allocating 65536 bytes\n'), 'the driver does not compile in 1 GiB of memory');
  assert.is(explain('it was ended after 30 seconds'), 'the driver does not compile in 30 seconds');
  assert.match(cc1('Killed'), /does not compile in 10 seconds of processor time, 1 GiB of memory and 64 MiB/);
  assert.match(explain(`driver.c:1:2: error: 'x' undeclared\ncc1: out of memory\n`), /'x' undeclared/);
});

test('a complaint of the compiler comes to one line: the first error at its place with its source, then what is missing', () => {
  assert.match(
    explain(
      "driver.c:7:3: error: 'abc' undeclared\n    7 |   abc(x);\n      |   ^~~\ndriver.c:9: error: unknown type name 'def'\n",
      'my pmu.c',
    ),
    /: my pmu\.c:7:3: error: 'abc' undeclared, in abc\(x\);; of the kernel the shim does not have: abc, def /,
  );
  assert.match(
    explain('x.c:1:2: fatal error: foo.h: No such file\n'),
    /does not compile: x\.c:1:2: fatal error: foo\.h/,
  );
  assert.match(explain("driver.c:5: Error: no such instruction: `rdcycle'\n", 'a.c'), /a\.c:5: Error: no such/);
  assert.match(
    explain(
      "kernel/bits.h:3:9: error: bad\n    3 | #define X\ndriver.c:8:2: note: in expansion of macro 'X'\n    8 |   X(1);\n",
      'a.c',
    ),
    /a\.c:8:2: error: bad, in X\(1\);/,
  );
});

test.run();
