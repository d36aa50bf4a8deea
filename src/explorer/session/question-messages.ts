import type { Fact } from '../../facts/index.ts';
import type { Answer } from '../../reach/reach.ts';
import type { Subject } from '../../replay/subject.ts';
import type { DescribedPort } from './drivers.ts';

/** What the page asks of the worker that looks for a path. */
export interface QuestionOrder {
  readonly subject: Subject;
  readonly question: string;
  /** Where one log is asked, and not every log of the subject. */
  readonly log?: readonly Fact[];
  readonly port?: DescribedPort;
}

/** What the worker answers: how many states it has seen, and at last what came out, or what went wrong. */
export type QuestionReport =
  | { readonly kind: 'progress'; readonly states: number }
  | { readonly kind: 'answered'; readonly answer: Answer; readonly why: readonly string[] }
  /** Of one log: after how many facts it is so, once and again. */
  | { readonly kind: 'along'; readonly places: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string };
