import type { Covered, Progress } from '../../engine/check/index.ts';
import type { Verdict } from '../../facts/index.ts';
import type { Subject } from '../../replay/subject.ts';
import type { DescribedPort } from './drivers.ts';

/** What the page asks of the worker that searches. */
export type SearchOrder =
  | { readonly kind: 'search'; readonly subject: Subject; readonly port?: DescribedPort }
  | { readonly kind: 'cancel' };

/** What the worker answers: how far it is, and at last what came out, or what went wrong. */
export type SearchReport =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly covered: Covered; readonly verdicts: readonly (readonly [string, Verdict])[] }
  | { readonly kind: 'failed'; readonly message: string };
