import { signal } from '@preact/signals';
import type { Fact } from '../../facts/index.ts';
import { type Answer, readQuestion } from '../../reach/reach.ts';
import type { Subject } from '../../replay/subject.ts';
import { driverOf } from '../session/drivers.ts';
import type { QuestionOrder, QuestionReport } from '../session/question-messages.ts';

/** How the present question stands, for a person to read. */
export const asking = signal<
  { readonly text: string; readonly isBad?: boolean; readonly isRunning?: boolean } | undefined
>(undefined);

let worker: Worker | undefined;

/** Asks a question of every log of a subject, in a worker; `onReached` gets the shortest path that answers it. */
export function ask(question: string, subject: Subject, onReached: (log: readonly Fact[]) => void): void {
  order({ subject, question }, 'Looking for a path …', (report) => hear(question, report, onReached));
}

/** By the facts of a log: what was asked of it last, and where that is so. */
const placesKnown = new WeakMap<readonly Fact[], { readonly question: string; readonly places: readonly number[] }>();

/** Asks a question of one log of a subject, in a worker; `onPlaces` gets the positions at which it is so. */
export function askAlong(
  question: string,
  subject: Subject,
  log: readonly Fact[],
  onPlaces: (places: readonly number[]) => void,
): void {
  const known = placesKnown.get(log);
  if (known?.question === question) {
    onPlaces(known.places);
    return;
  }
  order({ subject, question, log }, 'Looking through the log …', (report) => {
    if (report.kind === 'failed') fail(report.message);
    if (report.kind !== 'along') return;
    endAsking();
    placesKnown.set(log, { question, places: report.places });
    onPlaces(report.places);
  });
}

function order(asked: Omit<QuestionOrder, 'port'>, text: string, onReport: (report: QuestionReport) => void): void {
  endAsking();
  const started = new Worker(new URL('./question-worker.js', import.meta.url), { type: 'module' });
  const mine = (action: () => void) => () => {
    if (started === worker) action();
  };
  started.onmessage = ({ data }: MessageEvent<QuestionReport>) => mine(() => onReport(data))();
  started.onerror = ({ message }) => mine(() => fail(message || 'the worker could not be started'))();
  worker = started;
  asking.value = { text, isRunning: true };
  const { port } = driverOf(asked.subject);
  started.postMessage({ ...asked, ...(port && { port }) } satisfies QuestionOrder);
}

/** Ends the search for a path, and forgets what came out. */
export function endAsking(): void {
  worker?.terminate();
  worker = undefined;
  asking.value = undefined;
}

const number = (value: number): string => value.toLocaleString('en');

function hear(question: string, report: QuestionReport, onReached: (log: readonly Fact[]) => void): void {
  if (report.kind === 'progress') {
    asking.value = { text: `Looking for a path: ${number(report.states)} states`, isRunning: true };
    return;
  }
  if (report.kind === 'failed') {
    fail(report.message);
    return;
  }
  if (report.kind === 'along') return;
  worker?.terminate();
  worker = undefined;
  const { answer, why } = report;
  asking.value = textOf(question, answer, why);
  if (answer.kind === 'reached') onReached(answer.log);
}

function textOf(question: string, answer: Answer, why: readonly string[]): NonNullable<typeof asking.value> {
  const states = `${number(answer.covered.states)} states`;
  const { kind } = readQuestion(question);
  if (answer.kind === 'bounded')
    return { text: `Not found in ${states}, and not searched to the end: ${answer.reason}.` };
  if (answer.kind === 'reached')
    return {
      text: `${kind === 'never' ? 'Violated' : 'Reached'} by a shortest path: ${answer.log.length} facts.`,
      isBad: kind === 'never',
    };
  return { text: [`${kind === 'never' ? 'Holds' : 'Not reachable'}: ${states}, all there are.`, ...why].join(' ') };
}

function fail(message: string): void {
  endAsking();
  asking.value = { text: message.split('\n')[0]!, isBad: true };
}
