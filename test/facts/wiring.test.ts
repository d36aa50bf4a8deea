import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnyStateMachine } from 'xstate';
import { activeEvents, activeEventsAuthors } from '../../machines/active-events.ts';
import { anyOrder } from '../../machines/any-order.ts';
import { count, countAuthors } from '../../machines/count.ts';
import { driver, driverAuthors } from '../../machines/driver/index.ts';
import { group, groupAuthors } from '../../machines/group.ts';
import { hart, hartAuthors } from '../../machines/hart.ts';
import { lifecycle } from '../../machines/lifecycle.ts';
import { reservation, reservationAuthors } from '../../machines/reservation.ts';
import { slots, slotsAuthors } from '../../machines/slots.ts';
import { FACT_TYPES, type FactType, ROLES, type Role, WIRING } from '../../src/facts/index.ts';

const MACHINES: Record<Role, { machine: AnyStateMachine; authors: object }> = {
  lifecycle: { machine: lifecycle, authors: {} },
  driver: { machine: driver, authors: driverAuthors },
  count: { machine: count, authors: countAuthors },
  hart: { machine: hart, authors: hartAuthors },
  slots: { machine: slots, authors: slotsAuthors },
  reservation: { machine: reservation, authors: reservationAuthors },
  activeEvents: { machine: activeEvents, authors: activeEventsAuthors },
  group: { machine: group, authors: groupAuthors },
};
const NAMES = Object.keys(MACHINES) as Role[];

const takesPart = (role: Role, type: FactType): boolean =>
  WIRING[type].participants.includes(role) || (WIRING[type].everyone ?? []).includes(role);

/** Every fact type that a chart mentions; XState's own `machine.events` leaves out what has no target and no action. */
function alphabetOf({ root }: AnyStateMachine): string[] {
  const types = new Set<string>();
  const visit = (node: AnyStateMachine['root']): void => {
    for (const type of node.transitions.keys()) types.add(type);
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(root);
  return [...types].sort();
}

test('every fact has somebody who takes part in it', () => {
  for (const type of FACT_TYPES) assert.ok(WIRING[type].participants.length > 0, type);
});

test('nobody takes part twice', () => {
  for (const type of FACT_TYPES) {
    const everybody = [...WIRING[type].participants, ...(WIRING[type].everyone ?? [])];
    assert.is(new Set(everybody).size, everybody.length, type);
  }
});

test('who authors a field takes part in the fact', () => {
  for (const type of FACT_TYPES)
    for (const [field, role] of Object.entries<Role>(WIRING[type].authors))
      assert.ok(WIRING[type].participants.includes(role), `${type}.${field} is authored by the ${role}`);
});

test('a field is an index or has an author, not both', () => {
  for (const type of FACT_TYPES)
    for (const index of WIRING[type].indices) assert.not(index in WIRING[type].authors, `${type}.${index}`);
});

test('a fact has the index that selects each of those who take part', () => {
  for (const type of FACT_TYPES)
    for (const role of WIRING[type].participants) {
      const index = ROLES[role].indexedBy;
      if (index !== undefined) assert.ok((WIRING[type].indices as string[]).includes(index), `${type}: ${role}`);
    }
});

test('the alphabet of each machine is what the wiring gives its role, no more and no less', () => {
  for (const role of NAMES) {
    const wired = FACT_TYPES.filter((type) => takesPart(role, type)).sort();
    assert.equal(alphabetOf(MACHINES[role].machine), wired, role);
  }
});

test('a caller without a contract takes part in the same calls, and frees nothing', () => {
  const wired = FACT_TYPES.filter((type) => takesPart('lifecycle', type) && type !== 'event.free');
  assert.equal(alphabetOf(anyOrder), wired.sort());
});

test('each machine has an author function for each fact that the wiring lets it author, and no other', () => {
  for (const role of NAMES) {
    const wired = FACT_TYPES.filter((type) => Object.values(WIRING[type].authors).includes(role));
    assert.equal(Object.keys(MACHINES[role].authors).sort(), wired.sort(), role);
  }
});

test.run();
