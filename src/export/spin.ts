import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Promela } from './promela.ts';

/** What SPIN found in a model. */
export interface SpinOutcome {
  readonly states: number;
  /** The properties whose assertion failed. */
  readonly broken: ReadonlySet<string>;
  readonly transitions: number;
  /** Megabytes that it says it used in all, and of these for the states and its hash table. */
  readonly megabytes: number;
  readonly megabytesOfStates: number;
}

interface SpinOptions {
  /** How many states are expected: it sizes SPIN's hash table and its stack. */
  readonly states?: number;
  /** How many megabytes SPIN may take; 4096 if it is left out. */
  readonly megabytes?: number;
  /** Leave SPIN its partial order reduction: faster where it finds something to leave out, and then states cannot be compared. */
  readonly reduction?: boolean;
  /**
   * On how many processors it searches breadth first; depth first on one if it is left out. On several, SPIN keeps hashes of states, and
   * may miss one.
   */
  readonly processors?: number;
  /** How the C compiler is to optimise; `-O1` if it is left out, which is the quickest for small models. */
  readonly optimise?: '-O1' | '-O2';
  /** Called when all is compiled, and the search begins. */
  readonly onCompiled?: () => void;
  readonly signal?: AbortSignal;
}

/** SPIN, or the C compiler that it needs, is not there. */
export class NoSpin extends Error {}

/** SPIN did not search the whole state space, so it says nothing. */
export class Truncated extends Error {}

/** The C compiler that turns SPIN's output into a program. */
const compiler = (): string => process.env.CC ?? 'cc';

/** Throws {@link NoSpin} if SPIN 6 or a C compiler is missing. */
export async function findSpin(): Promise<void> {
  const version = await run('spin', ['-V']);
  if (!/Spin Version 6/i.test(version)) throw new NoSpin(`spin is not SPIN 6: ${version.trim()}`);
  await run(compiler(), ['--version']);
}

/**
 * Searches a model with SPIN: every state, no reduction, past every violated property.
 * Throws {@link NoSpin}, {@link Truncated}, or an Error with what a tool said. Leaves nothing behind.
 */
export async function searchWithSpin(model: Promela, options: SpinOptions = {}): Promise<SpinOutcome> {
  const { states = 10_000, megabytes = 4096, reduction = false, optimise = '-O1', onCompiled, signal } = options;
  const { processors } = options;
  const cwd = await mkdtemp(join(tmpdir(), 'hartproof-spin-'));
  const where = { cwd, ...(signal && { signal }) };
  try {
    await writeFile(join(cwd, 'model.pml'), model.text);
    // Without -o2, SPIN drops variables that are only written.
    await run('spin', ['-o2', '-a', 'model.pml'], where);
    const defined = [
      '-DSAFETY',
      `-DMEMLIM=${megabytes}`,
      ...(reduction ? [] : ['-DNOREDUCE']),
      ...(processors ? ['-DBFS_PAR'] : []),
    ];
    await run(compiler(), [optimise, ...defined, '-o', 'pan', 'pan.c'], where);
    onCompiled?.();
    const hash = Math.min(30, Math.max(16, Math.ceil(Math.log2(states))));
    // No path is longer than there are states; if there are more states than we think, the stack may be too small.
    for (let depth = states + 100; ; depth *= 4)
      try {
        const search = processors ? `-u${processors}` : `-m${depth}`;
        // -c0: go on after an error. -E: what is stuck is an assertion of the model. -n: no list of what was not reached.
        return parsePan(
          await run('./pan', ['-c0', '-E', '-n', search, `-w${hash}`], where),
          model.properties,
          !!processors,
        );
      } catch (error) {
        if (!(error instanceof TooDeep) || depth > 1e8) throw error;
      }
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

class TooDeep extends Truncated {}

/**
 * Reads what SPIN's program printed; `properties` are what its assertions are about, and `hashed` is whether it was to keep hashes of states.
 * Throws {@link Truncated} when the search was not complete: SPIN itself says "errors: 0" when its stack was too small.
 */
export function parsePan(output: string, properties: readonly string[], hashed = false): SpinOutcome {
  const fail = (reason: string): never => {
    throw new Truncated(`SPIN: ${reason}`);
  };
  if (output.includes('max search depth too small')) throw new TooDeep('SPIN: its stack is too small for this model');
  if (/reached -DMEMLIM bound|out of memory/.test(output)) fail('it ran out of memory');
  if (output.includes('Search not completed')) fail('the search was not completed');
  if (!(hashed ? /^Hash-Compact \d+ search for:/m : /^Full statespace search for:/m).test(output))
    fail('it did not search every state');
  const broken = new Set<string>();
  for (const [line, number] of output.matchAll(/^pan:\d*: (?:assertion violated\s+!\((\d+)\))?.*$/gm)) {
    const property = properties[Number(number) - 1];
    if (property === undefined) throw new Error(`SPIN: ${line}`);
    broken.add(property);
  }
  const counted = /^\s*(\S+) states, stored/m.exec(output)?.[1] ?? fail('it did not count states');
  const [digits = '', exponent = 0] = counted.replace('.', '').split('e');
  if (Number(exponent) >= digits.length) throw new Error(`SPIN rounds its count of states (${counted})`);
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0);
  return {
    states: Number(counted),
    broken,
    transitions: number(/^\s*(\S+) transitions/m),
    megabytes: number(/^\s*(\S+)\s+total (?:actual|shared) memory usage/m),
    megabytesOfStates:
      number(/^\s*(\S+)\s+actual memory usage for states/m) +
      number(/^\s*(\S+)\s+(?:shared )?memory used for hash table/m),
  };
}

/** Runs a tool; what it printed on standard output, but of each error only one. Throws {@link NoSpin} if it is not there. */
async function run(
  tool: string,
  args: readonly string[],
  where: { cwd?: string; signal?: AbortSignal } = {},
): Promise<string> {
  const child = spawn(tool, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<string | number | null>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new NoSpin(`${tool} is not installed`) : error),
    );
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
  const [status, printed, complaints] = await Promise.all([ended, distinct(child.stdout), distinct(child.stderr)]);
  if (status === 0) return printed.join('\n');
  throw new Error(`${tool} ended with ${status}: ${complaints[0] ?? printed[0] ?? 'it said nothing'}`);
}

/** The lines of a stream. A violated property is told once, not for each of the states that break it. */
async function distinct(stream: Readable): Promise<string[]> {
  const lines = new Set<string>();
  for await (const line of createInterface(stream))
    lines.add(line.replace(/^pan:\d+: (.*) \(at depth \d+\)$/, 'pan:: $1'));
  return [...lines];
}
