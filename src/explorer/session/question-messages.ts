import type { Answer } from '../../reach/reach.ts';
import type { Subject } from '../../replay/subject.ts';
import type { DescribedPort } from './drivers.ts';

/** What the page asks of the worker that looks for a path. */
export interface QuestionOrder {
  readonly subject: Subject;
  readonly question: string;
  readonly port?: DescribedPort;
}

/** What the worker answers: how many states it has seen, and at last what came out, or what went wrong. */
export type QuestionReport =
  | { readonly kind: 'progress'; readonly states: number }
  | { readonly kind: 'answered'; readonly answer: Answer; readonly why: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };
