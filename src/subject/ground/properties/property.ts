import type { Command, Known, Offence, Step } from '../step.ts';

/** A property of any driver, decided on each step of its C. */
export interface GroundProperty {
  readonly id: string;
  /** The statement, in one sentence. */
  readonly statement: string;
  readonly severity: 'high' | 'medium' | 'low';
  /** Where the statement comes from. */
  readonly source: string;
  /** What a user sees where it is violated. */
  readonly consequence: string;
  /** Whether a step is what it speaks of: where none is, it is vacuous. */
  readonly speaksOf: (step: Step, known: Known) => boolean;
  /**
   * Whether what hardware answers can bring it about: it is then not decided where the driver has read what nobody described.
   */
  readonly dependsOnDevice?: true;
  /** The calls without which the rest must not break `count-exact`, or it is that which is broken, and not this. */
  readonly unless?: readonly Command['call'][];
  /** Whether it is decided in runs of its own, and in no scope. */
  readonly isApart?: true;
  /** Whether each line that violates it is a finding of its own, or each text; else each function is. */
  readonly isPer?: 'line' | 'text';
  /** Whether it is asked only where the device is described. */
  readonly needsDevice?: true;
  /** What of it is not known where the device is not described: it is then bounded by that, where it is not violated. */
  readonly withoutDevice?: string;
  /** What in a step violates it. */
  readonly judge: (step: Step, known: Known) => readonly Omit<Offence, 'property'>[];
}
