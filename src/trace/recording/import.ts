import type { Fact } from '../../facts/index.ts';
import { type Origin, Origins } from '../../store/origin.ts';
import { foldTrace, type TraceOptions, type TraceReport } from '../check.ts';
import type { CallbackLine } from '../line.ts';
import type { Inferred } from '../order.ts';
import type { BrokenProperty, Undecided } from '../properties.ts';
import type { TraceRefusal } from '../refusal.ts';
import { sizeIn } from '../trace-index.ts';
import { callsOf, checkProbes, type RecordedCall } from './calls.ts';
import { FORMATS, type FormatName } from './formats.ts';
import { linesIn, linesOf } from './lines.ts';
import { NoRecording, type Recording } from './read.ts';
import { partsOf, type Segment } from './segments.ts';

/** A callback in the file: its two lines, and when it was entered, on the recorder's clock. */
export interface Place {
  readonly line: number;
  /** The line of its return, where that is known. */
  readonly returned?: number;
  /** As the recorder printed it. */
  readonly time: string;
  readonly cpu: number;
  readonly task: number;
  /** The address of its event. */
  readonly address: string;
}

/** What one segment came to; lines are those of the file. */
export interface SegmentReport
  extends Omit<TraceReport, 'driver' | 'environment' | 'refused' | 'bounded' | 'broken' | 'undecided'> {
  readonly from: Place;
  readonly to: Place;
  readonly refused?: TraceRefusal & { readonly place: Place };
  readonly bounded?: TraceRefusal & { readonly place: Place };
  readonly broken: readonly (BrokenProperty & { readonly place: Place })[];
  readonly undecided: readonly (Undecided & { readonly place: Place })[];
  /** How many callbacks ran when it ended: what the driver did in them is not judged. */
  readonly unfinished: number;
  /** How many counter readings were inferred from the next callback of the event. */
  readonly inferredReadings: number;
}

/** Callbacks that were not judged. */
export interface UnjudgedReport {
  readonly from: Place;
  readonly to: Place;
  readonly callbacks: number;
  readonly why: string;
}

/** What a recording came to. */
export interface ImportReport {
  readonly format: FormatName;
  readonly driver: TraceReport['driver'];
  readonly environment: TraceReport['environment'];
  /** The core's calls; those that the driver made itself inside them; events of others. */
  readonly callbacks: number;
  readonly madeByDriver: number;
  readonly ignored: number;
  readonly cpus: number;
  /** How many events stood in the file after a later one. */
  readonly moved: number;
  /** How many entries and returns are missing of calls that are known all the same; hits of probes that were defined twice. */
  readonly missed: number;
  readonly doubled: number;
  readonly torn: boolean;
  /** Whether all callbacks were judged, and each was accepted. */
  readonly accepted: boolean;
  readonly segments: readonly SegmentReport[];
  readonly unjudged: readonly UnjudgedReport[];
}

/** The log of a segment, and how many events and harts it is of. Where nothing shows a counter, it has the value that is best for the count. */
export interface SegmentLog {
  readonly facts: readonly Fact[];
  /** Where in the recording they come from. */
  readonly origins: Origins;
  readonly events: number;
  readonly harts: number;
  /** The properties that are undecided in it, and nowhere broken for sure. */
  readonly undecided: readonly string[];
}

export interface Imported {
  readonly report: ImportReport;
  /** One for each segment. */
  readonly logs: readonly SegmentLog[];
}

export interface ImportOptions extends Omit<TraceOptions, 'keep' | 'again'> {
  /** Whether the logs are wanted, whose facts take many times the memory of the recording; default true. */
  readonly logged?: boolean;
  /** Is told the facts, with the callback in the file that each is of, each once. */
  readonly see?: (inferred: Inferred, place: Place) => void;
}

/** Judges a recording segment by segment: yields how many of its calls are done. Throws `BrokenLine` and {@link NoRecording}. */
export function* foldRecording(
  recording: Recording,
  { driver = 'as-posted', environment = '4.16', logged = true, see }: ImportOptions = {},
): Generator<number, Imported> {
  checkProbes(recording);
  const recorded = callsOf(recording);
  const { calls, inside, moved, missed } = recorded;
  if (calls.length === 0)
    throw new NoRecording(
      `holds no callback of the driver (${FORMATS[recording.format].tool}, ${recording.stamps.length} events of others)`,
    );
  const isWhole = !recording.beginningLost && recorded.gaps.length === 0;
  if (isWhole && !calls.some(({ callback }) => callback === 'event_init'))
    throw new NoRecording('shows no event_init: a probe is missing, or no event was opened while it recorded');
  const { segments, unjudged } = partsOf(recording, recorded, environment);
  const lines = linesOf(recorded, environment);
  const reports: SegmentReport[] = [];
  const logs: SegmentLog[] = [];
  for (const segment of segments) {
    const { report, log } = yield* foldSegment(segment, calls, lines, {
      driver,
      environment,
      logged,
      ...(see && { see }),
    });
    reports.push(report);
    logs.push(log);
  }
  return {
    report: {
      format: recording.format,
      driver: typeof driver === 'string' ? driver : driver.name,
      environment,
      callbacks: calls.length,
      madeByDriver: inside,
      ignored: recording.stamps.length - recording.hits.length - recording.doubled,
      cpus: cpusOf(recording),
      moved,
      missed,
      doubled: recording.doubled,
      torn: recording.torn,
      accepted: unjudged.length === 0 && reports.every(({ accepted }) => accepted),
      segments: reports,
      unjudged: unjudged.map(({ from, to, why }) => ({
        from: placeOf(calls[from]!),
        to: placeOf(calls[to - 1]!),
        callbacks: to - from,
        why,
      })),
    },
    logs,
  };
}

function cpusOf({ hits }: Recording): number {
  const cpus = new Set<number>();
  for (const { cpu } of hits) cpus.add(cpu);
  return cpus.size;
}

function* foldSegment(
  segment: Segment,
  calls: readonly RecordedCall[],
  all: readonly CallbackLine[],
  { logged, see, ...options }: ImportOptions,
): Generator<number, { report: SegmentReport; log: SegmentLog }> {
  const { lines, unfinished, takenLater } = linesIn(segment, calls, all);
  let facts: Fact[] = [];
  let origins = new Origins();
  let count = 0;
  // What a call would have done next to return is no fact of the recording, unless another one has to follow it.
  let supposed = 0;
  let supposedLog: (readonly [Fact, Origin])[] = [];
  const keep = (inferred: Inferred, isShown: boolean) => {
    const { fact, line } = inferred;
    const call = calls[line.line - 1]!;
    see?.(inferred, placeOf(call));
    supposed++;
    if (logged) supposedLog.push([fact, originOf(call, isShown)]);
    if (unfinished.has(line.line)) return;
    count += supposed;
    supposed = 0;
    if (!logged) return;
    for (const [one, origin] of supposedLog) {
      origins.add(facts.length, origin);
      facts.push(one);
    }
    supposedLog = [];
  };
  const again = () => {
    [facts, origins, count, supposed, supposedLog] = [[], new Origins(), 0, 0, []];
  };
  const folding = foldTrace(lines, { ...options, keep, ...(see === undefined && { again }) });
  let step = folding.next();
  for (; !step.done; step = folding.next()) yield segment.from + step.value;
  const { driver, environment, refused, bounded, broken, undecided, ...report } = step.value;
  const { eventCount, harts } = sizeIn(lines);
  const known = broken.filter(({ line }) => !unfinished.has(line));
  const open = [...new Set(undecided.map(({ property }) => property))].filter(
    (id) => !known.some(({ property }) => property === id),
  );
  const placed = <T extends { readonly line: number }>(found: T) => {
    const place = placeOf(calls[found.line - 1]!);
    return { ...found, line: place.line, place };
  };
  const inFile = <T extends { readonly line: number }>(found: T): T => ({
    ...found,
    line: calls[found.line - 1]!.entry.line,
  });
  const refusedAt = ({ smallest, previous, ...found }: TraceRefusal) => ({
    ...placed(found),
    ...(smallest !== undefined && { smallest: smallest.map(inFile) }),
    ...(previous !== undefined && { previous: previous.map(inFile) }),
  });
  return {
    report: {
      ...report,
      facts: count,
      from: placeOf(calls[segment.from]!),
      to: placeOf(calls[segment.to - 1]!),
      ...(refused !== undefined && { refused: refusedAt(refused) }),
      ...(bounded !== undefined && { bounded: placed(bounded) }),
      broken: known.map(({ until, ...found }) => ({
        ...placed(found),
        ...(until !== undefined && { until: placeOf(calls[until - 1]!).line }),
      })),
      undecided: undecided.filter(({ line }) => !unfinished.has(line)).map(placed),
      unfinished: unfinished.size,
      inferredReadings: takenLater,
    },
    log: { facts, origins, events: eventCount, harts: report.cpus?.length ?? harts, undecided: open },
  };
}

const placeOf = ({ entry, exit, event }: RecordedCall): Place => ({
  line: entry.line,
  ...(exit !== undefined && { returned: exit.line }),
  time: entry.stamp,
  cpu: entry.cpu,
  task: entry.task,
  address: `0x${event}`,
});

const originOf = ({ entry, exit, event }: RecordedCall, isShown: boolean): Origin => ({
  line: entry.line,
  time: entry.stamp,
  ...(exit !== undefined && { returned: exit.stamp }),
  cpu: entry.cpu,
  task: entry.task,
  id: `0x${event}`,
  ...(!isShown && { inferred: true }),
});
