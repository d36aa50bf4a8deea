import { counted } from '../../findings/counted.ts';
import type { BrokenProperty, Undecided } from '../../trace/properties.ts';
import type { Place } from '../../trace/recording/import.ts';
import type { OverlappingCall, TraceRefusal } from '../../trace/refusal.ts';

/** The words in which every report tells a trace or a recording, whatever its format. */

/** What was found in a callback: at a line of a trace, in a recording also at a moment. */
export interface Found {
  readonly line: number;
  readonly scn: string;
  readonly callback: string;
  readonly place?: Place;
}

/** `line 74 (types)`, in a recording `line 14/15 (0.019732 s, cpu 0)`. */
export const atText = ({ line, scn, place }: Found): string =>
  place === undefined ? `line ${line} (${scn})` : placeText(place);

/** The lines of a recorded callback, and its moment. */
export const placeText = (place: Place): string =>
  `line ${place.line}${place.returned === undefined ? '' : `/${place.returned}`} (${momentText(place)})`;

/** `0.019732 s, cpu 0`. */
export const momentText = ({ time, cpu }: Place): string => `${time} ${time.includes('.') ? 's' : 'ns'}, cpu ${cpu}`;

/** The callback, and in a recording the address of its event. */
export const callbackText = ({ callback, place }: Found): string =>
  place === undefined ? callback : `${callback} (${place.address})`;

/** Where a search for an order gave up. */
export const boundedText = (found: TraceRefusal & Found): string =>
  `Undecided at ${atText(found)}: ${found.callback}: ${found.what} is not known; sought: ${found.expected}; found: ${found.found}. Nothing after it is judged.`;

/** Which calls have no order, in sentences. */
export const orderTexts = ({ beside = [], smallest = [] }: TraceRefusal): string[] => [
  ...(beside.length > 0 ? [`There is no order of it and what ran beside it: ${beside.join(', ')}.`] : []),
  ...(smallest.length > 0
    ? [`Without any one of these there would be one: ${smallest.map(overlapText).join('; ')}.`]
    : []),
];

function overlapText({ line, callback, before, after }: OverlappingCall): string {
  const seen = [before === undefined ? '' : `${before} before`, after === undefined ? '' : `${after} after`];
  return `line ${line}: ${callback} saw riscv_active_events ${seen.filter(Boolean).join(', ') || 'nowhere'}`;
}

/** How often and by how much a property was violated, or since when it is. */
export function worstText(breaks: readonly BrokenProperty[]): string {
  const times = counted(breaks.length, 'time');
  const ticks = breaks.flatMap(({ ticks, least = ticks, most = ticks, line }) =>
    least === undefined || most === undefined ? [] : [least, most].map((one) => ({ ticks: BigInt(one), line })),
  );
  if (ticks.length > 0) {
    const most = ticks.reduce((one, other) => (size(other.ticks) > size(one.ticks) ? other : one));
    return `${times}, at most ${ticksText(most.ticks)} (line ${most.line})`;
  }
  const last = breaks.at(-1)!;
  return last.states && last.until === undefined
    ? `${times}, still violated at the end (since line ${last.line})`
    : times;
}

const size = (value: bigint): bigint => (value < 0n ? -value : value);

/** `127,538 ticks too many`. */
export const ticksText = (ticks: bigint): string =>
  `${size(ticks).toLocaleString('en')} ${size(ticks) === 1n ? 'tick' : 'ticks'} too ${ticks < 0n ? 'few' : 'many'}`;

/** That a recording does not show enough of some counts, and of the first of them how much it shows. */
export function undecidedTexts(undecided: readonly (Undecided & Found)[]): string[] {
  const [first] = undecided;
  if (first === undefined) return [];
  return [
    `count-exact is undecided at ${counted(undecided.length, 'callback')}: no line shows the counter where the event was started, or read. First at ${atText(first)}: ${first.callback}, ${rangeText(first)}.`,
  ];
}

/** How many ticks a count has too many, as far as the recording shows: beyond all counters where nothing bounds it. */
export function rangeText({ least, most }: Pick<Undecided, 'least' | 'most'>): string {
  const [from, to] = [BigInt(least), BigInt(most)];
  if (to - from >= 1n << 63n) return 'by nobody knows how many ticks';
  if (to < 0n) return `${(-to).toLocaleString('en')} to ${(-from).toLocaleString('en')} ticks too few`;
  return `${from.toLocaleString('en')} to ${to.toLocaleString('en')} ticks too many`;
}
