import { execFileSync } from 'node:child_process';
import type { Build } from './build.ts';
import { APART } from './compiler.ts';

/** A place in the driver's text. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** The place of an offset in the driver's object (hexadecimal), or undefined if no tool here can tell. */
export function placeOf({ object, source }: Build, at: string, isEntry: boolean): Place | undefined {
  // A call returns behind itself.
  const address = isEntry ? at : (Number.parseInt(at, 16) - 1).toString(16);
  try {
    const args = ['-f', '-i', '-e', object, `0x${address}`];
    const told = execFileSync('addr2line', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      ...APART,
    } as const).split('\n');
    // Innermost first: what the shim does in line is told with the driver's line that called it.
    for (let frame = 0; frame + 1 < told.length; frame += 2) {
      const [, part, line] = /(?:driver|part(\d+))\.c:(\d+)/.exec(told[frame + 1]!) ?? [];
      if (line === undefined) continue;
      const { path } = part === undefined ? source : source.parts![Number(part)]!;
      return { file: path, line: Number(line), function: told[frame]! };
    }
  } catch {}
  return undefined;
}
