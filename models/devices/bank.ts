import { bit, type Condition, type DeviceDescription, set } from '../../machines/hardware/index.ts';

/** What a bank of counters is like, where it differs from the usual one. @public */
export interface BankOptions {
  /** How many counters, at most 32. */
  readonly counters: number;
  /** How many bits each counts in: 32, or up to 64, in registers of eight bytes. */
  readonly bits?: number;
  /** Where each register is. */
  readonly at?: Partial<
    Record<'control' | 'enable' | 'disable' | 'overflowed' | 'interrupts' | 'select' | 'counter', number>
  >;
  /** What else must hold for a counter to count. */
  readonly counts?: readonly Condition[];
}

/**
 * The registers of one make of PMU that many are: a control register whose bit 0 lets all count; a register each whose ones set
 * and clear the enable of counters; overflow status, write one to clear; interrupt enable; a select and a value for each counter.
 * Spread it into a description, and add or replace what is otherwise.
 *
 * @public
 */
export function counterBank({
  counters,
  bits = 32,
  at = {},
  counts = [],
}: BankOptions): Pick<DeviceDescription, 'bus' | 'bytes' | 'interrupt' | 'registers' | 'banks'> {
  const bytes = bits > 32 ? 8 : 4;
  const places = {
    control: 0,
    enable: 8,
    disable: 0x10,
    overflowed: 0x18,
    interrupts: 0x20,
    select: 0x100,
    counter: 0x200,
    ...at,
  };
  return {
    ...{ bus: 'mmio', bytes, interrupt: 0 },
    registers: {
      control: { at: places.control },
      enable: { at: places.enable, write: { sets: 'enabled' } },
      disable: { at: places.disable, write: { clears: 'enabled' } },
      enabled: { at: 0, bus: 'firmware' },
      overflowed: { at: places.overflowed, write: 'clears' },
      interrupts: { at: places.interrupts },
      select: { at: places.select, count: counters },
      counter: { at: places.counter, count: counters },
    },
    banks: {
      counters: {
        ...{ count: counters, bits, value: { in: 'counter' }, select: { in: 'select' } },
        counts: [set(bit('control', 0)), set(bit('enabled', 0, 1)), ...counts],
        overflow: { at: 'wrap', status: bit('overflowed', 0, 1), interrupts: [set(bit('interrupts', 0, 1))] },
      },
    },
  };
}
