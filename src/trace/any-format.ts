import { driverNamed } from '../../machines/drivers.ts';
import type { Fact } from '../facts/index.ts';
import { type Origin, Origins } from '../store/origin.ts';
import { type Candidate, type Fold, foldsCallbacks, foldsRecording } from './accepting.ts';
import { foldTrace, type TraceOptions, type TraceReport } from './check.ts';
import { isCallbacks } from './is-trace.ts';
import type { CallbackLine } from './line.ts';
import { parseTrace } from './line.ts';
import type { Inferred } from './order.ts';
import { foldRecording, type ImportReport, NoRecording, type SegmentReport } from './recording/index.ts';
import { checkIsRecording, readRecording } from './recording/read.ts';
import type { TraceRefusal } from './refusal.ts';

/** What was judged in one go: all of a log of callbacks, or a part of a recording that lacks nothing. */
export interface JudgedPart {
  readonly facts: readonly Fact[];
  readonly origins: Origins;
  /** The first and the last line of it. */
  readonly lines: readonly [number, number];
  /** The properties that the recording does not show enough of. */
  readonly undecided: readonly string[];
  /** Where a property is violated. */
  readonly broken: readonly { readonly property: string; readonly line: number }[];
  /** The callback that is not accepted after its facts. */
  readonly refused?: TraceRefusal;
  /** Where the search for an order gave up. */
  readonly bounded?: TraceRefusal;
}

/** Callbacks of a recording that were not judged. */
export interface LostPart {
  readonly lines: readonly [number, number];
  readonly times: readonly [string, string];
  readonly callbacks: number;
  readonly why: string;
}

/** A kernel's trace in whatever format, judged. */
export interface JudgedTrace extends Candidate {
  readonly callbacks: number;
  readonly parts: readonly JudgedPart[];
  readonly lost: readonly LostPart[];
  /** How others can be held against it. */
  readonly fold: Fold;
}

/**
 * Throws `BrokenLine` or `NoRecording` with what is wrong with a text of which nothing is a kernel's trace. It looks at the
 * beginning only: what is wrong further on is found where it is judged.
 */
export function checkBegins(text: string): void {
  const [first = ''] = text.trimStart().split('\n', 1);
  if (isCallbacks(text)) parseTrace(`${first}\n`);
  else checkIsRecording(text);
}

/**
 * Judges the text of a kernel's trace, a log of callbacks or what a recorder printed, by a driver and a perf core: yields now and
 * then how many callbacks are done. Throws `BrokenLine`, `NoRecording` and `TooLarge` with what is wrong with it.
 */
export function* judgeTrace(text: string, by: Candidate): Generator<number, JudgedTrace> {
  const machine = driverNamed(by.driver);
  if (machine === undefined) throw new NoRecording(`cannot be held against ${by.driver}: there is no such driver`);
  const options = { driver: { name: by.driver, machine }, environment: by.environment };
  if (!isCallbacks(text)) {
    const recording = readRecording(text);
    const { report, logs } = yield* foldRecording(recording, options);
    const parts = report.segments.map((segment, number) => ofSegment(segment, logs[number]!));
    return { ...by, callbacks: report.callbacks, parts, lost: lostIn(report), fold: foldsRecording(recording) };
  }
  const { lines } = parseTrace(text);
  const calls = new Map(lines.flatMap((line) => (line.cb === 'mark' ? [] : [[line.line, line] as const])));
  if (calls.size === 0) throw new NoRecording('holds no callback');
  const kept = new KeptFacts(calls);
  const report = yield* foldTrace(lines, { ...options, ...kept.sink });
  const part = { ...kept, ...ofReport(report, [lines[0]!.line, lines.at(-1)!.line]) };
  return { ...by, callbacks: report.callbacks, parts: [part], lost: [], fold: foldsCallbacks(lines) };
}

/** The facts of a log of callbacks, as they become certain, and where they come from. */
export class KeptFacts {
  facts: Fact[] = [];
  origins = new Origins();
  readonly #calls: ReadonlyMap<number, CallbackLine>;

  /** `calls`: the callbacks by their lines, as the file has them. */
  constructor(calls: ReadonlyMap<number, CallbackLine>) {
    this.#calls = calls;
  }

  /** What {@link foldTrace} is given so that they are kept here. */
  get sink(): Pick<TraceOptions, 'keep' | 'again'> {
    return {
      keep: (inferred, isShown) => this.add(inferred, isShown),
      again: () => {
        this.facts = [];
        this.origins = new Origins();
      },
    };
  }

  /** `isShown` is false where a count in the fact rests on values that no line shows. */
  add({ fact, line: { line } }: Pick<Inferred, 'fact' | 'line'>, isShown: boolean): void {
    const origin = originOf(this.#calls.get(line)!);
    this.origins.add(this.facts.length, isShown ? origin : { ...origin, inferred: true });
    this.facts.push(fact);
  }
}

const originOf = ({ line, cpu, pid, id }: CallbackLine): Origin => ({ line, cpu, task: pid, id: `${id}` });

type Ends = Pick<TraceReport, 'refused' | 'bounded' | 'broken' | 'undecided'>;

const ofReport = ({ refused, bounded, broken, undecided }: Ends, lines: readonly [number, number]) => ({
  lines,
  undecided: [...new Set(undecided.map(({ property }) => property))],
  broken: broken.map(({ property, line }) => ({ property, line })),
  ...(refused !== undefined && { refused }),
  ...(bounded !== undefined && { bounded }),
});

const ofSegment = (
  segment: SegmentReport,
  { facts, origins, undecided }: Pick<JudgedPart, 'facts' | 'origins' | 'undecided'>,
): JudgedPart => ({
  ...ofReport(segment, [segment.from.line, segment.to.returned ?? segment.to.line]),
  facts,
  origins,
  undecided,
});

const lostIn = ({ unjudged }: ImportReport): LostPart[] =>
  unjudged.map(({ from, to, callbacks, why }) => ({
    lines: [from.line, to.returned ?? to.line],
    times: [from.time, to.time],
    callbacks,
    why,
  }));
