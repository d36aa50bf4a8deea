import type { AnyMachineSnapshot } from 'xstate';
import { anyOrder } from '../../../machines/any-order.ts';
import type { Part, Role } from '../../facts/index.ts';
import { ownerOf } from '../../findings/observe.ts';

const NAMES: { readonly [R in Role]?: string } = {
  lifecycle: 'perf core',
  driver: 'driver',
  count: 'count',
  hart: 'hart',
  slots: 'slots',
  reservation: 'PMC reservation',
  activeEvents: 'active events',
  group: 'group',
};

/** What a person calls a machine among those of the same owner: `driver`, `slots`. */
export function roleName({ role, machine }: Part): string {
  // A caller without a contract stands where a perf core would.
  return machine === anyOrder ? 'caller' : (NAMES[role] ?? role);
}

/** What a person calls a machine of a composition: `driver, event 0`, `hart 1`, `PMC reservation`. */
export function partName(part: Part): string {
  const name = roleName(part);
  const owner = ownerOf(part);
  if (owner === '') return name;
  return part.role === 'hart' ? owner : `${name}, ${owner}`;
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
