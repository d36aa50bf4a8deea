import { execFileSync } from 'node:child_process';
import { APART } from './compiler.ts';

/** Seconds of processor time, and KiB of memory, that a tool may take of an object; it writes no file. */
const SECONDS = 60;
const MEMORY = 4 << 20;

const LIMITED = `for limit in "-t ${SECONDS}" "-v ${MEMORY}" "-f 0" "-c 0"; do ulimit $limit 2>/dev/null; done; exec "$@"`;

/**
 * What a tool of binutils (`nm`, `addr2line`, `readelf`) prints of an object, whose C may be a stranger's: without an environment, and
 * within limits of time, memory and output. Throws if it is not there, or does not end well.
 */
export function toolSays(tool: string, args: readonly string[], cwd?: string): string {
  return execFileSync('/bin/sh', ['-c', LIMITED, 'sh', tool, ...args], {
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
