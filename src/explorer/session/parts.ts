import type { AnyMachineSnapshot } from 'xstate';
import type { Part } from '../../compose/index.ts';
import type { Role } from '../../facts/index.ts';

const OF_EVENT: { readonly [R in Role]?: string } = { lifecycle: 'perf core', driver: 'driver', count: 'count' };
const OF_HART: { readonly [R in Role]?: string } = { hart: 'hart', slots: 'slots of hart' };
const ALONE: { readonly [R in Role]?: string } = {
  reservation: 'PMC reservation',
  activeEvents: 'active events',
  group: 'group',
};

/** What a person calls a machine of a composition: `driver, event 0`, `hart 1`, `PMC reservation`. */
export function partName({ role, index }: Pick<Part, 'role' | 'index'>): string {
  if (OF_EVENT[role] !== undefined) return `${OF_EVENT[role]}, event ${index}`;
  return ALONE[role] ?? `${OF_HART[role] ?? role} ${index}`;
}

/** Where a machine is: `active.running`; regions side by side; empty for a machine that is in one state only. */
export function placeText({ value }: Pick<AnyMachineSnapshot, 'value'>): string {
  if (typeof value === 'string') return value;
  return Object.entries(value as Record<string, AnyMachineSnapshot['value']>)
    .map(([name, inner]) => [name, placeText({ value: inner })].filter((text) => text !== '').join('.'))
    .join(', ');
}

/** The lines of the C that a driver's state stands for: `riscv_pmu_add:302-303`; undefined where it stands for none. */
export function sourceText({ _nodes }: Pick<AnyMachineSnapshot, '_nodes'>): string | undefined {
  const meta = _nodes.findLast((node) => node.meta?.function)?.meta;
  if (meta === undefined) return undefined;
  const [first, last] = meta.lines as [number, number];
  return `${meta.function}:${first === last ? first : `${first}-${last}`}`;
}
