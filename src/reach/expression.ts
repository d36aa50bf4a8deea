/** How two values are compared. */
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A comparison of something that has a name with a value. */
export interface Comparison {
  readonly name: string;
  readonly operator: Operator;
  readonly value: string;
  /** Where its name and its value stand in the question. */
  readonly at: number;
  readonly valueAt: number;
}

/** Which events or harts are meant: one by its number, or any, all or none of them. */
export interface Which {
  readonly index: 'event' | 'hart';
  readonly of: number | 'any' | 'every' | 'no';
  readonly at: number;
}

/** A fact happens: of a type, with these values in its fields. */
export interface Happens {
  readonly kind: 'happens';
  readonly type: string;
  readonly fields: readonly Comparison[];
  readonly at: number;
}

/** Something that can be seen has a value: `hart 0 n_events > 1`. */
export interface Seen extends Comparison {
  readonly kind: 'seen';
  /** Absent of what there is one of. */
  readonly which?: Which;
}

/** An event is in a state of its life, or in a function of the driver: `event 0 is running`, `event 0 is in add`. */
export interface Is {
  readonly kind: 'is';
  readonly which: Which;
  readonly state: string;
  /** Whether it is a function of the driver. */
  readonly inDriver: boolean;
  readonly at: number;
}

/** What can be true at one moment: of the fact that happens then, and of the state after it. */
export type Expression =
  | Happens
  | Seen
  | Is
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] };

/** A moment that is to come, and what is at no moment before it, after the one that came last. */
export interface Step {
  readonly wants: Expression;
  readonly without?: Expression;
}

/** A question: moments in their order; or, of an invariant, what is to be at none. */
export interface Question {
  readonly text: string;
  readonly kind: 'reach' | 'never';
  readonly steps: readonly Step[];
}
