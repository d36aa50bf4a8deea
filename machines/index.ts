import type { AnyStateMachine } from 'xstate';
import { ATTRIBUTES, type Attribute, RISCV_BASE_PMU, type Role } from '../src/facts/index.ts';
import { activeEvents } from './active-events.ts';
import { anyOrder } from './any-order.ts';
import { CORES, type CoreName } from './cores.ts';
import { count } from './count.ts';
import { driver } from './driver/index.ts';
import { group } from './group.ts';
import { type HartInput, hart } from './hart.ts';
import { type LifecycleInput, lifecycle } from './lifecycle.ts';
import { reservation } from './reservation.ts';
import { slots } from './slots.ts';

/** A machine by itself, outside any composition. @public */
export interface MachineEntry {
  readonly machine: AnyStateMachine;
  /** What takes part in facts under this machine's rules. */
  readonly role: Role;
  /** What the machine is, in one line. */
  readonly about: string;
  /** Inputs that leave it as free as it can be: what it does in any scope, it does with one of them. */
  readonly inputs: readonly unknown[];
}

/** The name of a machine: that of its file. @public */
export type MachineName =
  | 'lifecycle'
  | 'any-order'
  | 'driver'
  | 'count'
  | 'reservation'
  | 'active-events'
  | 'hart'
  | 'slots'
  | 'group';

const offers = Object.keys(ATTRIBUTES) as Attribute[];
const { wordBits, counterWidth, xlen, maxCounters, intBits } = RISCV_BASE_PMU;
const oddOpens = Number.MAX_SAFE_INTEGER;
/** `cycle`, `instret` and 29 general ones. */
const MOST_COUNTERS = 31;

/** Every machine, by the name of its file. @public */
export const MACHINES: Readonly<Record<MachineName, MachineEntry>> = {
  lifecycle: {
    machine: lifecycle,
    role: 'lifecycle',
    about: 'what the perf core believes of one event, and so which call may come next',
    inputs: (Object.keys(CORES) as CoreName[])
      .reverse()
      .map((core): LifecycleInput => ({ core, offers, oddOpens, reopens: true, grouped: true })),
  },
  'any-order': {
    machine: anyOrder,
    role: 'lifecycle',
    about: 'a caller without a contract: any callback, in any state',
    inputs: [{ offers }],
  },
  driver: {
    machine: driver,
    role: 'driver',
    about: 'where in the code of the driver the callback of one event is',
    inputs: [{ pmu: RISCV_BASE_PMU }],
  },
  count: {
    machine: count,
    role: 'count',
    about: 'prev_count, and what count lacks against the truth',
    inputs: [{ wordBits, counterWidth }],
  },
  reservation: {
    machine: reservation,
    role: 'reservation',
    about: 'pmc_reserve_mutex, perf_irq, and another owner of the PMC',
    inputs: [{ foreign: true }],
  },
  'active-events': {
    machine: activeEvents,
    role: 'activeEvents',
    about: 'riscv_active_events, the reference count',
    inputs: [{ bits: intBits }],
  },
  hart: {
    machine: hart,
    role: 'hart',
    about: 'one hart: its counters, and the callback that it runs with interrupts off',
    // When a counter comes round is a matter of its width: those of searches are small.
    inputs: [
      { wordBits, xlen, writable: true },
      ...[wordBits, 4, 3, 2, 1].map((bits) => ({ wordBits: bits, xlen, writable: true, interrupts: true })),
    ] satisfies HartInput[],
  },
  slots: {
    machine: slots,
    role: 'slots',
    about: 'struct cpu_hw_events of one hart: n_events and events[]',
    inputs: [
      { maxCounters, bits: intBits },
      { maxCounters: MOST_COUNTERS, bits: intBits, hasUsedMask: true },
    ],
  },
  group: {
    machine: group,
    role: 'group',
    about: 'the members of one perf group, as the core schedules them',
    inputs: [2, 3, 4].map((size) => ({ size })),
  },
};

/** The machine of that name. Throws a RangeError that lists the names if there is none. @public */
export function machineOf(name: string): MachineEntry {
  if (Object.hasOwn(MACHINES, name)) return MACHINES[name as MachineName];
  throw new RangeError(`there is no machine ${name}; the machines are ${Object.keys(MACHINES).join(', ')}`);
}
