import type { Build } from './build.ts';
import { framesAt, lookUp } from './frames.ts';
import type { DriverSource } from './source.ts';

/** A head of a function has fewer lines than this. */
const HEAD = 16;

/** A place in the driver's text. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** The place of an offset in the driver's object (hexadecimal), or undefined if no tool here can tell. */
export function placeOf({ object, source }: Build, at: string, isEntry: boolean): Place | undefined {
  // What the shim does in line is told with the driver's line that called it.
  for (const frame of framesAt(object, addressOf(at, isEntry))) {
    const [, file, line] = /((?:driver|part\d+)\.c):(\d+)/.exec(frame.at) ?? [];
    if (line === undefined) continue;
    const place = { file: fileOf(source, file!), line: Number(line), function: frame.function };
    return isEntry ? { ...place, line: headOf(source, place) } : place;
  }
  return undefined;
}

/** Looks up at once the places that will be asked for. */
export const lookUpPlaces = ({ object }: Build, places: readonly (readonly [at: string, isEntry: boolean])[]): void =>
  lookUp(
    object,
    places.map(([at, isEntry]) => addressOf(at, isEntry)),
  );

/** The address of an instruction: a call returns behind itself. */
export const addressOf = (at: string, isEntry: boolean): string =>
  isEntry ? at : (Number.parseInt(at, 16) - 1).toString(16);

/** The driver's name of a file that is compiled: of its own file, of one that belongs to it, or of a header. */
export function fileOf({ path, parts = [] }: DriverSource, compiled: string): string {
  const [, part, header] = /(?:^|\/)(?:part(\d+)\.c|include\/(.+))$/.exec(compiled) ?? [];
  return (part === undefined ? header : parts[Number(part)]?.path) ?? path;
}

/** The line in which a function is named, if the place is where its body begins: there compilers say that it starts. */
function headOf({ path, text, parts = [] }: DriverSource, { file, line, function: name }: Place): number {
  const lines = (path === file ? text : (parts.find((part) => part.path === file)?.text ?? '')).split('\n', line);
  if (lines[line - 1]?.trim() !== '{') return line;
  const above = lines.findLastIndex((one) => new RegExp(`\\b${name}\\s*\\(`).test(one));
  return above >= 0 && line - above < HEAD ? above + 1 : line;
}
