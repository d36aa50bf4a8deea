import { toolSays } from './binutils.ts';
import type { Build } from './build.ts';
import type { DriverSource } from './source.ts';

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
    const told = toolSays('addr2line', args).split('\n');
    // Innermost first: what the shim does in line is told with the driver's line that called it.
    for (let frame = 0; frame + 1 < told.length; frame += 2) {
      const [, file, line] = /((?:driver|part\d+)\.c):(\d+)/.exec(told[frame + 1]!) ?? [];
      if (line === undefined) continue;
      return { file: fileOf(source, file!), line: Number(line), function: told[frame]! };
    }
  } catch {}
  return undefined;
}

/** The driver's name of a file that is compiled: of its own file, of one that belongs to it, or of a header. */
export function fileOf({ path, parts = [] }: DriverSource, compiled: string): string {
  const [, part, header] = /(?:^|\/)(?:part(\d+)\.c|include\/(.+))$/.exec(compiled) ?? [];
  return (part === undefined ? header : parts[Number(part)]?.path) ?? path;
}
