import type { AnyMachineSnapshot } from 'xstate';
import { REFUSED } from '../engine/check/answers.ts';
import type { Table } from '../engine/check/table.ts';
import { accepts, snapshotKey, step } from '../engine/compose/index.ts';
import { type Fact, type FactType, type System, WIRING } from '../facts/index.ts';
import { all, any, type Condition, isOneOf } from './condition.ts';
import { labelOf } from './label.ts';
import { type Variable, variables } from './local-states.ts';
import type { StateSpace } from './state-space.ts';

/** What one machine has to do with one fact. */
export interface Share {
  readonly part: number;
  /** The local states in which it accepts the fact, and in which it writes the fact's data where it is their author. */
  readonly ready: ReadonlySet<number>;
  /** From the local state before the fact to the one after it, wherever the fact was met. */
  readonly steps: ReadonlyMap<number, number>;
}

/** A fact as a relation over the local states of those who take part. */
export interface Relation {
  readonly fact: Fact;
  readonly shares: readonly Share[];
}

/** A system as one relation for each fact: what is left of the state space when the product is taken apart again. */
export interface Relations {
  readonly space: StateSpace;
  readonly variables: readonly Variable[];
  readonly facts: readonly Relation[];
  /**
   * When a fact could happen that was never met; `false` if none could, in any combination of the local states that were met.
   * In a state space that was walked completely it is true in no reachable state, which is for the other tool to confirm.
   */
  readonly unmet: Condition;
}

/** Walks the state space, up to `limit` states, and takes it apart. */
export function relationsOf(space: StateSpace, limit = Infinity): Relations {
  const { system, product } = space;
  const met = system.parts.map(() => new Set([0]));
  const steps: Map<number, number>[][] = [];
  for (const { fact, before, after } of space.transitions(limit)) {
    steps[fact] ??= product.participants[fact]!.map(() => new Map());
    for (const [share, part] of product.participants[fact]!.entries()) {
      met[part]!.add(after[part]!);
      steps[fact][share]!.set(before[part]!, after[part]!);
    }
  }
  const named = variables(space, met);
  const readiness = new Readiness(system, named);
  const facts = steps.flatMap((shares, number): Relation[] => {
    const fact = product.facts[number]!;
    return [
      {
        fact,
        shares: product.participants[number]!.map((part, share) => {
          const { fromTable } = named[part]!;
          const taken = [...shares[share]!].map(([from, to]) => {
            confirm(space, part, fact, from, to);
            return [fromTable.get(from)!, fromTable.get(to)!] as const;
          });
          return { part, ready: readiness.of(part, fact), steps: new Map(taken) };
        }),
      },
    ];
  });
  const labels = new Set(facts.map(({ fact }) => labelOf(fact)));
  return { space, variables: named, facts, unmet: unmetCondition(readiness, labels) };
}

/**
 * The same without a walk, from the tables that a search of the system has filled: what is in them is all that can be reached,
 * and what the search asked besides. So a system can be written however large its state space is.
 */
export function relationsOfTables(space: StateSpace): Relations {
  const { system, product } = space;
  const named = variables(
    space,
    product.tables.map(({ size }) => new Set(Array.from({ length: size }, (_, state) => state))),
  );
  const readiness = new Readiness(system, named);
  const known = new Map(product.tables.map((table) => [table, stepsIn(table)]));
  const facts = system
    .bareFacts()
    .flatMap((offer) => readiness.completions(offer))
    .map((fact) => ({ fact, shares: system.participants(fact).map((part) => share(part, fact)) }))
    .filter(({ shares }) => shares.every(({ steps }) => steps.size > 0));
  return { space, variables: named, facts, unmet: 'false' };

  function share(part: number, fact: Fact): Share {
    const { fromTable } = named[part]!;
    const steps = known.get(product.tables[part]!)!.get(labelOf(product.forPart(part, fact))) ?? [];
    return {
      part,
      ready: readiness.of(part, fact),
      steps: new Map(steps.map(([from, to]) => [fromTable.get(from)!, fromTable.get(to)!])),
    };
  }
}

/** The steps of a table by the label of the fact. */
function stepsIn(table: Table): Map<string, [from: number, to: number][]> {
  const steps = new Map<string, [number, number][]>();
  for (const { from, fact, to } of table.known()) {
    if (to === REFUSED) continue;
    const label = labelOf(fact as Fact);
    steps.set(label, [...(steps.get(label) ?? []), [from, to]]);
  }
  return steps;
}

/** Throws an Error if a step of a table is not the chart's. */
function confirm({ system, product }: StateSpace, part: number, fact: Fact, from: number, to: number): void {
  const { machine, input, role } = system.parts[part]!;
  const { snapshots } = product.tables[part]!;
  const next = step(machine, input, snapshots[from]!, fact);
  if (next === null || snapshotKey(next) !== snapshotKey(snapshots[to]!))
    throw new Error(`the table of the ${role} does not say what its chart says of ${labelOf(fact)}`);
}

/** Asks the charts and the authors themselves, not the product, when a fact can happen. */
class Readiness {
  /** By part and fact type: the local states whose chart says anything of it. */
  readonly #candidates = new Map<string, readonly number[]>();

  constructor(
    readonly system: System,
    readonly variables: readonly Variable[],
  ) {}

  /** The local states in which the part accepts the fact, and would write its data where it is their author. */
  of(part: number, fact: Fact): Set<number> {
    const { machine } = this.system.parts[part]!;
    const writes = this.#writer(part, fact);
    const ready = this.#mentioning(part, fact.type).filter((state) => {
      const snapshot = this.#snapshot(part, state);
      return writes(snapshot) && accepts(machine, snapshot, fact);
    });
    return new Set(ready);
  }

  /** Every fact that its authors could make of an offer, each in any of its local states. */
  completions(offer: Fact): Fact[] {
    let facts = [offer];
    for (const { part, write } of this.system.authors(offer)) {
      const written = facts.flatMap((fact) =>
        this.#mentioning(part, fact.type).map(
          (state) => ({ ...fact, ...write(this.#snapshot(part, state), fact) }) as Fact,
        ),
      );
      facts = [...new Map(written.map((fact) => [labelOf(fact), fact])).values()];
    }
    return facts;
  }

  /** Whether a state of the part writes the data of a fact that the part authors. */
  #writer(part: number, fact: Fact): (snapshot: AnyMachineSnapshot) => boolean {
    const fields = fact as unknown as Record<string, unknown>;
    let soFar = withIndicesOnly(fact);
    for (const { part: author, write } of this.system.authors(fact)) {
      const known = soFar;
      const agrees = (snapshot: AnyMachineSnapshot) =>
        Object.entries(write(snapshot, known)).every(
          ([field, value]) => JSON.stringify(value) === JSON.stringify(fields[field]),
        );
      if (author === part) return agrees;
      const earlier = this.#mentioning(author, fact.type).find((state) => agrees(this.#snapshot(author, state)));
      if (earlier === undefined) return () => false;
      soFar = { ...known, ...write(this.#snapshot(author, earlier), known) } as Fact;
    }
    return () => true;
  }

  #mentioning(part: number, type: FactType): readonly number[] {
    const key = `${part} ${type}`;
    let states = this.#candidates.get(key);
    if (states === undefined) {
      const mentions = (state: number) =>
        this.#snapshot(part, state)._nodes.some(({ transitions }) =>
          [...transitions.keys()].some((descriptor) => descriptor === type || descriptor.endsWith('*')),
        );
      states = this.variables[part]!.states.filter(mentions);
      this.#candidates.set(key, states);
    }
    return states;
  }

  #snapshot(part: number, state: number): AnyMachineSnapshot {
    return this.variables[part]!.kind.states[state]!.snapshot;
  }
}

function withIndicesOnly(fact: Fact): Fact {
  const indices = WIRING[fact.type].indices as readonly string[];
  const kept = Object.entries(fact).filter(([field]) => field === 'type' || indices.includes(field));
  return Object.fromEntries(kept) as unknown as Fact;
}

/** When a fact that is not among those that were met could happen. */
function unmetCondition(readiness: Readiness, met: ReadonlySet<string>): Condition {
  const { system, variables } = readiness;
  /** Facts that differ only in what suits the last who takes part are written as one. */
  const together = new Map<
    string,
    { readonly others: Condition; readonly last: Variable; readonly ready: Set<number> }
  >();
  for (const fact of system.bareFacts().flatMap((offer) => readiness.completions(offer))) {
    if (met.has(labelOf(fact))) continue;
    const parts = system.participants(fact);
    const ready = parts.map((part) => readiness.of(part, fact));
    if (ready.some((states) => states.size === 0)) continue;
    const last = variables[parts.at(-1)!]!;
    const others = all(parts.slice(0, -1).map((part, share) => isOneOf(variables[part]!, ready[share]!)));
    const key = `${last.name} ${others}`;
    const same = together.get(key)?.ready ?? [];
    together.set(key, { others, last, ready: new Set([...same, ...ready.at(-1)!]) });
  }
  return any([...together.values()].map(({ others, last, ready }) => all([others, isOneOf(last, ready)])));
}
