import type { Answer, PmcOwner, Word } from '../facts/index.ts';
import type { Expectation, Stimulus } from './contract.ts';

/** What can be seen of a driver from outside, between two calls. */
export interface Observation {
  /** `riscv_active_events`. */
  readonly activeEvents: number;
  /** Whose handler `perf_irq` is. */
  readonly pmcOwner: PmcOwner;
  /** How many `WARN_ON_ONCE` conditions were true since the reset. */
  readonly warnings: number;
  /** `struct cpu_hw_events`, by hart; a slot holds the number of an event, or null. */
  readonly harts: readonly { readonly nEvents: number; readonly slots: readonly (number | null)[] }[];
  readonly events: readonly {
    readonly hwState: number;
    readonly idx: number;
    readonly count: Word;
    readonly destroySet: boolean;
  }[];
}

/** How large a machine a test needs. */
export interface Scope {
  readonly events: number;
  readonly harts: number;
  /** How many of the events, from the first, form one group; 0: none. */
  readonly group: number;
}

/** A driver under test. Each method may also return a property of what it returns. @experimental */
export interface SystemUnderTest {
  /** Makes everything as after boot; no event is there yet. */
  reset(scope: Scope): void | Promise<void>;
  /** Makes one call, or lets the world do something, and runs it to its end. Answers what `event_init` and `add` return; else undefined. */
  call(stimulus: Stimulus): Answer | undefined | Promise<Answer | undefined>;
  observe(): Observation | Promise<Observation>;
  /** Ends what runs for it, if something does: called once, after the last test. */
  close?(): void | Promise<void>;
}

/** Whether an expectation is met; if not, what is there instead. */
export function mismatch(expected: Expectation, answer: Answer | undefined, seen: Observation): string | undefined {
  const unless = (met: boolean, found: unknown): string | undefined => (met ? undefined : JSON.stringify(found));
  switch (expected.what) {
    case 'answer':
      return unless(answer !== undefined && expected.oneOf.includes(answer), answer);
    case 'warnings':
      return unless(seen.warnings === expected.is, seen.warnings);
    case 'active events':
      return unless(seen.activeEvents === expected.is, seen.activeEvents);
    case 'PMC owner':
      return unless(seen.pmcOwner === expected.is, seen.pmcOwner);
    case 'destroy set': {
      const { destroySet } = seen.events[expected.event]!;
      return unless(destroySet === expected.is, destroySet);
    }
    case 'n_events': {
      const { nEvents } = seen.harts[expected.hart]!;
      return unless(nEvents === expected.is, nEvents);
    }
    case 'slots': {
      const { slots } = seen.harts[expected.hart]!;
      const found = slots.every(
        (event, slot) => event === null || (expected.is.includes(event) && seen.events[event]!.idx === slot),
      );
      const all = expected.is.every((event) => slots[seen.events[event]!.idx] === event);
      return unless(found && all, slots);
    }
    case 'hw.state': {
      const { hwState } = seen.events[expected.event]!;
      return unless((hwState & expected.has) === expected.has && (hwState & expected.lacks) === 0, hwState);
    }
    case 'count': {
      const { count } = seen.events[expected.event]!;
      return unless(String(count) === expected.is, String(count));
    }
  }
}
