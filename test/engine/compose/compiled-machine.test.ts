import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyStateMachine, and, assign, createMachine, not, setup, stateIn } from 'xstate';
import { DRIVERS } from '../../../machines/drivers.ts';
import { MACHINES } from '../../../machines/index.ts';
import { CompiledMachine } from '../../../src/engine/compose/compiled-machine.ts';
import { snapshotKey, step } from '../../../src/engine/compose/index.ts';
import { instrumented } from '../../../src/engine/compose/instrumented.ts';
import type { Fact } from '../../../src/facts/index.ts';

const inc = (value: number): Fact => ({ type: 'active_events.inc', event: 0, value });
const dec = (value: number): Fact => ({ type: 'active_events.dec', event: 0, value });

/** Steps through a log, and back to the plain step after each fact: what XState was asked. */
function follow(machine: AnyStateMachine, log: readonly Fact[]): number {
  const compiled = new CompiledMachine(machine);
  let local = compiled.initial(undefined);
  for (const fact of log) {
    const plain = step(machine, undefined, local.snapshot, fact);
    const next = compiled.step(undefined, local, fact);
    assert.is(next && snapshotKey(next.snapshot), plain && snapshotKey(plain));
    if (next !== null) local = next;
  }
  return compiled.asked;
}

const named = setup({
  types: { context: {} as { sum: number; last: number }, events: {} as Fact },
  guards: {
    large: ({ context }) => context.sum > 100,
    odd: ({ event }) => (event as Fact<'active_events.inc'>).value % 2 === 1,
    above: ({ context }, least: number) => context.last > least,
  },
  actions: {
    add: assign({ sum: ({ context, event }) => context.sum + (event as Fact<'active_events.inc'>).value, last: 7 }),
    keep: assign(({ event }) => ({ last: (event as Fact<'active_events.inc'>).value })),
    clear: assign({ sum: 0 }),
  },
}).createMachine({
  context: { sum: 0, last: 0 },
  type: 'parallel',
  states: {
    left: {
      initial: 'small',
      states: {
        small: {
          on: { 'active_events.inc': [{ guard: 'odd', actions: ['add', 'keep'] }, { actions: 'add' }] },
          always: { guard: 'large', target: 'big' },
        },
        big: { exit: 'clear', on: { 'active_events.dec': { guard: not('odd'), target: 'small' } } },
      },
    },
    right: {
      initial: 'a',
      states: {
        a: {
          on: {
            'active_events.inc': {
              guard: and([{ type: 'above', params: 5 }, stateIn({ left: 'small' })]),
              target: 'b',
              actions: 'keep',
            },
          },
        },
        b: { on: { 'active_events.dec': {} } },
      },
    },
  },
});

const log = Array.from({ length: 400 }, (_, at) => (at % 7 === 0 ? dec((at * 13) % 10) : inc((at * 31) % 17)));

test('guards, assignments, entries, exits and eventless transitions are instrumented, and XState is asked few times', () => {
  const asked = follow(named, log);
  assert.ok(asked < 30, String(asked));
});

test('the steps of every machine and every driver can be compiled', () => {
  const machines: AnyStateMachine[] = [
    ...Object.values(MACHINES).map(({ machine }) => machine),
    ...Object.values(DRIVERS),
  ];
  for (const machine of machines) assert.ok(instrumented(machine, () => {}) !== undefined, machine.id);
});

test('a chart whose guards or actions have no name is asked each time', () => {
  const inline = createMachine({
    context: { sum: 0 },
    initial: 'only',
    states: {
      only: {
        on: {
          'active_events.inc': [
            {
              guard: ({ context }) => context.sum > 50,
              actions: assign({ sum: 0 }),
            },
            { actions: assign({ sum: ({ context, event }) => context.sum + event.value }) },
          ],
        },
      },
    },
  });
  assert.is(follow(inline, log), log.length);
});

test('a name for a guard without one is asked each time, and a name for names is not', () => {
  const joined = (guard: unknown) =>
    setup({
      types: { context: {} as { sum: number }, events: {} as Fact },
      guards: { even: ({ context }) => context.sum % 2 === 0, both: guard as never },
      actions: { add: assign({ sum: ({ context }) => context.sum + 1 }) },
    }).createMachine({ context: { sum: 0 }, on: { 'active_events.inc': { guard: 'both', actions: 'add' } } });
  const inline = ({ context }: { context: { sum: number } }) => context.sum % 2 === 0;
  const compiled = follow(joined(and(['even', not(not('even'))])), log);
  assert.ok(compiled < 5, String(compiled));
  assert.is(follow(joined(and(['even', inline as never])), log), log.length);
});

test('parameters that are computed cannot be compiled', () => {
  const machine = setup({
    types: { context: {} as { sum: number }, events: {} as Fact },
    actions: { put: assign({ sum: (_, value: number) => value }) },
  }).createMachine({
    context: { sum: 0 },
    on: {
      'active_events.inc': {
        actions: { type: 'put', params: ({ event }) => (event as Fact<'active_events.inc'>).value },
      },
    },
  });
  assert.is(follow(machine, log), log.length);
});

test('a guard that looks at something else than the state and the fact is found out', () => {
  let asked = 0;
  const machine = setup({
    types: { context: {} as { sum: number }, events: {} as Fact },
    guards: { even: () => asked++ % 3 === 0, always: () => true },
    actions: { clear: assign({ sum: 0 }) },
  }).createMachine({
    context: { sum: 0 },
    on: { 'active_events.inc': [{ guard: 'even', actions: 'clear' }, { guard: 'always' }] },
  });
  const compiled = new CompiledMachine(machine);
  assert.throws(
    () => compiled.step(undefined, compiled.initial(undefined), inc(1)),
    /asked twice, it answers otherwise/,
  );
});

test.run();
