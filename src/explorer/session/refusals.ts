import type { AnyMachineSnapshot } from 'xstate';
import { guardOf, guardText } from '../../diagrams/guard.ts';
import type { State } from '../../engine/compose/index.ts';
import { author, refusing } from '../../engine/compose/index.ts';
import { type Fact, type System, WIRING } from '../../facts/index.ts';
import { partName, placeText, sourceText } from './parts.ts';

/** A machine that refuses a fact, and why. */
export interface Refusal {
  readonly part: number;
  /** What a person calls it. */
  readonly who: string;
  /** Where it is, and which of its guards say no, in words. */
  readonly why: string;
}

/** A fact that cannot happen now. */
export interface Impossible {
  readonly fact: Fact;
  /** Every machine that refuses it; who would initiate it, first. */
  readonly refusals: readonly Refusal[];
  /**
   * How near it is: `blocked`, who initiates it would do it, and others are in the way; `closed`, it is nobody's turn to;
   * `elsewhere`, a step of code that is not reached.
   */
  readonly kind: 'blocked' | 'closed' | 'elsewhere';
}

/** The facts that cannot happen in a state, the nearest first. */
export function impossible(system: System, state: State, bare: readonly Fact[]): Impossible[] {
  const found = bare.flatMap((offer): Impossible[] => {
    const refusals = refusalsOf(system, state, author(system, state, offer));
    if (refusals.length === 0) return [];
    const [initiator] = system.participants(offer);
    const blocked = refusals[0]!.part !== initiator;
    const isStep = WIRING[offer.type].participants[0] === 'driver';
    return [{ fact: offer, refusals, kind: blocked ? 'blocked' : isStep ? 'elsewhere' : 'closed' }];
  });
  return (['blocked', 'closed', 'elsewhere'] as const).flatMap((kind) => found.filter((one) => one.kind === kind));
}

/** The machines that refuse a fact in a state; none if it can happen. */
export function refusalsOf(system: System, state: State, fact: Fact): Refusal[] {
  return [...refusing(system, state, fact)].map((part) => ({
    part,
    who: partName(system.parts[part]!),
    why: reason(state[part]!, fact),
  }));
}

function reason(snapshot: AnyMachineSnapshot, fact: Fact): string {
  const source = sourceText(snapshot);
  const place = source === undefined ? placeText({ value: regionsOf(snapshot, fact) }) : source;
  const guards = snapshot._nodes
    .flatMap((node) => [...(node.transitions.get(fact.type) ?? [])])
    .map(({ guard }) => guardText(guardOf(guard)));
  const where = place === '' ? '' : `is ${source === undefined ? 'in' : 'at'} ${place}`;
  if (guards.length === 0) return where === '' ? 'never takes it' : where;
  const no = `${[...new Set(guards)].join(' and ')} ${new Set(guards).size === 1 ? 'says' : 'say'} no`;
  return where === '' ? no : `${where}, where ${no}`;
}

/** Where a machine is; of one with regions, in those that the fact is something to. */
function regionsOf({ value, machine }: AnyMachineSnapshot, { type }: Fact): AnyMachineSnapshot['value'] {
  if (machine.root.type !== 'parallel' || typeof value === 'string') return value;
  const own = Object.entries(value).filter(([region]) => machine.root.states[region]!.events.includes(type));
  return own.length === 0 ? value : Object.fromEntries(own);
}
