import pc from 'picocolors';
import { counted } from '../findings/counted.ts';
import { callbackText, factInC, segments, whoDoes } from '../findings/rows.ts';
import { visible } from '../outside/visible.ts';
import type { Change, TextLine } from './changed-lines.ts';
import type { PartedInC } from './of-c.ts';
import type { PartedOnGround } from './parted-on-ground.ts';

/** The calls after which two drivers part, and what each does in the last. */
export function partedText(
  { model, environment, runs, places, what, one, other }: PartedInC,
  names: readonly [string, string],
): string {
  const calls = runs[0].calls;
  const rows = calls.map((facts, call) => {
    const [[from, to]] = segments(facts, 'callbacks') as [[number, number]];
    const isLast = call === calls.length - 1;
    const text = isLast || to - from === 1 ? factInC(facts[0]!) : callbackText(facts.slice(from, to));
    return { who: whoDoes(facts, 0), text, isLast };
  });
  const width = Math.max(...rows.map(({ who }) => who.length));
  const label = Math.max(names[0].length, names[1].length) + 1;
  return [
    `${pc.bold('A shortest log on which they part')} (${model.name}, ${environment}):`,
    ...rows.map(
      ({ who, text, isLast }, index) =>
        ` ${isLast ? pc.red('✗') : ' '} ${String(index + 1).padStart(2)}  ${who.padEnd(width)}  ${visible(text)}`,
    ),
    ` In the last call they differ in ${what}:`,
    ` ${`${names[0]}:`.padEnd(label)} ${one}${placeText(places[0])}`,
    ` ${`${names[1]}:`.padEnd(label)} ${other}${placeText(places[1])}`,
  ].join('\n');
}

/** A version of a driver, and what names the files of its places for people. */
export interface NamedVersion {
  readonly name: string;
  readonly named: (text: string) => string;
}

/** The same of any two drivers on their ground. */
export function groundPartedText(
  { scope, calls, lasts, places, what, sides }: PartedOnGround,
  versions: readonly [NamedVersion, NamedVersion],
): string {
  const label = Math.max(...versions.map(({ name }) => name.length)) + 1;
  const first = Math.max(0, calls.length - MOST);
  return [
    `${pc.bold('A shortest log on which they part')} (${scope}):`,
    ...(first > 0 ? [`      ${counted(first, 'call')} before these`] : []),
    ...calls.slice(first).map((text, index) => `   ${String(first + index + 1).padStart(2)}  ${visible(text)}`),
    ...versions.flatMap(({ name, named }, side) => [
      ` ${pc.red('✗')} ${String(calls.length + 1).padStart(2)}  ${`${name}:`.padEnd(label)} ${visible(lasts[side]!)}`,
      `       ${what}: ${visible(sides[side]!)}${placeText(withName(places[side], named))}`,
    ]),
  ].join('\n');
}

const withName = (
  place: PartedOnGround['places'][number],
  named: (text: string) => string,
): PartedInC['places'][number] => place && { ...place, file: named(place.file) };

const placeText = (place: PartedInC['places'][number]): string =>
  place === undefined ? '' : `   (${place.function}, ${visible(shortFile(place.file))}:${place.line})`;

const shortFile = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What differs between two texts, and whether the log runs through it. */
export interface OnPath {
  readonly changes: readonly Change[];
  readonly elsewhere: number;
}

/** The changes in functions that the log runs through: those of its last call first. */
export function onPath({ runs }: PartedInC, changes: readonly Change[]): OnPath {
  const latest = new Map<string, number>();
  for (const { places } of runs)
    for (const [call, through] of places.entries())
      for (const { function: name } of through) latest.set(name, Math.max(call, latest.get(name) ?? 0));
  const found = changes
    .filter((change) => change.function !== undefined && latest.has(change.function))
    .toSorted((a, b) => latest.get(b.function!)! - latest.get(a.function!)!);
  return { changes: found, elsewhere: changes.length - found.length };
}

/** So many changes are shown. */
const MOST = 8;

/** What the change in the text has to do with the log. */
export function changesText(parted: PartedInC, changes: readonly Change[], names: readonly [string, string]): string {
  const { changes: found, elsewhere } = onPath(parted, changes);
  const others =
    elsewhere === 0 ? [] : [` ${elsewhere} more ${elsewhere === 1 ? 'change is' : 'changes are'} in other places.`];
  if (changes.length === 0) return 'Their texts do not differ: what they include does, or how they are compiled.';
  if (found.length === 0)
    return [
      pc.bold('None of the functions that this log runs through was changed:'),
      ...changes.slice(0, MOST).flatMap((change) => changeLines(change, names)),
    ].join('\n');
  return [
    pc.bold('What was changed in the functions that this log runs through:'),
    ...found.slice(0, MOST).flatMap((change) => changeLines(change, names)),
    ...(found.length > MOST ? [` and ${found.length - MOST} more of them`] : []),
    ...others,
  ].join('\n');
}

/** A change, as a diff has it, with the place of each line. */
export function changeLines(change: Change, names: readonly [string, string]): string[] {
  const lines = (name: string, sign: string, colour: (text: string) => string, all: readonly TextLine[]): string[] =>
    all.slice(0, MOST).map(({ file, line, text }) => {
      const short = shortFile(file);
      const place = name.endsWith(short) ? name : `${name}, ${short}`;
      return ` ${colour(`${visible(place)}:${line}: ${sign} ${visible(text.trim())}`)}`;
    });
  return [
    ` ${pc.dim(change.function === undefined ? 'outside functions' : `in ${change.function}`)}`,
    ...lines(names[0], '-', pc.red, change.one),
    ...lines(names[1], '+', pc.green, change.other),
  ];
}
