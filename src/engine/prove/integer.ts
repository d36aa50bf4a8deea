import type { AnyMachineSnapshot } from 'xstate';
import { initialSnapshot, type System, step } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { BELOW, MANY, nameOf, textOf } from './names.ts';

/** An integer of which there is one: a machine that does nothing but add a number to a field of its own, and say what it was or is. */
export interface Integer {
  readonly role: string;
  readonly field: string;
  /** The machine before any fact. */
  readonly first: AnyMachineSnapshot;
  /** Its value before any fact. */
  readonly initial: number;
  /** By fact type: what is added, and the field of the fact that tells the value, by how much it is off the value before. */
  readonly changes: ReadonlyMap<string, { readonly by: number; readonly tells: string; readonly told: number }>;
}

/** An integer in a proof: exact, or {@link MANY}, or {@link BELOW}. */
export type Value = number | symbol;

/** The values up to which an integer is looked at: it must do the same at each of them. Beyond, it comes round some day. */
export const valuesFrom = (least: number): number[] => [
  ...Array.from({ length: 16 }, (_, more) => least + more),
  ...Array.from({ length: 26 }, (_, bits) => 2 ** (bits + 5)).flatMap((power) => [power - 1, power, power + 1]),
];

/** The integer of a system, if there is one. */
export function integerOf(system: System): Integer | undefined {
  for (const { role, machine, input, authors } of system.parts) {
    const { indexedBy } = system.vocabulary.roles[role]!;
    const types = Object.entries(system.vocabulary.facts).filter(([, fact]) => fact.participants.includes(role));
    if (indexedBy !== undefined || types.length === 0 || types.some(([type]) => !authors[type])) continue;
    const first = initialSnapshot(machine, input);
    for (const [field, initial] of Object.entries(first.context)) {
      if (typeof initial !== 'number') continue;
      const changes: [string, { by: number; tells: string; told: number }][] = [];
      for (const [type, { indices }] of types) {
        const seen = baresOf(system, type, indices).flatMap((bare) =>
          [...valuesFrom(0), -1, -2, -3, -1000].map((value) => {
            const present = machine.resolveState({ value: first.value, context: { ...first.context, [field]: value } });
            const written = writtenBy(authors[type] as (present: object, fact: AnyFact) => object, present, bare);
            if (written === undefined) return undefined;
            const after = step(machine, input, present as typeof first, { ...bare, ...written });
            const [tells, told, ...more] = Object.entries(written).flat();
            if (after === null || more.length > 0 || typeof told !== 'number') return undefined;
            const rest = textOf([after.value, { ...after.context, [field]: initial }]);
            if (rest !== textOf([first.value, first.context])) return undefined;
            return { by: after.context[field] - value, tells: String(tells), told: told - value };
          }),
        );
        if (seen[0] !== undefined && seen.every((one) => textOf(one) === textOf(seen[0])))
          changes.push([type, seen[0]]);
      }
      if (changes.length === types.length && changes.some(([, { by }]) => by !== 0))
        return { role, field, first, initial, changes: new Map(changes) };
    }
  }
  return undefined;
}

/** The data that a machine writes into a fact; undefined where it has a field that cannot have the value that is tried, as a width cannot be -1. */
function writtenBy(author: (present: object, fact: AnyFact) => object, present: object, bare: AnyFact) {
  try {
    return author(present, bare);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The facts of a type, before data is written: with a name for each component, and with numbers in its place. */
function baresOf(system: System, type: string, indices: readonly string[]): AnyFact[] {
  const isSelector = (index: string): boolean => system.vocabulary.selectors.includes(index);
  let bares: object[] = [{ type }];
  for (const index of indices) {
    const values = isSelector(index) ? [nameOf(index, 0), 0, 1, 7] : system.valuesOf(index, type);
    bares = bares.flatMap((bare) => values.map((value) => ({ ...bare, [index]: value })));
  }
  return bares as AnyFact[];
}

/** What a value can be after adding to it, where {@link MANY} is the limit or more. */
export function added(value: Value, by: number, limit: number): Value[] {
  if (typeof value === 'number') {
    const sum = value + by;
    return [sum < 0 ? BELOW : sum >= limit ? MANY : sum];
  }
  if (value === MANY)
    return by >= 0
      ? [MANY]
      : [...Array.from({ length: -by }, (_, less) => limit - 1 - less).filter((v) => v >= 0), MANY];
  return by <= 0 ? [BELOW] : [BELOW, ...Array.from({ length: by }, (_, more) => more)];
}
