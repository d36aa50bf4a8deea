import type { AnyMachineSnapshot } from 'xstate';
import { compiledMachine, type Local, type Part, type System, snapshotKey } from '../compose/index.ts';
import { REFUSED } from './answers.ts';
import { observed } from './observe.ts';
import type { Product } from './product.ts';
import type { Present } from './property.ts';
import type { Table } from './table.ts';

/**
 * Whether the search of a product was a search of another system too: the machines are the same, and with the other
 * system's input each of them takes and refuses the same facts, in every local state that was met.
 *
 * What a machine only carries of its input (the switches of a perf core, say) may differ, if it never changes and no
 * property looked at it. Then the local states of the two stand for each other, one by one, and so does all that is made of
 * them: states, facts, counterexamples, verdicts.
 */
export function isomorphic({ system, tables, looks }: Product, other: System): boolean {
  return (
    system.parts.length === other.parts.length &&
    same(system.domains, other.domains) &&
    system.parts.every((part, number) => isomorphicParts(part, other.parts[number]!, tables[number]!, looks[number]!))
  );
}

function isomorphicParts(part: Part, other: Part, table: Table, looks: ReadonlySet<string>): boolean {
  const { role, index, machine, authors, input } = part;
  if (role !== other.role || index !== other.index || machine !== other.machine) return false;
  if (authors === other.authors && same(input, other.input)) return true;
  // What it writes could come from what differs.
  const writesNothing = [authors, other.authors].every((written) => Object.keys(written).length === 0);
  return writesNothing && actsAlike(table, other.input, looks);
}

/** Whether a machine with another input does all that its table says of the first one. */
function actsAlike(table: Table, input: unknown, looks: ReadonlySet<string>): boolean {
  // A state that only other choices lead to stands for nothing here.
  if (table.asksChoices) return false;
  const { machine, snapshots } = table;
  const mine = snapshots[0]!;
  const compiled = compiledMachine(machine);
  const its = compiled.initial(input);
  const fields = new Set([...Object.keys(mine.context), ...Object.keys(its.context)]);
  const carried = [...fields].filter((field) => !same(mine.context[field], its.context[field]));
  const looked = (field: string): boolean => looks.has(`context.${field}`) || looks.has(`${field} in context`);
  if (looks.has('context') || carried.some(looked)) return false;

  /** The other's local state, by the number of the one that it stands for. */
  const others: Local[] = [];
  const standsFor = (state: number, other: Local): boolean => {
    const known = others[state];
    others[state] ??= other;
    if (known !== undefined) return known === other || snapshotKey(known.snapshot) === snapshotKey(other.snapshot);
    const rest = restOf(other.snapshot, its, carried);
    return rest !== null && rest === restOf(snapshots[state]!, mine, carried);
  };
  if (!standsFor(0, its)) return false;
  for (const { from, fact, to } of table.known()) {
    const next = compiled.step(input, others[from]!, fact);
    if (next === null ? to !== REFUSED : to === REFUSED || !standsFor(to, next)) return false;
  }
  return true;
}

/** How a local state of a part looks to a property: what is looked at is noted, for {@link isomorphic}. */
export const noting = ({ tables, looks }: Product, part: number, local: number): Present =>
  observed(tables[part]!.snapshots[local]!, (what) => looks[part]!.add(what));

/** A local state without what is carried along; null if that is not what it was at first. */
function restOf(snapshot: AnyMachineSnapshot, first: Present, carried: readonly string[]): string | null {
  const context = { ...snapshot.context };
  for (const field of carried) {
    if (!same(context[field], first.context[field])) return null;
    delete context[field];
  }
  return snapshotKey({ ...snapshot, context } as AnyMachineSnapshot);
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
