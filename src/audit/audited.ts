import type { Result } from './audit.ts';
import type { Auditee } from './auditee.ts';
import type { Compared } from './baseline.ts';
import type { Finding } from './finding.ts';

/** An audit that is done: what every report is written from. */
export interface Audited {
  readonly auditee: Auditee;
  /** One for each property, model and environment. */
  readonly results: readonly Result[];
  /** The broken promises by their cause, the worst first. */
  readonly findings: readonly Finding[];
  /** What a baseline says of the findings, where one was given. */
  readonly compared?: Compared;
}
