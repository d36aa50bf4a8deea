import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { type Unwritable, unwritableIn } from '../outside/unwritable.ts';

/** A C compiler, and what it says of itself (a part of the cache's key). */
export interface Compiler {
  readonly command: string;
  readonly version: string;
}

/** For a child in a session of its own: what is typed at the terminal is for the caller to decide, not the end of the child. */
export const APART = { detached: true } as object;

/** The C can not be compiled or run here: the message says why, in one line. */
export class NoSubject extends Error {}

let found: Compiler | null | undefined;

/** The C compiler of this machine (`CC`, else `cc`, `gcc`, `clang`), or null. */
export function findCompiler(): Compiler | null {
  if (found !== undefined) return found;
  found = null;
  for (const command of [process.env.CC, 'cc', 'gcc', 'clang']) {
    if (!command) continue;
    try {
      const version = execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      found = { command, version };
      break;
    } catch {}
  }
  return found;
}

/** Throws {@link NoSubject} without a compiler. */
export function needCompiler(): Compiler {
  if (process.platform !== 'linux') throw new NoSubject('the real C driver is run on Linux only');
  const compiler = findCompiler();
  if (compiler === null)
    throw new NoSubject(
      'there is no C compiler (cc, gcc or clang, or the one that CC names); all else works without one',
    );
  return compiler;
}

/** Runs the compiler on C of our own. Throws {@link NoSubject} that names what the C needs and does not get, as `tell` puts it. */
export function compile(compiler: Compiler, args: readonly string[], directory: string, tell = explain): void {
  run(compiler.command, args, directory, ownEnvironment(), tell);
}

/** The same while the caller does something else. */
export function compileLater(
  { command }: Compiler,
  args: readonly string[],
  directory: string,
  tell = explain,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, limits(directory, ownEnvironment()), (error, _, stderr) => {
      if (error === null) return resolve();
      // No number: it was not started, or it was ended.
      const end = error.killed ? LATE : error.signal ? ENDED : error;
      reject(failure(child.pid, typeof error.code === 'number' ? undefined : end, stderr, tell));
    });
  });
}

/** Seconds after which a compiler is ended, whatever it waits for. */
const PATIENCE = 30;
const LATE = new Error(`it was ended after ${PATIENCE} seconds`);
const ENDED = new Error('it was ended by a signal');

const ownEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C' });
const limits = (cwd: string, env: NodeJS.ProcessEnv) => ({
  ...{ cwd, env, encoding: 'utf8' as const, maxBuffer: 1 << 26 },
  ...{ timeout: PATIENCE * 1000, killSignal: 'SIGKILL' as const, ...APART },
});

/** Runs a command to its end. Throws {@link NoSubject} if it fails, with its complaint as `tell` puts it, and {@link Unwritable} for a full disk. */
export function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  tell: (complaint: string) => string,
): void {
  const { pid, status, signal, error, stderr } = spawnSync(command, args, {
    ...limits(cwd, env),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return;
  const isLate = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
  throw failure(pid, isLate ? LATE : (error ?? (signal === null ? undefined : ENDED)), stderr, tell);
}

/** Why a command has failed: what ended it, or what it says itself; a full disk is no fault of the C. */
function failure(
  pid: number | undefined,
  end: Error | undefined,
  stderr: string,
  tell: (complaint: string) => string,
): NoSubject | Unwritable {
  // What it has started goes with it.
  if (end !== undefined && pid !== undefined && pid > 0)
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {}
  const unwritable = unwritableIn(stderr);
  if (unwritable !== undefined) return unwritable;
  // As a name of a file, `./driver.c` is `driver.c`.
  return new NoSubject(tell((end === undefined ? stderr : end.message).replace(/^\.\//gm, '')));
}

/** What a compiler says that was ended at a bound, or by one; and the bound. Who was only ended by a signal may have met any. */
const BOUNDS: readonly (readonly [RegExp, string])[] = [
  [/CPU time limit/i, '10 seconds of processor time'],
  [/out of memory|memory exhausted|Cannot allocate memory/i, '1 GiB of memory'],
  [/File size limit|file too big/i, '64 MiB of output'],
  [/it was ended after \d+ seconds/, `${PATIENCE} seconds`],
  [
    /signal terminated program|ended by a signal/i,
    '10 seconds of processor time, 1 GiB of memory and 64 MiB of output',
  ],
];

/** What is wrong with the C of a stranger that no compiler says as it is; undefined if nothing is. */
export function refusal(complaint: string): string | undefined {
  const outside = /error: (\S+): Permission denied/.exec(complaint)?.[1];
  if (outside !== undefined) return `the driver includes ${outside}, ${OUTSIDE}`;
  const errors = complaint.split('\n').filter((line) => AN_ERROR.test(line));
  const met = BOUNDS.find(([words]) => words.test(complaint));
  return met !== undefined && errors.every((line) => BOUNDS.some(([words]) => words.test(line)))
    ? `the driver does not compile in ${met[1]}`
    : undefined;
}

/** Why a file is not read. */
export const OUTSIDE = 'which is outside of the driver, its tree and the shim: refused';

const MISSING = [
  /implicit declaration of function ['‘`](\w+)/g,
  /undeclared function ['‘`](\w+)/g,
  /undeclared identifier ['‘`](\w+)/g,
  /['‘`](\w+)['’] undeclared/g,
  /unknown type name ['‘`](\w+)/g,
  /has no member named ['‘`](\w+)/g,
  /no member named ['‘`](\w+)/g,
  /storage size of ['‘`](\w+)/g,
];
/** gcc and clang write `error:`, the assembler `Error:`. */
const AN_ERROR = /\b[eE]rror:/;
/** The linker names itself, and then only its caller speaks of an error. */
const OF_LINKER = /(?:^|\/)ld(?:\.\w+)?: (?!warning: )(.*)/;

/** So many names of what is missing are told. */
const NAMED = 8;

/** What a compiler's complaint comes to, in one line: its first error as it stands, and then what the shim does not have. */
export function explain(complaint: string, path = 'driver.c'): string {
  const refused = refusal(complaint);
  if (refused !== undefined) return refused;
  const lines = complaint.split('\n');
  const names = new Set(
    lines
      .filter((line) => AN_ERROR.test(line))
      .flatMap((line) => MISSING.flatMap((pattern) => [...line.matchAll(pattern)].map(([, name]) => name!))),
  );
  const error = firstError(lines, path);
  if (names.size === 0) return `the driver does not compile: ${error}`;
  const left = names.size - NAMED;
  const missing = `${[...names].slice(0, NAMED).join(', ')}${left > 0 ? `, and ${left} more` : ''}`;
  return `the driver does not compile: ${error}; of the kernel the shim does not have: ${missing} (declare it in DIR/kernel.h and say --shim DIR)`;
}

/** The first error, at its place in the driver, with the line of the source that the compiler shows under it. */
function firstError(lines: readonly string[], path: string): string {
  const at = lines.findIndex((line) => AN_ERROR.test(line));
  if (/^collect2: |^clang: /.test(lines[at] ?? '')) {
    const linker = lines.flatMap((line) => OF_LINKER.exec(line)?.[1] ?? []).at(0);
    if (linker !== undefined) return linker.replace(/^\S*\.o: /, '').replaceAll('driver.c', path);
  }
  if (at < 0) return (lines[0] ?? '').trim();
  const named = (line: string): string => line.trim().replace(/^driver\.c:/, `${path}:`);
  const shown = (from: number): string => {
    const source = /^\s*\d+ \| (.*)/.exec(lines[from + 1] ?? '')?.[1]?.trim();
    return source === undefined ? '' : `, in ${source}`;
  };
  // What stands in a macro of the shim is told where the driver uses it.
  const next = lines.findIndex((line, number) => number > at && AN_ERROR.test(line));
  const used = lines.findIndex(
    (line, number) =>
      number > at && (next < 0 || number < next) && /^driver\.c:\d+:\d+: note: in expansion of/.test(line),
  );
  if (/^driver\.c:/.test(lines[at]!) || used < 0) return named(lines[at]!) + shown(at);
  const place = /^driver\.c(:\d+:\d+)/.exec(lines[used]!)![1];
  return `${path}${place}: ${lines[at]!.slice(lines[at]!.search(AN_ERROR))}${shown(used)}`;
}
