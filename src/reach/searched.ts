import { ProductSystem, type TransitionSystem } from '../engine/check/index.ts';
import type { Fact, Role, System, Verdict } from '../facts/index.ts';

/** What is searched for the answer to a question: machines, or the C of a driver among the machines that call it. */
export interface Searched {
  /** The parts that a question can name. */
  readonly system: System;
  readonly transitions: TransitionSystem<Fact, Role>;
  /** Set where the driver is C: what is seen of it is what its data says. */
  readonly ofC?: OfC;
}

/** What is not the same where C is asked in place of machines. */
export interface OfC {
  /** Why something that a question names cannot be seen of the driver; undefined if it can. */
  lacks(name: string): string | undefined;
  /** A verdict, as far as all that happened is known. */
  asFarAsKnown(verdict: Verdict, happened: readonly Fact[]): Verdict;
  /** Why the search should be stopped. */
  watch(): string | undefined;
}

/** Machines alone. */
export const machinesOf = (system: System): Searched => ({ system, transitions: new ProductSystem(system) });
