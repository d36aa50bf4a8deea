import type { AnyMachineSnapshot } from 'xstate';
import type { Present } from '../engine/check/index.ts';
import { type AskedOf, viewThrough } from '../engine/check/predicate.ts';
import type { View } from '../facts/index.ts';
import { all, any, type Condition, isOneOf } from './condition.ts';
import type { Variable } from './local-states.ts';
import type { StateSpace } from './state-space.ts';

/** Something that a predicate looked at in a machine. */
type Observation = (snapshot: AnyMachineSnapshot) => unknown;

/**
 * Writes a predicate over machines as a condition over their variables, true in exactly the combinations of local states
 * in which the predicate is, reachable or not.
 *
 * Its answers are asked once for each combination of what it looks at, not of all local states: each machine that it is
 * shown notes which tags, fields and values are read. Local states that agree in all of these are alike to it.
 * Throws an Error if it reads a machine that its clause does not declare.
 */
export function conditionOf(
  space: StateSpace,
  variables: readonly Variable[],
  asked: AskedOf,
  predicate: (view: View) => boolean,
): Condition {
  const { parts } = asked;
  const looked = new Map(parts.map((part) => [part, new Map<string, Observation>()]));
  const shown = new Map<number, number>();

  const present = (part: number): Present =>
    observedBy(variables[part]!.kind.states[shown.get(part)!]!.snapshot, looked.get(part)!);
  const view = viewThrough(space.system, asked, present);

  const decide = (level: number, classes: readonly (readonly number[])[][]): Condition => {
    if (level === parts.length) return predicate(view) ? 'true' : 'false';
    const part = parts[level]!;
    const states = new Map<Condition, number[]>();
    for (const alike of classes[level]!) {
      shown.set(part, alike[0]!);
      const rest = decide(level + 1, classes);
      states.set(rest, [...(states.get(rest) ?? []), ...alike]);
    }
    return any([...states].map(([rest, those]) => all([isOneOf(variables[part]!, new Set(those)), rest])));
  };

  const size = (): number => [...looked.values()].reduce((sum, observations) => sum + observations.size, 0);
  for (;;) {
    const known = size();
    const condition = decide(
      0,
      parts.map((part) => classesOf(variables[part]!, looked.get(part)!)),
    );
    // What was looked at for the first time may tell local states apart that stood for one another so far.
    if (size() === known) return condition;
  }
}

function classesOf({ states, kind }: Variable, looked: ReadonlyMap<string, Observation>): number[][] {
  const classes = new Map<string, number[]>();
  for (const state of states) {
    const { snapshot } = kind.states[state]!;
    const key = JSON.stringify([...looked.values()].map((observation) => observation(snapshot)));
    classes.set(key, [...(classes.get(key) ?? []), state]);
  }
  return [...classes.values()];
}

/** A machine that notes what is looked at. */
function observedBy(snapshot: AnyMachineSnapshot, looked: Map<string, Observation>): Present {
  const context = new Proxy(snapshot.context as Record<string, unknown>, {
    get(target, field) {
      const name = String(field);
      looked.set(`context ${name}`, (other) => (other.context as Record<string, unknown>)[name]);
      return target[name];
    },
    has(target, field) {
      const name = String(field);
      looked.set(`has ${name}`, (other) => name in (other.context as object));
      return name in target;
    },
    ownKeys: refuse,
  });
  return {
    context,
    get value() {
      looked.set('value', (other) => other.value);
      return snapshot.value;
    },
    hasTag(tag) {
      looked.set(`tag ${tag}`, (other) => other.hasTag(tag));
      return snapshot.hasTag(tag);
    },
    matches(value) {
      looked.set(`matches ${JSON.stringify(value)}`, (other) => other.matches(value));
      return snapshot.matches(value);
    },
  };
}

function refuse(): never {
  throw new Error('a property reads fields of a context by name');
}
