import { yieldToEventLoop } from '../engine/check/event-loop.ts';
import type { BreakingLog } from '../facts/index.ts';
import type { Result } from './audit.ts';
import type { AuditTarget } from './audit-target.ts';
import type { Cause } from './cause.ts';
import { propertyOf } from './property.ts';

/** A log that violates the property of a result. */
export interface Broken {
  readonly result: Result;
  readonly counterexample: BreakingLog;
  /** Whether the break is there when no call is in flight, too; whether no log of the result is shorter. */
  readonly lasts: boolean;
  readonly isShortest: boolean;
}

/** The logs of a result: a shortest one, and a shortest one whose break lasts, where that is another. */
export function brokenIn(result: Result): Broken[] {
  if (result.verdict.verdict !== 'violated') return [];
  const { onlyInFlight, lasting, ...counterexample } = result.verdict.counterexample;
  const shortest = { result, counterexample, lasts: !onlyInFlight && lasting === undefined, isShortest: true };
  return lasting ? [shortest, { result, counterexample: lasting, lasts: true, isShortest: false }] : [shortest];
}

/** Why logs violate properties of a target. Each log is asked about once. */
export class Causes {
  readonly #known = new Map<string, Promise<Cause>>();
  #begun: Promise<unknown> = Promise.resolve();

  constructor(readonly target: AuditTarget) {}

  /** Rejects with what finding it rejects with. */
  of({ result, counterexample: { facts } }: Broken): Promise<Cause> {
    const { model, environment } = result;
    const property = propertyOf(result.property);
    // The cores mostly do the same: one log has one cause.
    const log = `${property.id} ${model.name} ${environment === 'any-order'} ${JSON.stringify(facts)}`;
    const cause = this.#known.get(log) ?? this.target.causeOf(property, facts, model, environment);
    this.#known.set(log, cause);
    return cause;
  }

  /** Begins to find those of some results, one after the other, while the caller waits for searches. */
  begin(results: readonly Result[]): void {
    for (const broken of results.flatMap(brokenIn))
      this.#begun = this.#begun
        .then(yieldToEventLoop)
        .then(() => this.of(broken))
        // Whoever asks for it hears of it.
        .catch(() => {});
  }
}
