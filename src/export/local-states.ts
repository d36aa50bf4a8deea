import type { AnyMachineSnapshot } from 'xstate';
import type { Table } from '../engine/check/table.ts';
import { ROLES } from '../facts/index.ts';
import type { StateSpace } from './state-space.ts';

/** A local state of a machine, as it is written down. */
interface LocalState {
  /** Where it is in the chart, as an identifier: `driver_event_init_count`; numbered where the context tells more of them apart. */
  readonly name: string;
  readonly snapshot: AnyMachineSnapshot;
  /** What differs from the initial context, for a comment. */
  readonly remark: string;
}

/**
 * The local states of all machines of one kind, those of one place in the chart side by side.
 * The first is the initial one.
 */
export interface Kind {
  readonly name: string;
  readonly states: readonly LocalState[];
}

/** One part of the composition: its variable, and which local states of its kind it can be in. */
export interface Variable {
  readonly name: string;
  readonly kind: Kind;
  /** In rising order. */
  readonly states: readonly number[];
  /** From the numbers of its table to the numbers of its kind. */
  readonly fromTable: ReadonlyMap<number, number>;
}

/** Names and numbers the local states that were met, by part. Parts that share a table are of one kind. */
export function variables(space: StateSpace, met: readonly ReadonlySet<number>[]): Variable[] {
  const { parts } = space.system;
  const { tables } = space.product;
  const kinds = new Map<Table, { kind: Kind; numbers: ReadonlyMap<number, number> }>();
  return parts.map(({ role, index }, part) => {
    const table = tables[part]!;
    let made = kinds.get(table);
    if (made === undefined) {
      const same = parts.flatMap((_, other) => (tables[other] === table ? other : []));
      const alone = parts.every((other, number) => other.role !== role || same.includes(number));
      const order = inChartOrder(table, new Set(same.flatMap((other) => [...met[other]!])));
      made = {
        kind: {
          name: alone ? role : `${role}_${index}`,
          states: named(alone ? role : `${role}_${index}`, table, order),
        },
        numbers: new Map(order.map((local, number) => [local, number])),
      };
      kinds.set(table, made);
    }
    const { kind, numbers } = made;
    return {
      name: ROLES[role].indexedBy === undefined ? role : `${role}[${index}]`,
      kind,
      states: [...met[part]!].map((local) => numbers.get(local)!).sort((a, b) => a - b),
      fromTable: numbers,
    };
  });
}

const collator = new Intl.Collator('en', { numeric: true });

/** By place, those places first that were met first; at one place by context, so that neighbours are alike. */
function inChartOrder(table: Table, met: ReadonlySet<number>): number[] {
  const places = new Map<string, number[]>();
  for (const local of [...met].sort((a, b) => a - b)) {
    const place = placeOf(table.snapshots[local]!.value);
    places.set(place, [...(places.get(place) ?? []), local]);
  }
  const contexts = new Map([...met].map((local) => [local, JSON.stringify(table.snapshots[local]!.context)]));
  const byContext = (a: number, b: number): number => collator.compare(contexts.get(a)!, contexts.get(b)!);
  const order = [...places.values()].flatMap((locals) => locals.sort(byContext));
  return [0, ...order.filter((local) => local !== 0)];
}

function named(kind: string, table: Table, order: readonly number[]): LocalState[] {
  const initial = table.snapshots[0]!.context as Record<string, unknown>;
  const places = order.map((local) => [kind, placeOf(table.snapshots[local]!.value)].filter(isWord).join('_'));
  return order.map((local, number) => {
    const snapshot = table.snapshots[local]!;
    const place = places[number]!;
    const changed = Object.entries(snapshot.context as Record<string, unknown>)
      .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(initial[field]))
      .map(([field, value]) => `${field} ${JSON.stringify(value)}`);
    const alone = place !== kind && places.indexOf(place) === places.lastIndexOf(place);
    return {
      name: alone ? place : `${place}_${number - places.indexOf(place)}`,
      snapshot,
      remark: changed.join(', ').replaceAll('"', ''),
    };
  });
}

/** The words of a state value, from the outside in: `{ event_init: { reserve: 'lock' } }` is `event_init_reserve_lock`. */
function placeOf(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll(/\W+/g, '_');
  return Object.entries(value as object)
    .map(([name, inside]) => [placeOf(name), placeOf(inside)].filter(isWord).join('_'))
    .join('_');
}

const isWord = (text: string): boolean => text !== '';
