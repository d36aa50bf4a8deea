import { activeEvents, activeEventsAuthors } from '../machines/active-events.ts';
import { anyOrder } from '../machines/any-order.ts';
import type { CoreName } from '../machines/cores.ts';
import { type CountersOfKinds, count, countAuthors } from '../machines/count.ts';
import { driverAuthors } from '../machines/driver/index.ts';
import { type DriverMachine, decides } from '../machines/drivers.ts';
import { group, groupAuthors } from '../machines/group.ts';
import { type HartInput, hart, hartAuthors } from '../machines/hart.ts';
import { lifecycle } from '../machines/lifecycle.ts';
import { type Reserved, reservation, reservationAuthors } from '../machines/reservation.ts';
import { slots, slotsAuthors } from '../machines/slots.ts';
import { System } from '../src/engine/compose/index.ts';
import {
  type Attribute,
  attributeKind,
  type Counter,
  checkPmu,
  counterAt,
  countersOf,
  type Fact,
  type Part,
  PERF,
  type Pmu,
  RISCV_BASE_PMU,
  type Role,
  scaled,
  type Word,
} from '../src/facts/index.ts';

/** Who calls the driver: a perf core by its kernel, or a caller without a contract. @public */
export type Environment = CoreName | 'any-order';

/** Every environment, in the order of a report. @public */
export const ENVIRONMENTS = ['4.16', '5.10', 'current', 'any-order'] as const satisfies readonly Environment[];

/** How large a world is searched. @public */
export interface Scope {
  /** For each event, the kinds that it can be opened as. */
  readonly events: readonly (readonly Attribute[])[];
  readonly harts: number;
  readonly pmu: Pmu;
  /** The counters that advance; none: time does not pass. */
  readonly ticks: readonly Counter[];
  /** By how much a counter advances at once; 1 if it is left out. */
  readonly tickSizes?: readonly Word[];
  /** Whether another owner of the PMC comes and goes. */
  readonly foreign: boolean;
  /** How many of the events, from the first, form one group; 0: none. */
  readonly group: number;
  /** For each event, how many opens that should fail are tried. */
  readonly oddOpens: number;
  /** Whether an event that is gone is followed by another one. */
  readonly reopens: boolean;
}

/** The smallest scope that there is: one cycles event that is only opened and closed. Others say what they have more. */
export const SMALLEST: Scope = {
  events: [['cycles']],
  harts: 0,
  pmu: scaled(RISCV_BASE_PMU, 2),
  ticks: [],
  foreign: false,
  group: 0,
  oddOpens: 1,
  reopens: true,
};

/** What a driver reserves of a PMU. */
function reserved(pmu: Pmu, driver: DriverMachine): Reserved {
  if (!decides(driver, 'requestsIrq')) return 'perf_irq';
  return pmu.interrupt ? 'irq' : 'nothing';
}

/** The counters of the kinds of event for which none is made, or more than one. */
function countersOfKinds(pmu: Pmu, kinds: readonly Attribute[]): CountersOfKinds {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const counters = countersOf(pmu, kind);
      const isPlain = counters.length === 0 || (counters.length === 1 && counters[0] === attributeKind(kind).counter);
      return isPlain ? [] : [[kind, counters]];
    }),
  );
}

/** Puts the machines of a scope together. Throws a RangeError if the PMU's numbers are wrong. @public */
export function compose(scope: Scope, environment: Environment, driver: DriverMachine): System<Fact, Role> {
  const { pmu } = scope;
  checkPmu(pmu);
  const parts: Part[] = [];
  // First, so that of two shortest logs the one is found in which another owner acts first.
  parts.push(
    {
      role: 'reservation',
      index: 0,
      machine: reservation,
      input: { foreign: scope.foreign, reserves: reserved(pmu, driver) },
      authors: reservationAuthors,
    },
    {
      role: 'activeEvents',
      index: 0,
      machine: activeEvents,
      input: { bits: pmu.intBits },
      authors: activeEventsAuthors,
    },
  );
  for (const [event, offers] of scope.events.entries()) {
    const grouped = event < scope.group;
    const { oddOpens, reopens } = scope;
    const { capabilities } = pmu;
    parts.push(
      environment === 'any-order'
        ? { role: 'lifecycle', index: event, machine: anyOrder, input: { offers }, authors: {} }
        : {
            role: 'lifecycle',
            index: event,
            machine: lifecycle,
            input: { core: environment, offers, oddOpens, reopens, grouped, ...(capabilities && { capabilities }) },
            authors: {},
          },
      { role: 'driver', index: event, machine: driver, input: { pmu }, authors: driverAuthors },
    );
    if (scope.harts > 0) {
      const { wordBits, counterWidth, counterBits } = pmu;
      parts.push({
        role: 'count',
        index: event,
        machine: count,
        input: {
          wordBits,
          counterWidth,
          ...(counterBits !== undefined && { countBits: wordBits }),
          counters: countersOfKinds(pmu, offers),
        },
        authors: countAuthors,
      });
    }
  }
  const counters = Array.from({ length: pmu.numCounters }, (_, idx) => counterAt(idx));
  const writable = pmu.writable === true;
  const interrupts = writable && pmu.interrupt && decides(driver, 'handlesOverflow');
  const givesOut = decides(driver, 'givesOutCounters');
  for (let index = 0; index < scope.harts; index++) {
    const { wordBits, counterBits = wordBits, xlen, maxCounters, intBits: bits } = pmu;
    const input: HartInput = {
      wordBits: counterBits,
      xlen,
      counters,
      ...(writable && { writable }),
      ...(interrupts && { interrupts }),
    };
    parts.push(
      { role: 'hart', index, machine: hart, input, authors: hartAuthors },
      {
        role: 'slots',
        index,
        machine: slots,
        input: { maxCounters, bits, ...(givesOut && { hasUsedMask: true }) },
        authors: slotsAuthors,
      },
    );
  }
  if (scope.group > 0 && environment !== 'any-order') {
    const input = { size: scope.group, counters: countersOfKinds(pmu, scope.events.flat()) };
    parts.push({ role: 'group', index: 0, machine: group, input, authors: groupAuthors });
  }
  return new System(PERF, parts, {
    events: scope.events.length,
    harts: scope.harts,
    attributes: [...new Set(scope.events.flat())],
    ticks: scope.tickSizes ?? [1],
    counters,
    tickingCounters: scope.ticks,
    writableCounters: writable ? counters : [],
    overflowingCounters: interrupts ? scope.ticks : [],
  });
}
