import { execFileSync } from 'node:child_process';

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

/** Runs the compiler. Throws {@link NoSubject} that names what the C needs and does not get, as `tell` puts it. */
export function compile(compiler: Compiler, args: readonly string[], directory: string, tell = explain): void {
  try {
    execFileSync(compiler.command, args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 1 << 26,
      ...APART,
    });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new NoSubject(tell(stderr || message));
  }
}

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

/** What a compiler's complaint comes to, in one line. */
export function explain(complaint: string): string {
  const errors = complaint.split('\n').filter((line) => /\berror:/.test(line));
  const names = new Set(
    errors.flatMap((line) => MISSING.flatMap((pattern) => [...line.matchAll(pattern)].map(([, name]) => name!))),
  );
  if (names.size > 0)
    return `the driver uses of the kernel what the shim does not have: ${[...names].join(', ')}; declare it in DIR/kernel.h and say --shim DIR`;
  const first = errors[0] ?? complaint.split('\n')[0] ?? '';
  return `the driver does not compile: ${first.trim()}`;
}
