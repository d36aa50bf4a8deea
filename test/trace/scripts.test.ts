import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PROBES } from '../../src/trace/recording/probes.ts';
import { POSTED, parseOffsets, SETUPS, withoutSlots } from '../../src/trace/setup/index.ts';
import { needs } from '../needs.ts';

const test = suite('the scripts that record, as far as they run without a kernel');
const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(folder, { recursive: true }));

const has = (tool: string, option = '--version'): boolean => needs(tool, spawnSync(tool, [option]).error === undefined);

/** A folder with the files of tracefs that a script writes, and a `grep` that says whether a try has left a line. */
function tracefs(name: string, isRecorded: boolean): { path: string; file: (name: string) => string } {
  const path = join(folder, name);
  const file = (name: string): string => join(path, name);
  mkdirSync(file('events/hartproof_try'), { recursive: true });
  mkdirSync(file('bin'));
  for (const name of ['kprobe_events', 'tracing_on', 'trace', 'buffer_size_kb']) writeFileSync(file(name), '');
  writeFileSync(file('trace_clock'), '[local] mono\n');
  writeFileSync(file('error_log'), '[ 1.0] trace_kprobe: error: Failed to register probe event\n');
  // With the line come the events that the kernel makes of definitions.
  writeFileSync(file('bin/grep'), `#!/bin/sh\n${isRecorded ? 'mkdir -p events/hartproof' : 'exit 1'}\n`);
  chmodSync(file('bin/grep'), 0o755);
  return { path, file };
}

function ran(script: string, path: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, TRACING: path, PATH: `${join(path, 'bin')}:${process.env.PATH}` },
  });
  return { status, said: stdout + stderr };
}

test('the shell reads each script', () => {
  for (const script of [
    SETUPS.kprobes(POSTED),
    SETUPS.kprobes({ ...POSTED, module: 'pmu' }, parseOffsets('attr=240')),
    SETUPS.perf(POSTED),
  ])
    execFileSync('sh', ['-n'], { input: script });
});

test('kprobes: all probes are defined, each by a write of its own, and it records', () => {
  const { path, file } = tracefs('records', true);
  const { status, said } = ran(SETUPS.kprobes(POSTED), path);
  assert.is(status, 0, said);
  assert.match(said, 'hartproof: it records');
  const rows = readFileSync(file('kprobe_events'), 'utf8').split('\n');
  const defined = rows.flatMap((row) => /^[pr]\d*:hartproof\/(\w+) /.exec(row)?.[1] ?? []);
  assert.equal(defined.sort(), [...PROBES.keys()].sort());
  assert.ok(rows.every((row) => row.length < 4096));
  assert.equal([rows[0], rows[1]], ['p:hartproof_try/entry vfs_read', '-:hartproof_try/entry']);
  assert.is(readFileSync(file('tracing_on'), 'utf8'), '1\n');
  assert.is(readFileSync(file('trace_clock'), 'utf8'), 'mono\n');
});

test('kprobes: what takes the probes away is one line to copy, and does', () => {
  const { path, file } = tracefs('removes', true);
  for (const name of ['add_call', 'destroy_return', 'warn'])
    mkdirSync(file(`events/hartproof/${name}`), { recursive: true });
  const removes = [...SETUPS.kprobes(POSTED).matchAll(/^#\s+(echo 0 > events\/hartproof.*)$/gm)].map(
    ([, line]) => line!,
  );
  assert.is(removes.length, 1);
  const { status, said } = ran(`cd "$TRACING"\n${removes[0]}`, path);
  assert.is(status, 0, said);
  assert.is(readFileSync(file('events/hartproof/enable'), 'utf8'), '0\n');
  const taken = readFileSync(file('kprobe_events'), 'utf8').trimEnd().split('\n').sort();
  assert.equal(taken, ['-:hartproof/add_call', '-:hartproof/destroy_return', '-:hartproof/warn']);
});

test('kprobes: run again it leaves the recording that runs as it is', () => {
  const { path, file } = tracefs('again', true);
  mkdirSync(file('events/hartproof'));
  writeFileSync(file('trace'), 'what was recorded\n');
  const { status, said } = ran(SETUPS.kprobes(POSTED), path);
  assert.is(status, 0, said);
  assert.match(said, 'the probes are there already');
  assert.is(readFileSync(file('trace'), 'utf8'), 'what was recorded\n');
  assert.is(readFileSync(file('kprobe_events'), 'utf8'), '');
});

test('kprobes: where an entry leaves no line it says so, and what works', () => {
  const { path, file } = tracefs('no-line', false);
  const { status, said } = ran(SETUPS.kprobes(POSTED), path);
  assert.is(status, 1);
  assert.match(said, /is lost on this kernel .*--format fentry/);
  assert.is(readFileSync(file('kprobe_events'), 'utf8'), 'p:hartproof_try/entry vfs_read\n-:hartproof_try/entry\n');
});

test('kprobes: where a probe is refused it prints what the kernel says', () => {
  const { path, file } = tracefs('refused', true);
  rmSync(file('kprobe_events'));
  symlinkSync('/dev/full', file('kprobe_events'));
  const { status, said } = ran(SETUPS.kprobes(POSTED), path);
  assert.is(status, 1);
  assert.match(said, 'Failed to register probe event');
  assert.match(said, /sets no probe at the entry of a function .*--format fentry/);
});

test('kprobes: of a module that is not loaded, and without tracefs', () => {
  const { path } = tracefs('module', true);
  const { status, said } = ran(SETUPS.kprobes({ ...POSTED, module: 'no_such_pmu' }), path);
  assert.is(status, 1);
  assert.match(said, 'the module no_such_pmu is not loaded');
  assert.is(ran(SETUPS.kprobes(POSTED), join(folder, 'nowhere')).status, 1);
});

test('perf reads every definition, and makes the names that import reads', () => {
  if (!has('perf') || !has('gcc')) return;
  const program = join(folder, 'probed');
  const source = fileURLToPath(new URL('probed.c', import.meta.url));
  execFileSync('gcc', ['-g', '-O0', '-o', program, source]);
  const definitions = [...SETUPS.perf(POSTED).matchAll(/--add '([^']+)'/g)].map(([, definition]) => definition!);
  assert.is(definitions.length, PROBES.size);
  const args = definitions.flatMap((definition) => ['-D', definition]);
  const { status, stdout, stderr } = spawnSync('perf', ['probe', '-x', program, ...args], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  for (const name of PROBES.keys()) assert.match(stdout, new RegExp(`^[pr]:hartproof/${name}(?:__return)? `, 'm'));
  assert.match(stdout, /warn \S+ file=\S+:string line=\S+:s32$/m);
});

test('perf: a module is named, and set probes are left alone', () => {
  assert.match(
    SETUPS.perf({ ...POSTED, module: 'pmu' }),
    /^perf probe -m pmu --add 'hartproof:add_call=riscv_pmu_add /m,
  );
  const { path, file } = tracefs('perf', true);
  writeFileSync(file('bin/perf'), '#!/bin/sh\n[ "$2" = --list ] && echo hartproof:add_call || echo "$@" >> called\n');
  chmodSync(file('bin/perf'), 0o755);
  rmSync(file('bin/grep'));
  assert.is(ran(`cd ${path}\n${SETUPS.perf(POSTED)}`, path).status, 0);
  assert.not.match(readFileSync(file('called'), 'utf8'), '--add');
});

test('bpftrace reads its scripts, but for what only the kernel of the driver has', () => {
  if (!has('bpftrace')) return;
  const read = (name: string, script: string): string[] => {
    const path = join(folder, `${name}.bt`);
    writeFileSync(path, script);
    const { stdout, stderr } = spawnSync('bpftrace', ['-d', path], { encoding: 'utf8' });
    return (stdout + stderr).split('\n').filter((row) => /error/i.test(row) && !row.includes('RLIMIT_MEMLOCK'));
  };
  const kprobes = read('kprobes', SETUPS.bpftrace(withoutSlots(POSTED)));
  const elsewhere =
    /Failed to resolve kernel symbol: riscv_active_events$|No BTF|not found: vmlinux|[Uu]nknown (?:struct|identifier)/;
  for (const row of kprobes) assert.match(row, elsewhere);
  // Whether it has the functions is asked of the kernel: here it is read as a script alone.
  for (const row of read('fentry', SETUPS.fentry(withoutSlots(POSTED)))) assert.not.match(row, /syntax error|Unknown/);
  assert.match(read('none', 'kfunc:riscv_pmu_add { printf(("a"); }').join('\n'), /syntax error/);
});

test('bpftrace: slots are for those that can show them, and fentry names a module', () => {
  assert.match(SETUPS.bpftrace(POSTED), 'bpftrace 0.22 or later, which has percpu_kaddr');
  assert.match(SETUPS.fentry(POSTED), 'percpu_kaddr("cpu_hw_events")');
  assert.not.match(SETUPS.bpftrace(withoutSlots(POSTED)), /percpu_kaddr\(|slot0|n_events/);
  assert.match(SETUPS.fentry({ ...POSTED, module: 'pmu' }), 'kretfunc:pmu:riscv_pmu_add {');
  for (const script of [SETUPS.bpftrace(POSTED), SETUPS.fentry(POSTED), SETUPS.perf(POSTED)])
    assert.match(script.replace(/\n(?:\/\/|#) +/g, ' '), 'lost by the tracer');
});

test.run();
