import { factInC } from '../../findings/rows.ts';
import { type Place, sourceOf } from '../../findings/trace.ts';
import type { Timeline } from './timeline.ts';

/** The name that the C of a driver has beside the page. */
export const CODE_FILE = 'source.json';

/** A file of C as far as it is at hand: its whole text, or some of its lines by their number. */
export interface CodeFile {
  readonly path: string;
  readonly text?: string;
  readonly lines?: Readonly<Record<number, string>>;
}

/** A line of C, or of what is known of it; where the text is not at hand, what facts say that it does. */
export interface CodeLine {
  readonly number: number;
  readonly text: string;
  /** The function whose first known line this is; where the text is at hand, it says it itself. */
  readonly heads?: string;
  /** Whether lines are left out before it. */
  readonly gap: boolean;
}

/** So many facts of a log are looked through for the places that it comes by. */
export const LONGEST = 2000;

const known = new WeakMap<readonly unknown[], readonly (Place | undefined)[]>();

/** The place in the C of each of the first facts of a log that machines follow; of a call, where its function begins. */
export function placesOf(timeline: Timeline): readonly (Place | undefined)[] {
  const { facts, folded, isDone, world } = timeline;
  const found = known.get(facts);
  if (found !== undefined) return found;
  const places = facts.slice(0, Math.min(folded, LONGEST)).map((fact, at) => {
    const before = sourceOf(world.system, timeline.momentAt(at).state, fact);
    return before ?? sourceOf(world.system, timeline.momentAt(at + 1).state, fact);
  });
  if (isDone || places.length === LONGEST) known.set(facts, places);
  return places;
}

/** The place in the C of one fact (from 1) of a log that machines follow. */
export function placeAt(timeline: Timeline, at: number): Place | undefined {
  if (at === 0) return undefined;
  const { system } = timeline.world;
  const fact = timeline.facts[at - 1]!;
  return sourceOf(system, timeline.momentAt(at - 1).state, fact) ?? sourceOf(system, timeline.momentAt(at).state, fact);
}

/** The lines that are shown of a file: all of its text, or those that are at hand. */
export function linesOfFile({ text, lines = {} }: CodeFile): CodeLine[] {
  if (text !== undefined)
    return text.split('\n').map((line, index) => ({ number: index + 1, text: line.trimEnd(), gap: false }));
  return Object.entries(lines)
    .map(([number, line]) => ({ number: Number(number), text: line.trimEnd() }))
    .sort((a, b) => a.number - b.number)
    .map((line, index, all) => ({ ...line, gap: index > 0 && all[index - 1]!.number + 1 < line.number }));
}

/** Where no text is at hand: each line that a log comes by, with what it does there in the words of its facts. */
export function outline(places: readonly (Place | undefined)[], textAt: (index: number) => string): CodeLine[] {
  const lines = new Map<number, { text: string; function: string }>();
  for (const [index, place] of places.entries())
    if (place !== undefined && !lines.has(place.lines[0]))
      lines.set(place.lines[0], { text: textAt(index), function: place.function });
  let within = '';
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([number, line], index) => {
      const isHead = line.function !== within;
      within = line.function;
      return { number, text: line.text, gap: index > 0, ...(isHead && { heads: line.function }) };
    });
}

/** The same of a log that machines follow: of its first facts, and of one more (from 1), where a line is that they do not come by. */
export function outlineOf(timeline: Timeline, at = 0): CodeLine[] {
  const { facts } = timeline;
  // What stands at the head of a function is what it does first, and not that it is called.
  const places = placesOf(timeline).map((place, index) => (facts[index]!.type.endsWith('.call') ? undefined : place));
  const numbers = places.map((_, index) => index);
  if (at > places.length) {
    places.push(placeAt(timeline, at));
    numbers.push(at - 1);
  }
  return outline(places, (index) => factInC(facts[numbers[index]!]!));
}

/** The file that a place is in: the one of its name, or the only one. */
export function fileOf(files: readonly CodeFile[], place: Place): CodeFile | undefined {
  const { file } = place;
  const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  return (
    files.find(({ path }) => path === file) ??
    files.find(({ path }) => file !== undefined && name(path) === name(file)) ??
    (file === undefined || files.length === 1 ? files[0] : undefined)
  );
}

/** The text of the first line of a place, without what surrounds it; undefined where it is not at hand. */
export function lineOf(files: readonly CodeFile[], place: Place): string | undefined {
  const file = fileOf(files, place);
  const [line] = place.lines;
  return (file?.text === undefined ? file?.lines?.[line] : file.text.split('\n')[line - 1])?.trim();
}
