import type { AnyMachineSnapshot } from 'xstate';
import type { Present } from '../engine/check/index.ts';
import { localsAlong, localsOf, type State } from '../engine/compose/index.ts';
import type { Fact, System, Word } from '../facts/index.ts';

/** A place in the C. */
export interface Place {
  readonly function: string;
  /** First and last line. */
  readonly lines: readonly [number, number];
  /** The file, if it is not the posted `perf_event.c`. */
  readonly file?: string;
}

/** What went before a trace that is an excerpt of a longer log. */
export interface Beginning {
  readonly state: State;
  /** How many facts there were. */
  readonly folded: number;
  /** The count of each event. */
  readonly counts: Word[];
}

/** A log with all that a reader of it may want to see: what every report tells a finding from. */
export interface Trace {
  readonly system: System;
  readonly log: readonly Fact[];
  /** The state of each part before each fact, and after the last. */
  readonly states: readonly (readonly Present[])[];
  /** By the position of a fact: the place in the C that it stands for, if it stands for one. */
  readonly places: readonly (Place | undefined)[];
  /** Absent if the log is told from its first fact on. */
  readonly beginning?: Beginning;
}

/** The trace of a log of modelled machines. Throws if the system does not accept the log. */
export function traceOf(system: System, log: readonly Fact[], beginning?: Beginning): Trace {
  const states = localsAlong(system, log, beginning && localsOf(system, beginning.state));
  const places = log.map((fact, position) => sourceOf(system, states[position]!, fact));
  return { system, log, states, places, ...(beginning && { beginning }) };
}

/** The C function and lines that a fact stands for: where the driver of its event is before it. */
export function sourceOf(
  system: System,
  state: readonly Pick<AnyMachineSnapshot, '_nodes'>[],
  fact: Fact,
): Place | undefined {
  const part = 'event' in fact ? system.partOf('driver', fact.event) : undefined;
  if (part === undefined) return undefined;
  const meta = state[part]!._nodes.findLast((node) => node.meta !== undefined)?.meta;
  return meta === undefined || meta.function === '' ? undefined : meta;
}
