import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf, propertyOf } from '../../models/index.ts';
import { unconfined } from '../../src/subject/confinement.ts';
import { build, type DriverSource, fileSource, learnPmu, SourceAudit } from '../../src/subject/index.ts';
import { needsShared, shared } from '../needs.ts';
import { CACHE, driverFile, needsCompiler } from './tiny.ts';

const test = suite<{ directory: string }>('the C of a stranger');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-test-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

const TINY = readFileSync(driverFile('tiny'), 'utf8');

/** A sound driver, with C of a stranger before it, in its initcall, and in its `read`. */
const driver = (before: string, inInitcall = '', inRead = ''): DriverSource => ({
  path: 'tiny.c',
  text: `${before}\n${TINY}`
    .replace('static int __init tiny_init(void)\n{', `$&\n${inInitcall}`)
    .replace('static void tiny_read(struct perf_event *event)\n{', `$&\n${inRead}`),
  headers: new Map(),
  notes: [],
});

/** What an audit comes to: what is refused, or what the verdicts are that do not hold. */
async function outcome(source: DriverSource, shim?: string): Promise<string> {
  try {
    const audit = new SourceAudit(build(source, { cache: CACHE, ...(shim !== undefined && { shim }) }));
    try {
      const model = modelOf('context-switch');
      const { verdicts } = await audit.decide(model, '4.16', model.properties.map(propertyOf));
      return [...verdicts]
        .map(([id, one]) => `${id}: ${one.verdict}${one.verdict === 'bounded' ? `, ${one.reason}` : ''}`)
        .join('\n');
    } finally {
      audit.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

test('a sound driver is judged as before', async () => {
  if (!needsCompiler()) return;
  assert.not.match(await outcome(driver('')), /violated|bounded|refused/);
});

/** C that calls what no kernel has: before the driver, in its initcall, in its `read`; and by which name it is refused. */
const CALLS: readonly [before: string, inInitcall: string, inRead: string, name: string][] = [
  ['int system(const char *);', 'system("id > /tmp/was-here");', '', 'system'],
  ['int open(const char *, int);', '', 'open("/etc/passwd", 0);', 'open'],
  ['int socket(int, int, int);', 'socket(2, 1, 0);', '', 'socket'],
  ['int fork(void);', '', 'fork();', 'fork'],
  ['int kill(int, int); int getppid(void);', 'kill(getppid(), 9);', '', 'kill, getppid'],
  ['int puts(const char *);', '', 'puts(".");', 'puts'],
  ['long write(int, const void *, unsigned long);', 'write(4, ".\\n", 2);', '', 'write'],
  ['void *signal(int, void *);', '', 'signal(27, (void *)1);', 'signal'],
  ['void *malloc(unsigned long);', 'for (;;) *(volatile char *)malloc(1 << 20) = 1;', '', 'malloc'],
  ['int pause(void);', '', 'pause();', 'pause'],
  ['extern int system(const char *) __attribute__((weak));', 'if (system) system("id");', '', 'system'],
  ['extern char **environ;', '', 'event->hw.config = (long)environ[0];', 'environ'],
];

test('calls only what it or the shim has', async () => {
  if (!needsCompiler()) return;
  for (const [before, inInitcall, inRead, name] of CALLS)
    assert.match(await outcome(driver(before, inInitcall, inRead)), `neither it nor the shim has: ${name}`);
  assert.not.ok(existsSync('/tmp/was-here'));
});

test('runs nothing before its initcalls', async () => {
  if (!needsCompiler()) return;
  for (const attribute of ['constructor', 'destructor', 'section(".init_array"), used'])
    assert.match(
      await outcome(
        driver(
          attribute.startsWith('section')
            ? `static void at_once(void) { } __attribute__((${attribute})) static void (*entry)(void) = at_once;`
            : `static int done; __attribute__((${attribute})) static void at_once(void) { *(volatile int *)&done = 1; }`,
        ),
      ),
      /it has a constructor or a destructor, which no kernel runs/,
    );
  const ifunc =
    'static int one(void) { return 1; } static void *choose(void) { return one; } int f(void) __attribute__((ifunc("choose")));';
  assert.match(await outcome(driver(ifunc, 'f();')), /ifunc/);
  const silent = 'void __ubsan_handle_shift_out_of_bounds(void *data, unsigned long a, unsigned long b) { }';
  assert.match(await outcome(driver(silent)), /a function of the compiler's instrumentation, which is ours/);
});

/** Calls of the system, by their numbers on x86-64, that go past the C library; and their names. */
const SYSTEM_CALLS: readonly [number: string, name: string][] = [
  ['257, -100, "/etc/passwd", 0', 'openat'],
  ['41, 2, 1, 0', 'socket'],
  ['56, 17, 0, 0', 'clone'],
  ['62, 1, 9, 0', 'kill'],
  ['1, 4, "-> 0 0\\n.\\n", 9', 'write'],
  ['0, 3, event_buffer, 1', 'read'],
  ['3, 4, 0, 0', 'close'],
  ['13, 27, 0, 0', 'rt_sigaction'],
  ['14, 0, 0, 0', 'rt_sigprocmask'],
  ['38, 2, 0, 0', 'setitimer'],
  ['9, 0, 4096, 7', 'mmap'],
  ['157, 1, 0, 0', 'prctl'],
];

/** A shim of the user's own may have assembly: it is how the tests call the system as only assembly can. */
const RAW = `static char event_buffer[8] __attribute__((unused));
static inline long raw_call(long number, long a, long b, long c)
{
	long answer;
	__asm__ volatile("syscall" : "=a"(answer) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return answer;
}
#define RAW(number, a, b, c) raw_call(number, (long)(a), (long)(b), (long)(c))
`;

test('calls of the system are refused by name, in an initcall and in a callback', async ({ directory }) => {
  if (!needsCompiler() || process.arch !== 'x64') return;
  writeFileSync(join(directory, 'kernel.h'), RAW);
  for (const [number, [call, name]] of SYSTEM_CALLS.entries()) {
    // Either is enough for most: each takes a compiler.
    if (number % 3 !== 0)
      assert.match(await outcome(driver('', `RAW(${call});`), directory), `it calls ${name} in its initcalls: refused`);
    else {
      const said = await outcome(driver('', '', `RAW(${call});`), directory);
      assert.match(said, `bounded, `);
      assert.match(said, `the driver calls ${name} in read: refused`);
      assert.not.match(said, /violated/);
    }
  }
});

test('an end, a loop, and memory without end are told for what they are', async ({ directory }) => {
  if (!needsCompiler() || process.arch !== 'x64') return;
  assert.match(await outcome(driver('', 'for (;;) barrier();')), /initcalls end with: hang/);
  assert.match(await outcome(driver('#include <linux/slab.h>', 'while (kzalloc(1 << 16, GFP_KERNEL)) ;')), /room/);
  writeFileSync(join(directory, 'kernel.h'), RAW);
  assert.match(await outcome(driver('', 'RAW(231, 0, 0, 0);'), directory), /ended without an answer/);
});

test('a driver that ends its process as it is asked what it counts is searched all the same', async () => {
  if (!needsCompiler()) return;
  const smash = 'volatile long *at = __builtin_frame_address(0); for (int i = 0; i < 400; i++) at[i] = 0x41414141;';
  const source = driver('');
  const text = source.text.replace(/static int tiny_add\([^{]*\{/, `$&\n${smash}`);
  assert.not(text === source.text);
  const built = build({ ...source, text }, { cache: CACHE });
  assert.ok(learnPmu(built).hwEvents.length > 0);
  assert.match(await outcome({ ...source, text }), /count-exact: bounded, .*ended without an answer/);
});

const SECRET = 'content-of-a-file-elsewhere';

/** C that looks at a file elsewhere, whose path stands for SECRET. */
const LOOKS: readonly string[] = [
  'static const char x[] = {\n#include "SECRET"\n};',
  '#define FILE_NAME "SECRET"\n#include FILE_NAME',
  '#inc\\\nlude "SECRET"',
  '#include_next "SECRET"',
  '#import "SECRET"',
  '#if __has_include("SECRET")\n#error there\n#endif',
  '# 1 "SECRET" 1\nint x = ;',
  '#line 1 "SECRET"\nint x = ;',
  '/* */ # 1 "SECRET" 3',
  '#pragma GCC dependency "SECRET"',
  '#pragma GCC pch_preprocess "SECRET"',
  '__asm__(".incbin \\"SECRET\\"");',
  'asm(".inc" "bin \\"SECRET\\"");',
  '__asm__(".include \\"SECRET\\"");',
  '#include <stdio.h>',
  '#include "../../../../../../../../../../..SECRET"',
  '#ident "x\\"\\n.incbin \\"SECRET\\""',
  '__attribute__((section(".data\\n\\t.incbin \\"SECRET\\"\\n#"))) int x = 1;',
  '__attribute__((section(".data; nop; .incbin \\"SECRET\\" #"))) int x = 1;',
  '[[gnu::__section__(__extension__ ".data\\012.incbin \\"SECRET\\"\\012#")]] int x = 1;',
  '__attribute__((symver("f@V\\n.incbin \\"SECRET\\"\\n#"))) int f(void) { return 1; }',
  'static int f(void) __attribute__((weakref("a\\n.incbin \\"SECRET\\"\\n"))); int g(void) { return f(); }',
  'static const char *x = R"(")"; __asm__(".incbin \\"SECRET\\""); static const char *y = ")";',
];

test('a file elsewhere is refused, and nothing of it is shown', async ({ directory }) => {
  if (!needsCompiler()) return;
  const path = join(directory, 'secret.h');
  writeFileSync(path, `${SECRET} ;\n`);
  for (const look of LOOKS) {
    const said = await outcome(driver(look.replaceAll('SECRET', path)));
    assert.match(said, /refused/, look);
    assert.not.match(said, SECRET, look);
  }
});

test('inline assembly is refused, with its place; an empty one is a barrier', async () => {
  if (!needsCompiler()) return;
  assert.match(
    await outcome(driver('', '', '__asm__ volatile("ud2");')),
    /driver\.c:\d+ has inline assembly \("ud2"\)/,
  );
  assert.not.match(await outcome(driver('', '', '__asm__ volatile("" ::: "memory");')), /refused|violated/);
});

test('a string is no raw one, and a name of a section is one, whatever they end with', async () => {
  if (!needsCompiler()) return;
  const named =
    '__attribute__((section(".data.once,\\"aw\\",@progbits #"), used)) static const char *text[] = { "ERROR", "a\\n\\"" };';
  assert.not.match(await outcome(driver(named)), /refused|violated/);
});

test('what no linker joins, and no machine holds, is told in its words', async () => {
  if (!needsCompiler()) return;
  for (const [before, why] of [
    ['static char huge[1L << 42];', /its data need more memory than it may have/],
    [
      '__attribute__((section(".preinit_array"), used)) static void (*entry)(void);',
      /does not compile: \.preinit_array/,
    ],
    [`static const char long_text[] = "${'a'.repeat(70_000)}";`, /a string that is longer than any of a kernel/],
    [`/* ${' '.repeat(5 << 20)} */`, /characters of C, and no more than 4,194,304 are read/],
  ] as const) {
    const said = await outcome(driver(before, before.includes('huge') ? '*(volatile char *)&huge[1L << 41] = 1;' : ''));
    assert.match(said, why);
    assert.not.match(said, /\n/);
  }
});

test('a compiler that goes on without end is ended', async () => {
  if (!needsCompiler()) return;
  const doubling = Array.from({ length: 40 }, (_, at) => `#define A${at + 1} A${at} A${at}`).join('\n');
  for (const bomb of [
    `#define A0 1+\n${doubling}\nint x = A40 1;`,
    '#include __FILE__\n#include __FILE__',
    'char huge[1L << 40] = { 1 };',
    '#include "/dev/zero"',
  ]) {
    const said = await outcome(driver(bomb));
    assert.match(said, /does not compile|refused/, bomb);
    assert.not.match(said, /\n/);
  }
});

test('a header of its own does not stand for one of ours', async () => {
  if (!needsCompiler()) return;
  const source = { ...driver('#include "hartproof_probe.h"'), headers: new Map([['hartproof_probe.h', 'int x;\n']]) };
  assert.match(await outcome(source), /one of ours/);
  const probe = { ...driver('#include "probe.h"'), headers: new Map([['probe.h', '#define PROBE_EVENTS nothing\n']]) };
  assert.not.match(await outcome(probe), /violated|refused|compile/);
});

test('what this system does not have is said', () => {
  assert.equal(unconfined('! perf_irq 1 seccomp 1 landlock 1 namespaces 1'), []);
  assert.equal(unconfined('! perf_irq 1 seccomp 0 landlock 1 namespaces 0').length, 2);
});

test('every hostile file that is handed out ends in one line, or in verdicts', async () => {
  if (!needsCompiler() || !needsShared('cases/hostile')) return;
  const before = readdirSync(tmpdir()).filter((name) => /PWNED|case/.test(name));
  for (const name of readdirSync(shared('cases/hostile')).filter((file) => file.endsWith('.c'))) {
    const started = performance.now();
    const said = await outcome(fileSource(join(shared('cases/hostile'), name)));
    assert.ok(/: (holds|violated|bounded|vacuous)/.test(said) || !said.includes('\n'), `${name}: ${said}`);
    assert.ok(performance.now() - started < 60_000, name);
  }
  assert.equal(
    readdirSync(tmpdir()).filter((name) => /PWNED|case/.test(name)),
    before,
  );
});

test.run();
