import type { Fact } from '../../facts/index.ts';
import type { Origin } from '../../store/origin.ts';
import type { Candidate } from '../../trace/accepting.ts';
import type { JudgedPart, LostPart } from '../../trace/any-format.ts';

/** What the worker is asked: to judge a kernel's trace. */
export interface TraceOrder {
  readonly text: string;
  readonly by: Candidate;
}

/** A part of a trace, as it comes from the worker. */
export interface SentPart extends Omit<JudgedPart, 'origins'> {
  readonly facts: readonly Fact[];
  readonly origins: readonly (readonly [position: number, origin: Origin])[];
}

/** What the worker says: how far it is, what the trace came to, and who else accepts what is refused. */
export type TraceReportMessage =
  | { readonly kind: 'progress'; readonly callbacks: number }
  | {
      readonly kind: 'done';
      readonly callbacks: number;
      readonly parts: readonly SentPart[];
      readonly lost: readonly LostPart[];
    }
  | { readonly kind: 'accepting'; readonly part: number; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string };
