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
  endAsking();
  const started = new Worker(new URL('./question-worker.js', import.meta.url), { type: 'module' });
  const mine = (action: () => void) => () => {
    if (started === worker) action();
  };
  started.onmessage = ({ data }: MessageEvent<QuestionReport>) => mine(() => hear(question, data, onReached))();
  started.onerror = ({ message }) => mine(() => fail(message || 'the worker could not be started'))();
  worker = started;
  asking.value = { text: 'Looking for a path …', isRunning: true };
  const { port } = driverOf(subject);
  started.postMessage({ subject, question, ...(port && { port }) } satisfies QuestionOrder);
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
