import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheOf } from './cache.ts';
import { APART } from './compiler.ts';

/** Seconds of processor time, and KiB of memory, that a tool may take of an object; it writes no file. */
const SECONDS = 60;
const MEMORY = 4 << 20;

/** `blocks`: of 512 bytes, that it may write into a file. */
const limited = (blocks: number): string =>
  `for limit in "-t ${SECONDS}" "-v ${MEMORY}" "-f ${blocks}" "-c 0"; do ulimit $limit 2>/dev/null; done; exec "$@"`;
/** An object of 64 MiB. */
const WRITTEN = 1 << 17;

/**
 * What a tool of binutils (`nm`, `addr2line`, `readelf`) prints of an object, whose C may be a stranger's: without an environment, and
 * within limits of time, memory and output. Throws if it is not there, or does not end well.
 */
export function toolSays(tool: string, args: readonly string[], cwd?: string): string {
  return ask(tool, args, cwd, 0);
}

/** More than that is said again each time: characters. */
const KEPT = 1 << 22;

/** The same; of an object that is kept in a cache of builds, what was said of it is kept there too, since it takes a process each time. */
export function toolSaysOf(object: string, tool: string, args: readonly string[]): string {
  const cache = cacheOf(object);
  if (cache === undefined) return toolSays(tool, args);
  let said: string | undefined;
  try {
    const kept = cached(cache, ['said', tool, ...args], (directory) => {
      said = toolSays(tool, args);
      if (said.length > KEPT) throw new RangeError('it is not kept');
      writeFileSync(join(directory, 'said'), said);
    });
    return said ?? readFileSync(join(kept, 'said'), 'utf8');
  } catch {
    return said ?? toolSays(tool, args);
  }
}

/** The same for a tool that writes an object (`objcopy`). */
export function toolWrites(tool: string, args: readonly string[], cwd: string): void {
  ask(tool, args, cwd, WRITTEN);
}

function ask(tool: string, args: readonly string[], cwd: string | undefined, blocks: number): string {
  return execFileSync('/bin/sh', ['-c', limited(blocks), 'sh', tool, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 30,
    timeout: 2 * SECONDS * 1000,
    killSignal: 'SIGKILL',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    ...(cwd !== undefined && { cwd }),
    ...APART,
  });
}
