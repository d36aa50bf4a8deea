import { CORES, type CoreName } from '../../machines/cores.ts';
import { DRIVERS, type DriverMachine, type DriverName } from '../../machines/drivers.ts';
import type { Pmu } from '../facts/index.ts';
import { onHarts } from './harts.ts';
import { Kernel } from './kernel.ts';
import type { TraceLine } from './line.ts';
import type { Inferred } from './order.ts';
import { type BrokenProperty, Properties, type Undecided, WATCHED } from './properties.ts';
import { GaveUp, lineText, Refused, TooEarly, type TraceRefusal } from './refusal.ts';
import { type Limits, Search } from './search.ts';
import { indexTrace } from './trace-index.ts';

/** The perf cores that a trace can be of. */
export const TRACED = Object.keys(CORES) as CoreName[];

/** How many events may be open at once: each is a few machines, whose states every fact copies. */
const MOST_EVENTS = 2048;

/** A trace is larger than what is judged: the message says of what. */
export class TooLarge extends Error {}

/** A driver that is none of the modelled ones, and what a report calls it. */
export interface NamedDriver {
  readonly name: string;
  readonly machine: DriverMachine;
  /** Its PMU; the seed's, if left out. */
  readonly pmu?: Pmu;
}

/** Which driver and which perf core a trace is held against. @public */
export interface TraceOptions {
  /** The driver that should have made the trace, by its name or as a machine; default `as-posted`. */
  readonly driver?: DriverName | NamedDriver;
  /** The perf core that should have called it; default 4.16. */
  readonly environment?: CoreName;
  /** Is told the facts, as they become certain; `isShown` is false where a count in them rests on values that no line shows. */
  readonly keep?: (inferred: Inferred, isShown: boolean) => void;
  /**
   * Is told that all facts are told once more, since some of those were not of the order there is. Where they are kept and this is left
   * out, each is told once, when it is certain that it need not be taken back: many times as slow.
   */
  readonly again?: () => void;
}

/** What a trace came to. @public */
export interface TraceReport {
  readonly driver: string;
  readonly environment: CoreName;
  /** Whether every line is what the model says. */
  readonly accepted: boolean;
  /** The callbacks in the trace. */
  readonly callbacks: number;
  /** The first machine that does not accept what the trace shows. */
  readonly refused?: TraceRefusal;
  /** Where the search for an order of overlapping calls gave up: what comes from there on is not judged. */
  readonly bounded?: TraceRefusal;
  /** The properties that were broken up to the end, or up to the refusal, in order of time. */
  readonly broken: readonly BrokenProperty[];
  /** Where a property may or may not have been kept: the trace does not show enough. */
  readonly undecided: readonly Undecided[];
  /** The other properties that a log can break: those that the trace speaks of, and those that it does not. */
  readonly held: readonly string[];
  readonly vacuous: readonly string[];
  /** The facts that were inferred from the lines. */
  readonly facts: number;
  /** How many steps of overlapping calls were tried in which order, and how many calls did something after a later entry. */
  readonly orders: { readonly tried: number; readonly overlapping: number };
  /** The CPU that each hart of this report is, where that is another number. */
  readonly cpus?: readonly number[];
}

/**
 * Folds a trace of a kernel (see {@link parseTrace}) through the machines of its perf core, the driver, the slots and the harts,
 * at 64 bits, up to the first line that is not what they say; and holds the properties against it.
 *
 * Throws {@link TooLarge} if too many events are open at once. What happened inside a callback is inferred. Where calls of several CPUs overlap, one order that explains the trace is enough.
 *
 * @public
 */
export function checkTrace(lines: readonly TraceLine[], options: TraceOptions = {}): TraceReport {
  const folding = foldTrace(lines, options);
  let step = folding.next();
  while (!step.done) step = folding.next();
  return step.value;
}

/** {@link checkTrace} line by line: yields how many lines are done. */
export function* foldTrace(
  trace: readonly TraceLine[],
  { driver = 'as-posted', environment = '4.16', keep, again }: TraceOptions = {},
): Generator<number, TraceReport> {
  const { lines, cpus } = onHarts(trace);
  const { name, machine, pmu }: NamedDriver =
    typeof driver === 'string' ? { name: driver, machine: DRIVERS[driver] } : driver;
  const traceIndex = indexTrace(lines, pmu);
  if (traceIndex.eventCount > MOST_EVENTS)
    throw new TooLarge(
      `has ${traceIndex.eventCount.toLocaleString('en')} events open at once; at most ${MOST_EVENTS.toLocaleString('en')} are judged`,
    );
  const fold = (limits: Partial<Limits>) =>
    foldLines(lines, new Kernel(traceIndex, environment, machine), limits, keep ?? (() => {}));
  const isToldOnce = keep !== undefined && again === undefined;
  let folded = yield* fold(isToldOnce ? ALL_ORDERS : {});
  if (folded.isTooEarly && !isToldOnce) {
    again?.();
    folded = yield* fold(ALL_ORDERS);
  }
  return { driver: name, environment, ...folded.report, ...(cpus !== undefined && { cpus }) };
}

/** Tells nothing before it must: many times as slow where calls overlap little. */
const ALL_ORDERS: Partial<Limits> = { plain: 0 };

/** What a trace came to, and whether facts were told that are not of the order there is. */
interface Folded {
  readonly report: Omit<TraceReport, 'driver' | 'environment' | 'cpus'>;
  readonly isTooEarly: boolean;
}

function* foldLines(
  lines: readonly TraceLine[],
  kernel: Kernel,
  limits: Partial<Limits>,
  keep: NonNullable<TraceOptions['keep']>,
): Generator<number, Folded> {
  const search = new Search(kernel, limits);
  const properties = new Properties(kernel);
  const overlaps = new Overlaps();
  let facts = 0;
  let refused: TraceRefusal | undefined;
  let bounded: TraceRefusal | undefined;
  let isTooEarly = false;
  const see = (certain: Iterable<Inferred>): void => {
    for (const inferred of certain) {
      properties.see(inferred);
      overlaps.see(inferred);
      facts++;
      keep(inferred, !properties.inferred.has(inferred.line.line));
    }
  };
  try {
    for (const [index, line] of lines.entries()) {
      see(search.next(line));
      yield index + 1;
    }
    see(search.end());
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    see(search.rest);
    isTooEarly = error instanceof TooEarly;
    if (error instanceof GaveUp) bounded = error.refusal;
    else refused = { ...error.refusal, previous: callsBefore(lines, error.refusal.line) };
  }
  const end = refused ?? bounded;
  const isBefore = ({ line }: { line: number }) => end === undefined || line < end.line;
  const broken = properties.broken.filter(isBefore);
  const undecided = properties.undecided.filter(isBefore);
  const notHeld = new Set([...broken, ...undecided].map(({ property }) => property));
  const unbroken = WATCHED.filter(({ id }) => !notHeld.has(id));
  const report = {
    accepted: end === undefined,
    callbacks: lines.filter(({ cb }) => cb !== 'mark').length,
    ...(refused !== undefined && { refused }),
    ...(bounded !== undefined && { bounded }),
    broken,
    undecided,
    held: unbroken.filter((property) => properties.spoken.has(property)).map(({ id }) => id),
    vacuous: unbroken.filter((property) => !properties.spoken.has(property)).map(({ id }) => id),
    facts,
    orders: { tried: search.tried, overlapping: overlaps.calls.size },
  };
  return { report, isTooEarly };
}

/** So many callbacks before a refused one are told with it. */
const PREVIOUS = 5;

/** The last callbacks before a line that are of its event or on its CPU. */
function callsBefore(lines: readonly TraceLine[], refused: number): NonNullable<TraceRefusal['previous']> {
  const at = lines.findIndex(({ line }) => line === refused);
  const one = lines[at];
  if (one === undefined || one.cb === 'mark') return [];
  const before: { line: number; callback: string }[] = [];
  for (let earlier = at - 1; earlier >= 0 && before.length < PREVIOUS; earlier--) {
    const call = lines[earlier]!;
    if (call.cb !== 'mark' && (call.id === one.id || call.cpu === one.cpu))
      before.unshift({ line: call.line, callback: lineText(call) });
  }
  return before;
}

/** Counts the calls that did something after a later call had begun to. */
class Overlaps {
  readonly calls = new Set<number>();
  #latest = 0;

  see({ line }: Inferred): void {
    if (line.line < this.#latest) this.calls.add(line.line);
    this.#latest = Math.max(this.#latest, line.line);
  }
}
