import type { CoreName } from '../../machines/cores.ts';
import { DECISIONS } from '../../machines/driver/decisions.ts';
import { DRIVERS, driverNamed, partsOfName } from '../../machines/drivers.ts';
import { foldTrace, TRACED, type TraceOptions } from './check.ts';
import type { TraceLine } from './line.ts';
import { foldRecording } from './recording/import.ts';
import type { Recording } from './recording/read.ts';
import type { TraceRefusal } from './refusal.ts';

/** A driver and a perf core that a trace can be held against. */
export interface Candidate {
  /** The name of a driver, such as `as-posted+startsFresh`. */
  readonly driver: string;
  readonly environment: CoreName;
}

/** Who accepts a callback that was refused. */
export interface Accepting {
  readonly candidates: readonly Candidate[];
  /** How many others were asked, and how many there was no time for. */
  readonly others: number;
  readonly notAsked: number;
}

/** Milliseconds that the others may take, if nobody says otherwise. */
const PATIENCE = 2000;

/** The nearest first: another core, another modelled driver, one decision taken otherwise, then both. */
function candidatesBeside({ driver, environment }: Candidate): Candidate[] {
  const { decisions } = partsOfName(driver);
  const cores = TRACED.filter((core) => core !== environment);
  const drivers = Object.keys(DRIVERS).filter((name) => name !== driver);
  const changed = Object.keys(DECISIONS)
    .filter((decision) => !decisions.includes(decision))
    .map((decision) => `${driver}+${decision}`);
  return [
    ...cores.map((core) => ({ driver, environment: core })),
    ...[...drivers, ...changed].map((name) => ({ driver: name, environment })),
    ...cores.flatMap((core) => drivers.map((name) => ({ driver: name, environment: core }))),
  ];
}

/** Holds one trace against a candidate: yields now and then, and returns the lines from which on it does not follow the trace. */
export type Fold = (candidate: Candidate) => Generator<unknown, readonly Pick<TraceRefusal, 'line'>[]>;

const optionsOf = ({ driver, environment }: Candidate): TraceOptions => ({
  driver: { name: driver, machine: driverNamed(driver)! },
  environment,
});

/** How candidates are held against a log of callbacks. */
export const foldsCallbacks = (lines: readonly TraceLine[]): Fold =>
  function* (candidate) {
    const { refused, bounded } = yield* foldTrace(lines, optionsOf(candidate));
    return [refused, bounded].filter((end) => end !== undefined);
  };

/** How candidates are held against what a recorder printed. */
export const foldsRecording = (recording: Recording): Fold =>
  function* (candidate) {
    const { report } = yield* foldRecording(recording, { ...optionsOf(candidate), logged: false });
    const ends = report.segments.flatMap(({ refused, bounded }) => [refused, bounded]);
    return [...ends, ...report.unjudged.map(({ from }) => from)].filter((end) => end !== undefined);
  };

/**
 * Which driver or perf core accepts the callback that one refused: each is held against the same trace. Yields between two pieces of
 * work; ends when `patience` (milliseconds) is over.
 */
export function* acceptingOf(
  by: Candidate,
  { line }: Pick<TraceRefusal, 'line'>,
  fold: Fold,
  patience = PATIENCE,
): Generator<undefined, Accepting> {
  const until = performance.now() + patience;
  const all = candidatesBeside(by);
  const candidates: Candidate[] = [];
  for (const [asked, candidate] of all.entries()) {
    const folding = fold(candidate);
    let step = folding.next();
    for (; !step.done && performance.now() <= until; step = folding.next()) yield undefined;
    if (!step.done) return { candidates, others: asked - candidates.length, notAsked: all.length - asked };
    if (step.value.every((refused) => refused.line > line)) candidates.push(candidate);
  }
  return { candidates, others: all.length - candidates.length, notAsked: 0 };
}

/** At most so many are named. */
const MOST = 4;

/** Who accepts it, in a sentence. */
export function acceptingText({ candidates, others, notAsked }: Accepting): string {
  const named = candidates.slice(0, MOST).map(({ driver, environment }) => `${driver} in ${environment}`);
  const more = candidates.length > MOST ? ` and ${candidates.length - MOST} more` : '';
  const rest = notAsked === 0 ? '' : ` (${notAsked} more were not asked: there was no time)`;
  return candidates.length === 0
    ? `None of ${others} other drivers and perf cores accepts it${rest}.`
    : `It is what these do: ${named.join(', ')}${more}${rest}.`;
}
