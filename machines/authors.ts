import type { Fact, FactType } from '../src/facts/index.ts';

/** What an author sees of its machine: the place in its statechart, and its context. */
export interface Present<Context> {
  readonly context: Context;
  readonly value: unknown;
}

/**
 * How a machine authors the data fields that `WIRING` gives to it: from its own state and the fact so far
 * (its indices, and the fields of the authors before it).
 */
export type Authors<Context> = {
  readonly [T in FactType]?: (present: Present<Context>, fact: Fact<T>) => Partial<Fact<T>>;
};
