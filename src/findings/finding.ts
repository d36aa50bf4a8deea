import type { BreakingLog, Fact, Pmu, Property } from '../facts/index.ts';
import type { Detail, Row } from './rows.ts';
import type { Place, Trace } from './trace.ts';

/** What a finding is held against: a property, or that a model and its C do the same. */
export type Rule = Pick<Property, 'id' | 'statement' | 'consequence' | 'severity' | 'source'>;

/** A row of a counterexample. */
export interface Step extends Row {
  /** Whether the fact that violates the rule lies in it. */
  readonly violates: boolean;
  /** All that is different after it, where that is more than a row has room for: registers of a device. As `changed` is written. */
  readonly differs?: readonly string[];
  /** Where in a kernel's trace it comes from: its line, moment, CPU, task and event. */
  readonly recorded?: string;
}

/** A log that shows a finding, as every format writes it. */
export interface Counterexample {
  /** Stable across runs, and no other log's. */
  readonly id: string;
  /** The id of the rule that it violates. */
  readonly rule: string;
  /** What it is: `Shortest path`. */
  readonly title: string;
  /** The scope in which it was found: `two-threads, 4.16`. */
  readonly scope: string;
  /** The scopes in which there is one like it, beside that. */
  readonly others: readonly string[];
  /** How long it is: `5 facts`. */
  readonly length: string;
  /** Its rows, by callbacks that nobody interrupts or as finely as it is known. */
  steps(detail: Detail): readonly Step[];
  /** Whether the violation is there when no call is in flight, too. */
  readonly lasts: boolean;
  /** What is wrong at the step that violates the rule, in one sentence. */
  readonly ending: string;
  /** Its facts, where it is a log of the modelled machines, up to the one that violates the rule. */
  readonly facts?: readonly Fact[];
  readonly breaks?: BreakingLog['breaks'];
  /** The states along it, where they are known. */
  readonly trace?: Trace;
  /** What can be seen before its first call and after each, by name, where no trace tells it. */
  readonly seen?: readonly ReadonlyMap<string, string>[];
  /** The PMU of its scope. */
  readonly pmu?: Pmu;
}

/** What a check found, whatever the check was: what each format of a report writes. @public */
export interface Finding {
  /** Stable across runs. */
  readonly id: string;
  readonly rule: Rule;
  /** What is wrong with the driver, in one sentence without its full stop. Findings of one cause have the same. */
  readonly cause: string;
  /** The name of the decision of the driver that is wrong, where it is one that other drivers take, too. */
  readonly decision?: string;
  /** How an author is asked about it, where that is not whether its cause is so. */
  readonly question?: string;
  /** The place in the C that is to blame, where one is known. */
  readonly place?: Place;
  /** The same as a person writes it, or why there is none. */
  readonly where: string;
  /** Who can bring it about, in one sentence. */
  readonly reach: string;
  /** Whether a perf core that keeps its contract can. */
  readonly reachable: boolean;
  /** The perf cores that can, where several are told apart. */
  readonly cores: readonly string[];
  /** Set where it is a note only, whatever its rule: cores that are newer than what was audited bring it about alone. */
  readonly isNote?: true;
  /** Whether a baseline has it; absent without one. */
  readonly known?: boolean;
  /** What else is to be said of it, in sentences. */
  readonly remarks: readonly string[];
  /** What to do instead, without a full stop. */
  readonly instead?: string;
  /** The shortest first. */
  readonly counterexamples: readonly Counterexample[];
  /** Two values that ought to be the same, each under the name of its side. */
  readonly sides?: readonly (readonly [side: string, value: string])[];
  /** How to follow it again, in one sentence without its full stop. */
  readonly again?: string;
  /** What machines may want to know beside all that. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Findings with the same cause, in the order of the first of each. */
export function byCause<F extends Pick<Finding, 'cause'>>(findings: readonly F[]): F[][] {
  const groups = new Map<string, F[]>();
  for (const finding of findings) groups.set(finding.cause, [...(groups.get(finding.cause) ?? []), finding]);
  return [...groups.values()];
}

/** The finding of the group before this counterexample that is shown by the very same facts; undefined if there is none. */
export function shownBefore(log: Counterexample, group: readonly Finding[]): Finding | undefined {
  if (log.facts === undefined) return undefined;
  const facts = JSON.stringify(log.facts);
  for (const finding of group)
    for (const other of finding.counterexamples) {
      if (other === log) return undefined;
      if (JSON.stringify(other.facts) === facts) return finding;
    }
  return undefined;
}

/** A row in words: who does what. */
export const stepText = ({ who, what }: Row): string => (who === '' ? what : `${who}: ${what}`);
