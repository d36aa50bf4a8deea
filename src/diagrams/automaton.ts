import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import { initialSnapshot, step } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';
import { guardOf, guardText } from './guard.ts';

/** A flat, deterministic automaton: states and events are C identifiers. */
export interface Automaton {
  readonly initial: string;
  readonly states: readonly string[];
  readonly final: readonly string[];
  readonly transitions: readonly { readonly from: string; readonly event: string; readonly to: string }[];
}

/** A fact that the automaton tells from others, and the name of the event that it is. */
export type NamedFact = readonly [event: string, fact: Fact];

/**
 * A machine as a flat automaton over named facts: its states by name, without their context. Where one event leads
 * from one state to several, the guards that were true tell which, and become a part of the event's name.
 * Throws an Error if that does not make it deterministic.
 */
export function automatonOf(machine: AnyStateMachine, input: unknown, alphabet: readonly NamedFact[]): Automaton {
  const start = initialSnapshot(machine, input);
  const seen = new Map([[keyOf(start), start]]);
  const found = new Map<string, { from: string; event: string; guard: string; to: string }>();
  for (const snapshot of seen.values())
    for (const [event, fact] of alphabet) {
      const next = step(machine, input, snapshot, fact);
      if (next === null) continue;
      const edge = {
        from: nameOf(snapshot.value),
        event,
        guard: guardName(machine, snapshot, fact),
        to: nameOf(next.value),
      };
      found.set(JSON.stringify(edge), edge);
      if (!seen.has(keyOf(next))) seen.set(keyOf(next), next);
    }
  const edges = [...found.values()];
  const targets = (from: string, event: string): number =>
    new Set(edges.filter((edge) => edge.from === from && edge.event === event).map(({ to }) => to)).size;
  const unsure = new Set(edges.filter(({ from, event }) => targets(from, event) > 1).map(({ event }) => event));
  const named = new Map(
    edges.map(({ from, event, guard, to }) => {
      const name = unsure.has(event) && guard !== '' ? `${event}_${guard}` : event;
      return [`${from} ${name} ${to}`, { from, event: name, to }] as const;
    }),
  );
  const transitions = [...named.values()];
  for (const { from, event } of transitions)
    if (transitions.filter((other) => other.from === from && other.event === event).length > 1)
      throw new Error(`${machine.id}: ${event} leads from ${from} to several states`);
  const initial = nameOf(start.value);
  const states = [...new Set([...seen.values()].map(({ value }) => nameOf(value)))];
  const ends = states.filter((state) => !transitions.some(({ from }) => from === state));
  // What never ends leaves nothing open where it starts.
  return { initial, states, final: ends.length > 0 ? ends : [initial], transitions };
}

/** What tells states apart here: where the machine is, and what it remembers. */
const keyOf = ({ value, context }: AnyMachineSnapshot): string => JSON.stringify([value, context]);

/** `active.stopped.plain` as a C identifier. */
const nameOf = (value: unknown): string => identifier(path(value));

function path(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(value as Record<string, unknown>)
    .map(([name, inner]) => `${name}_${path(inner)}`)
    .join('_');
}

function guardName(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, fact: Fact): string {
  const [taken] = machine.getTransitionData(snapshot, fact) as AnyTransitionDefinition[];
  return taken?.guard === undefined ? '' : identifier(guardText(guardOf(taken.guard)));
}

/** A text as a C identifier: words in lower case, joined by underscores. */
const identifier = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
