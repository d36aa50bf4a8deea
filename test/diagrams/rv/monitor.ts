import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CoreName } from '../../../machines/cores.ts';
import { handlersOf, lifecycleAutomaton, rvOf } from '../../../src/diagrams/index.ts';
import { POSTED } from '../../../src/trace/setup/index.ts';
import { needs } from '../../needs.ts';
import { linuxTree } from '../../subject/ground/tree.ts';

/** What a monitor includes of the kernel; for the test all of it is in one file. */
const HEADERS = [
  ...[
    'ftrace',
    'tracepoint',
    'kernel',
    'module',
    'init',
    'rv',
    'bug',
    'sched',
    'kprobes',
    'perf_event',
    'spinlock',
  ].map((name) => `linux/${name}.h`),
  'rv/instrumentation.h',
  'trace/events/rv.h',
];

const OURS = fileURLToPath(new URL('.', import.meta.url));

/** The edits of docs/rv.md that put the handlers into what dot2k wrote. */
function edits(): string[] {
  const text = readFileSync(fileURLToPath(new URL('../../../docs/rv.md', import.meta.url)), 'utf8');
  return [...text.matchAll(/-e '([^']+)'/g)].map(([, edit]) => edit!);
}

/** The tree of a kernel with its generators; undefined, with a line that says so, where it or Python is missing. */
export function verificationTree(version: '6.12' | '6.1' = '6.12'): string | undefined {
  const tree = linuxTree(version);
  if (
    tree === undefined ||
    !needs('tools/verification/dot2 of Linux', existsSync(join(tree, 'tools/verification/dot2')))
  )
    return undefined;
  return needs('python3', runs('python3', '--version')) ? tree : undefined;
}

function runs(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a generator of the kernel on a file of a folder. Returns what it printed. */
export function generated(tree: string, folder: string, generator: 'dot2c' | 'dot2k', ...args: string[]): string {
  const tools = join(tree, 'tools/verification');
  mkdirSync(join(folder, 'dot2k'), { recursive: true });
  const templates = join(folder, 'dot2k/rv_templates');
  if (!existsSync(templates)) symlinkSync(join(tools, 'dot2/dot2k_templates'), templates);
  return execFileSync('python3', ['-B', join(tools, 'dot2', generator), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: tools },
  });
}

/** Compiles C quietly. Throws an Error with what the compiler says. */
export const compiled = (file: string, program: string, ...args: string[]): void => {
  execFileSync('gcc', ['-Wall', '-Werror', '-Wno-unused-function', '-o', program, file, ...args]);
};

const made = new Map<string, (calls: readonly string[]) => string[]>();

/**
 * The monitor of a core, built as docs/rv.md says from what the kernel's own generator makes, with the kernel's own code for monitors.
 * Takes calls and returns as calls.c reads them, and returns what the monitor reports.
 */
export function monitorOf(core: CoreName, tree: string): (calls: readonly string[]) => string[] {
  const key = `${core} ${tree}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'hartproof-rv-'));
  const automaton = lifecycleAutomaton(core);
  writeFileSync(join(folder, 'lifecycle.dot'), rvOf(automaton));
  generated(tree, folder, 'dot2k', '-d', 'lifecycle.dot', '-t', 'global');
  writeFileSync(join(folder, 'lifecycle/lifecycle_handlers.h'), handlersOf(automaton, POSTED.functions, 'a test'));
  execFileSync('sed', ['-i', ...edits().flatMap((edit) => ['-e', edit]), join(folder, 'lifecycle/lifecycle.c')]);
  for (const header of HEADERS) {
    const path = join(folder, 'include', header);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '#include "shim.h"\n');
  }
  for (const header of ['automata.h', 'da_monitor.h'])
    copyFileSync(join(tree, 'include/rv', header), join(folder, 'include/rv', header));
  const program = join(folder, 'calls');
  compiled(join(OURS, 'calls.c'), program, `-I${folder}/include`, `-I${folder}/lifecycle`, `-I${OURS}`);
  const report = (calls: readonly string[]) => {
    const text = execFileSync(program, { input: calls.map((call) => `${call}\n`).join(''), encoding: 'utf8' });
    return text.split('\n').filter((row) => row !== '');
  };
  made.set(key, report);
  return report;
}
