import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { and, not, setup } from 'xstate';
import { DECISIONS } from '../../machines/driver/decisions.ts';
import { DRIVERS } from '../../machines/drivers.ts';
import { MACHINES } from '../../machines/index.ts';
import { type Chart, chartOf, statesOf } from '../../src/diagrams/chart.ts';
import { foldCalls, foldLoners } from '../../src/diagrams/folding.ts';
import { guardText } from '../../src/diagrams/guard.ts';
import { lifeChart } from '../../src/diagrams/views.ts';

const ids = (chart: Chart): string[] => statesOf(chart.root).map(({ id }) => id);

const told = (chart: Chart): string[] =>
  chart.transitions.map(({ from, to, on, guard, otherwise, actions }) => {
    const condition = guard ? ` [${guardText(guard)}]` : otherwise ? ' [else]' : '';
    return `${from} ${on ?? 'always'}${condition}${actions.map((action) => ` /${action}`).join('')} > ${to ?? 'stays'}`;
  });

const toy = setup({
  types: { events: {} as { type: 'go.call' | 'go.return' | 'tick' } },
  guards: { a: () => true, b: () => true, c: () => true },
  actions: { note: (_, _what: string) => {} },
}).createMachine({
  id: 'toy',
  initial: 'one',
  states: {
    one: {
      tags: 'quiet',
      on: {
        'go.call': { guard: and(['a', not('b')]), target: 'going', actions: { type: 'note', params: 'x' } },
        tick: [{ guard: 'c', target: 'two' }, {}],
      },
    },
    going: { on: { 'go.return': [{ guard: 'a', target: 'two.inner' }, { target: 'one' }] } },
    two: { initial: 'inner', states: { inner: {}, unreached: {} }, always: { guard: 'b', target: 'one' } },
    nowhere: { on: { tick: 'one' } },
  },
});

test('a chart tells all of a machine that a picture needs', () => {
  const chart = chartOf(toy);
  assert.equal(ids(chart), ['', 'one', 'going', 'two', 'two.inner']);
  assert.equal(chart.root.states[0]!.tags, ['quiet']);
  assert.equal(told(chart), [
    'one go.call [a and not b] /note(x) > going',
    'one tick [c] > two',
    'one tick [not c] > stays',
    'going go.return [a] > two.inner',
    'going go.return [not a] > one',
    'two always [b] > one',
  ]);
});

test('what is settled takes transitions, alternatives and states away', () => {
  const settled = (values: Record<string, boolean>) => told(chartOf(toy, { settled: (guard) => values[guard] }));
  assert.equal(settled({ b: true }), ['one tick [c] > two', 'one tick [not c] > stays', 'two always > one']);
  assert.ok(settled({ a: true, c: true }).includes('one tick > two'));
  assert.not.ok(settled({ a: true, c: true }).some((line) => line.includes('stays')));
});

test('a call and its return fold into one transition, and a loner into its parent', () => {
  const folded = foldLoners(foldCalls(chartOf(toy)));
  assert.equal(ids(folded), ['', 'one', 'two']);
  assert.equal(told(folded).slice(0, 2), [
    'one go [a and not b and a] /note(x) > two',
    'one go [a and not b and not a] /note(x) > stays',
  ]);
  assert.is(folded.transitions[0]!.steps.length, 2);
});

test('the chart of the posted driver has nothing of what it never does', () => {
  const all = chartOf(DRIVERS['as-posted']);
  const posted = chartOf(DRIVERS['as-posted'], { settled: (guard) => (guard in DECISIONS ? false : undefined) });
  const mentions = (chart: Chart, name: string): boolean => told(chart).some((line) => line.includes(name));
  for (const decision of Object.keys(DECISIONS)) {
    assert.ok(mentions(all, decision), decision);
    assert.not.ok(mentions(posted, decision), decision);
  }
  assert.ok(ids(all).includes('read_counter.high'));
  assert.not.ok(ids(posted).includes('read_counter.high'));
  assert.not.ok(ids(posted).includes('event_init.reserve.giveBack'));
});

test('every machine has a chart, and every place in the driver names its lines', () => {
  for (const [name, { machine }] of Object.entries(MACHINES)) {
    const chart = chartOf(machine);
    assert.is(chart.name, machine.id);
    assert.ok(chart.transitions.length > 0, name);
  }
  for (const { id, source } of statesOf(chartOf(MACHINES.driver.machine).root))
    if (id !== '' && id !== 'idle') assert.ok(source !== undefined && source.lines[0] <= source.lines[1], id);
});

test('the life of an event at a glance is a life', () => {
  assert.equal(ids(lifeChart('4.16')), [
    '',
    'absent',
    'initialising',
    'undone',
    'refused',
    'inactive',
    'active',
    'active.running',
    'active.stopped',
    'destroyed',
    'gone',
  ]);
  assert.ok(ids(lifeChart('current')).includes('cleaning'));
});

test.run();
