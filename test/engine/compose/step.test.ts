import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyStateMachine, assign, createMachine, emit, fromPromise, log, raise, sendTo, spawnChild } from 'xstate';
import { tableOf } from '../../../src/engine/check/table.ts';
import { checkContext, checkIsFold, initialSnapshot, snapshotKey, step } from '../../../src/engine/compose/index.ts';
import type { Fact } from '../../../src/facts/index.ts';
import { throwsMessage } from '../../throws.ts';

const WARN: Fact = { type: 'pr_warn', event: 0 };

/** A machine that does this when the driver warns. */
const doing = (actions: unknown): AnyStateMachine =>
  createMachine({ id: 'm', context: {}, on: { pr_warn: { actions } } } as never);

const takes = (machine: AnyStateMachine) => step(machine, undefined, initialSnapshot(machine, undefined), WARN);
const tabulates = (machine: AnyStateMachine): void => {
  const table = tableOf(machine, undefined);
  table.next(0, table.symbol(WARN));
};

const fold = suite('a machine that folds facts');

fold('refuses a fact by null, and may take one without changing', () => {
  const machine = createMachine({ initial: 'a', states: { a: { on: { pr_warn: {} } } } });
  const before = initialSnapshot(machine, undefined);
  assert.is(step(machine, undefined, before, { type: 'foreign.take' }), null);
  assert.is(snapshotKey(step(machine, undefined, before, WARN)!), snapshotKey(before));
});

fold('has one key for a state, whatever way led there', () => {
  const machine = createMachine({
    context: { n: 0 },
    on: { pr_warn: { actions: assign({ n: ({ context }) => 1 - (context as { n: number }).n }) } },
  });
  const before = initialSnapshot(machine, undefined);
  const once = step(machine, undefined, before, WARN)!;
  assert.is.not(snapshotKey(once), snapshotKey(before));
  assert.is(snapshotKey(step(machine, undefined, once, WARN)!), snapshotKey(before));
});

for (const [what, action] of Object.entries({
  'a function of its own': () => {},
  'an action without an implementation': 'missing',
  'an emitted event': emit({ type: 'x' }),
  'a raised event': raise({ type: 'pr_warn' }),
  'a delayed event': raise({ type: 'pr_warn' }, { delay: 10 }),
  'a line in a log': log('x'),
  'a spawned actor': spawnChild(fromPromise(async () => {})),
  'an event to itself': sendTo(({ self }) => self, { type: 'x' }),
}))
  fold(`cannot do more: ${what}`, () => {
    assert.throws(() => takes(doing(action)), /^m: the action .* does more than fold a fact$/);
  });

fold('cannot act before the first fact', () => {
  const machine = createMachine({ id: 'm', entry: () => {} });
  assert.throws(() => initialSnapshot(machine, undefined), /does more than fold a fact/);
});

fold('tells what its context throws, for lack of an input', () => {
  const machine = createMachine({ context: ({ input }) => ({ bits: (input as { bits: number }).bits }) });
  assert.throws(() => initialSnapshot(machine, undefined), /bits/);
});

fold.run();

const chart = suite('a chart that folds facts');

for (const [states, message] of [
  [{ a: { invoke: { src: 'x' } } }, 'm.a: a machine that folds facts cannot invoke'],
  [{ a: { after: { 10: 'a' } } }, 'm.a: a machine that folds facts cannot wait (after)'],
  [
    { a: { initial: 'c', states: { b: { type: 'history' }, c: {} } } },
    'm.a.b: a history state would hide a part of the state',
  ],
  [{ a: { on: { '*': 'a' } } }, 'm.a: * would fold facts outside the alphabet'],
  [{ a: { on: { 'mutex.*': 'a' } } }, 'm.a: mutex.* would fold facts outside the alphabet'],
] as const)
  chart(`is refused by its state: ${message}`, () => {
    const machine = createMachine({ id: 'm', initial: 'a', states } as never);
    throwsMessage(() => checkIsFold(machine), message);
    throwsMessage(() => tabulates(machine), message);
  });

chart.run();

const context = suite('a context that survives JSON');

class Counter {
  value = 0;
}

for (const [what, value] of Object.entries({
  'a Map': new Map(),
  'a Set': new Set(),
  'a Date': new Date(0),
  'a function': () => {},
  undefined: undefined,
  NaN: Number.NaN,
  'minus zero': -0,
  'an object of a class': new Counter(),
  'a hole in a list': [undefined],
})) {
  context(`does not keep ${what}`, () => {
    const machine = createMachine({ id: 'm', context: { value } });
    throwsMessage(() => checkContext(initialSnapshot(machine, undefined)), 'm: its context does not survive JSON');
    throwsMessage(() => tabulates(machine), 'm: its context does not survive JSON');
  });

  context(`does not come to keep ${what}`, () => {
    throwsMessage(() => tabulates(doing(assign({ value: () => value }))), 'm: its context does not survive JSON');
  });
}

context('keeps no actor', () => {
  const spawning = doing(assign({ child: ({ spawn }) => spawn(fromPromise(async () => {})) }));
  throwsMessage(() => tabulates(spawning), 'm: its context does not survive JSON');
});

context('keeps numbers, strings, null, lists and plain objects', () => {
  const machine = createMachine({ context: { n: 0, s: '18446744073709551615', none: null, list: [1, { a: true }] } });
  checkContext(initialSnapshot(machine, undefined));
  tabulates(createMachine({ on: { pr_warn: {} } }));
});

context.run();
