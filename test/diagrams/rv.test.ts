import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assign, setup } from 'xstate';
import { CORES, type CoreName } from '../../machines/cores.ts';
import { automatonOf } from '../../src/diagrams/automaton.ts';
import { lifecycleAutomaton, rvOf } from '../../src/diagrams/rv.ts';
import type { Fact } from '../../src/facts/index.ts';
import { readRv } from './read-rv.ts';

for (const core of Object.keys(CORES) as CoreName[])
  test(`the lifecycle under ${core} is read back by the strict reader, as it was`, () => {
    const automaton = lifecycleAutomaton(core);
    const read = readRv(rvOf(automaton));
    assert.is(read.initial, 'absent');
    assert.equal(read.final, automaton.final);
    assert.equal([...read.states].sort(), [...automaton.states].sort());
    const edges = automaton.transitions.map(({ from, event, to }) => [from, event, to].join());
    assert.equal(read.edges.map((edge) => edge.join()).sort(), edges.sort());

    const sources = read.edges.map(([from, event]) => `${from} ${event}`);
    assert.is(new Set(sources).size, sources.length, 'deterministic');
    for (const state of read.states) {
      const isLeft = read.edges.some(([from]) => from === state);
      assert.is(isLeft, !read.final.includes(state), `${state} can be left, or is the end`);
      assert.ok(state === read.initial || read.edges.some(([, , to]) => to === state), `${state} can be entered`);
    }
  });

test('guards are distinct events', () => {
  const edges = lifecycleAutomaton('current').transitions.map(({ from, event, to }) => `${from} ${event} ${to}`);
  assert.ok(edges.includes('adding add_ok active_running'));
  assert.ok(edges.includes('adding add_enospc inactive'));
  assert.ok(edges.includes('initialising_asked event_init_enoent refused'));
  assert.ok(edges.includes('initialising_asked event_init_enoent_asks_once_more between_asks'));
  assert.ok(edges.includes('between_asks event_init_again initialising_asked_again'));
  assert.ok(edges.includes('initialising_asked event_init_ebusy_cleans_up cleaning'));
  assert.ok(edges.includes('active_stopped_updated start_reload active_starting'));
  assert.not.ok(edges.some((edge) => edge.includes('active_stopped_plain start_reload')));
});

test('what cannot be told apart is refused', () => {
  const machine = setup({ types: { context: {} as { n: number }, events: {} as Fact<'destroy.call'> } }).createMachine({
    id: 'unsure',
    context: { n: 0 },
    initial: 'a',
    states: {
      a: {
        on: {
          // Two guards without a name, by what the state remembers and its name does not say.
          'destroy.call': [
            { guard: ({ context }) => context.n === 0, target: 'b' },
            { guard: ({ context }) => context.n === 1, target: 'c' },
          ],
        },
      },
      b: { always: { target: 'a', actions: assign({ n: 1 }) } },
      c: {},
    },
  });
  const go = ['go', { type: 'destroy.call', event: 0 }] as const;
  assert.throws(() => automatonOf(machine, undefined, [go]), /unsure: go_guard leads from a to several states/);
});

test('the strict reader refuses what the reader in the kernel would misread', () => {
  const good = rvOf(lifecycleAutomaton('4.16'));
  const bad = (reason: RegExp, change: (text: string) => string) => assert.throws(() => readRv(change(good)), reason);
  bad(/line 1/, (text) => text.replace('state_automaton', 'lifecycle'));
  bad(/no initial edge/, (text) => text.replace('\t"__init_absent" -> "absent";\n', ''));
  bad(/no initial edge/, (text) => text.replace('\t"__init_absent" ->', '\n\t"__init_absent" ->'));
  bad(/no state/, (text) => text.replace('"inactive"};', '"in active"};'));
  bad(/no edge/, (text) => text.replace('[ label = "add" ]', '[label="add"]'));
  bad(/no edge/, (text) => text.replace('[ label = "add" ]', '[ label = "add", color = red ]'));
  bad(/no edge/, (text) => text.replace('[ label = "add" ]', '[ label = "add;x<1" ]'));
  bad(/no C identifier/, (text) => text.replace('label = "add"', 'label = "add.call"'));
  bad(/not declared/, (text) => text.replace('-> "adding"', '-> "elsewhere"'));
  bad(/after the end/, (text) => `${text}// the end\n`);
});

test.run();
