import { computed } from '@preact/signals';
import { factInC } from '../../findings/rows.ts';
import type { Place } from '../../findings/trace.ts';
import { type CodeLine, fileOf, LONGEST, linesOfFile, outline, outlineOf, placeAt, placesOf } from '../session/code.ts';
import { code, found, told } from './finding.ts';
import { view } from './store.ts';

/** How far back the last place in the C is looked for. */
const FAR = 64;

/** The places in the C of the steps of a finding, where it is the one that is shown. */
const placesFound = computed((): readonly (Place | undefined)[] | undefined => {
  const finding = found.value;
  if (finding === undefined) return undefined;
  if (told.value === undefined && finding.facts !== view.value.timeline.facts) return undefined;
  // A call of C returns at the head of its function: where it was before tells more.
  const places = finding.steps.map(({ place, what }) => (/\breturns\b/.test(what) ? undefined : place));
  return places.some((place) => place !== undefined) ? places : undefined;
});

/** Where in the C one is: the place of the last step that has one, and how many steps there are since. */
export const placeNow = computed((): { readonly place: Place; readonly ago: number } | undefined => {
  const { timeline, at } = told.value === undefined ? view.value : { timeline: undefined, at: told.value.at };
  for (let ago = 0; ago < Math.min(at, FAR); ago++) {
    const place = placesFound.value?.[at - ago - 1] ?? (timeline && placeOf(timeline, at - ago));
    if (place !== undefined) return { place, ago };
  }
  return undefined;
});

function placeOf(timeline: Parameters<typeof placeAt>[0], at: number): Place | undefined {
  return placesFound.value === undefined ? (placesOf(timeline)[at - 1] ?? placeAt(timeline, at)) : undefined;
}

/** The lines that are shown: those of the file in which one is, or what is known of them from the facts. */
export const linesShown = computed((): { readonly path: string | undefined; readonly lines: readonly CodeLine[] } => {
  const { files } = code.value;
  const place = placeNow.value?.place ?? found.value?.place;
  const file = place === undefined ? files[0] : fileOf(files, place);
  if (file !== undefined) return { path: file.path, lines: cut(file) };
  const places = placesFound.value;
  if (places === undefined) return { path: place?.file, lines: told.value === undefined ? outlined() : [] };
  const steps = found.value!.steps;
  return { path: place?.file, lines: outline(places, (index) => steps[index]!.what) };
});

const outlines = new WeakMap<object, readonly CodeLine[]>();

/** What is known of the lines that the log comes by; the same list as long as it has the line where one is. */
function outlined(): readonly CodeLine[] {
  const { timeline, at } = view.value;
  const known = outlines.get(timeline.facts);
  const now = placeNow.value;
  const isIn = now === undefined || known?.some(({ number }) => number === now.place.lines[0]);
  if (known !== undefined && isIn) return known;
  const lines = outlineOf(timeline, now === undefined ? 0 : at - now.ago);
  if (timeline.isDone || timeline.folded > LONGEST) outlines.set(timeline.facts, lines);
  return lines;
}

const cuts = new WeakMap<object, readonly CodeLine[]>();

function cut(file: Parameters<typeof linesOfFile>[0]): readonly CodeLine[] {
  const lines = cuts.get(file) ?? linesOfFile(file);
  cuts.set(file, lines);
  return lines;
}

/** What is known of a line: its text, or what facts say that it does. */
export function textOfLine(place: Place): string | undefined {
  const { files } = code.value;
  const file = fileOf(files, place);
  const lines = file === undefined ? linesShown.value.lines : cut(file);
  const [first, last] = place.lines;
  const at = lines.findIndex(({ number }) => number >= first && number <= last);
  const text = lines[at]?.text.trim();
  // Where a function begins is no more than a brace: the line above names it.
  if (text !== '{') return text;
  return lines[at - 1]?.number === lines[at]!.number - 1 ? lines[at - 1]!.text.trim() : `${place.function}()`;
}

/** Whether any of the driver's own text is at hand. */
export const hasText = (): boolean => code.value.files.length > 0;

/** What the line that is lit does in this step, where its text is not at hand: another time it may have answered otherwise. */
export const doneAtLine = computed((): string | undefined => {
  const now = placeNow.value;
  if (now === undefined || now.ago > 0 || fileOf(code.value.files, now.place) !== undefined) return undefined;
  if (told.value !== undefined) return stepNow();
  // What stands at the head of a function is what it does first, and not that it is called.
  const { timeline, at } = view.value;
  return timeline.facts[at - 1]!.type.endsWith('.call') ? undefined : stepNow();
});

/** What a step does, for a person: of a log, the fact in the words of the C. */
export const stepNow = (): string => {
  if (told.value !== undefined) return found.value!.steps[told.value.at - 1]?.what ?? 'the start';
  const { timeline, at } = view.value;
  return at === 0 ? 'the start' : factInC(timeline.facts[at - 1]!);
};
