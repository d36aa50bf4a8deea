import { execFileSync } from 'node:child_process';

/** What the compiler, and the shim in front of a driver, keep for themselves. */
const RESERVED = /^(_|shim_|main$)/;

/** The names of all functions and data of the harness that a driver may use for its own. */
export const harnessNames = (harness: string): string[] => [
  ...new Set(
    execFileSync('nm', ['--defined-only', harness], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => /^\w+ [a-zA-Z] ([A-Za-z_]\w*)$/.exec(line)?.[1] ?? [])
      .filter((name) => !RESERVED.test(name) && !NOT_OURS.has(name)),
  ),
];

/** Of the C runtime that is linked in, and of the types that the shim declares. */
const NOT_OURS = new Set(['deregister_tm_clones', 'register_tm_clones', 'completed', 'frame_dummy', 'data_start']);
