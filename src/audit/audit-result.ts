import type { Result } from './audit.ts';
import type { AuditTarget } from './audit-target.ts';
import type { Compared } from './baseline.ts';
import type { Violation } from './violation.ts';

/** An audit that is done: what every report is written from. @public */
export interface AuditResult {
  readonly target: AuditTarget;
  /** One for each property, model and environment. */
  readonly results: readonly Result[];
  /** The violated properties by their cause, the worst first. */
  readonly findings: readonly Violation[];
  /** What a baseline says of the findings, where one was given. */
  readonly compared?: Compared;
}
