import { toolSaysOf } from './binutils.ts';

/** A function that an address lies in, and the file and line there, as `addr2line` says it. */
export interface Frame {
  readonly function: string;
  readonly at: string;
}

/** By object and address: each is looked up once, since a look takes a process. */
const known = new Map<string, Map<string, readonly Frame[]>>();

/**
 * The frames of an address (hexadecimal) in an object, innermost first: what is compiled in line is told with what called it.
 * None where no tool here can tell.
 */
export function framesAt(object: string, address: string): readonly Frame[] {
  lookUp(object, [address]);
  return known.get(object)!.get(address)!;
}

/** Looks up some addresses of an object at once. */
export function lookUp(object: string, addresses: readonly string[]): void {
  const frames = known.get(object) ?? new Map<string, readonly Frame[]>();
  known.set(object, frames);
  const unknown = [...new Set(addresses)].filter((address) => !frames.has(address));
  if (unknown.length === 0) return;
  const told = say(object, unknown);
  for (const [place, address] of unknown.entries()) frames.set(address, told[place] ?? []);
}

/** What the tool says of addresses: before the frames of each, a line with the address. */
function say(object: string, addresses: readonly string[]): Frame[][] {
  let text: string;
  try {
    text = toolSaysOf(object, 'addr2line', [
      '-a',
      '-f',
      '-i',
      '-e',
      object,
      ...addresses.map((address) => `0x${address}`),
    ]);
  } catch {
    return [];
  }
  const all: Frame[][] = [];
  const lines = text.split('\n');
  for (let line = 0; line < lines.length - 1; ) {
    if (/^0x[0-9a-f]+$/.test(lines[line]!)) {
      all.push([]);
      line++;
      continue;
    }
    all.at(-1)?.push({ function: lines[line]!, at: lines[line + 1]! });
    line += 2;
  }
  return all;
}
