import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import { initialState, successors } from '../../src/engine/compose/index.ts';
import { aldebaran } from '../../src/export/aut.ts';
import { labelOf } from '../../src/export/label.ts';

const test = suite('aldebaran');
const system = (name: string) => {
  const model = modelOf(name);
  return compose(model.scope, model.environments[0]!, DRIVERS['as-posted']);
};

/** The file read back. */
function parsed(text: string) {
  const [head, ...rest] = text.trimEnd().split('\n');
  const totals = /^des \(0,(\d+),(\d+)\)$/.exec(head!)!;
  const transitions = rest.map((line) => {
    const [, from, label, to] = /^\((\d+),"([^"]*)",(\d+)\)$/.exec(line)!;
    return { from: Number(from), label: label!, to: Number(to) };
  });
  return { transitionCount: Number(totals[1]), stateCount: Number(totals[2]), transitions };
}

for (const name of ['two-threads', 'two-of-a-kind', 'migration'])
  test(`${name}: the first line counts what follows, as the search does`, async () => {
    const { transitionCount, stateCount, transitions } = parsed([...aldebaran(system(name))].join(''));
    const { covered } = await check(system(name), [], { reduce: false });
    assert.is(stateCount, covered.states);
    assert.is(transitionCount, covered.transitions);
    assert.is(transitions.length, covered.transitions);
    const states = new Set(transitions.flatMap(({ from, to }) => [from, to]));
    assert.is(states.size, covered.states);
    assert.is(Math.max(...states), covered.states - 1);
  });

test('every way through the file is a log that the interpreted machines accept, and there is no other', () => {
  const whole = system('foreign-owner');
  const { transitions } = parsed([...aldebaran(whole)].join(''));
  const reached = new Map([[0, initialState(whole)]]);
  for (const [number, state] of reached) {
    const expected = new Map(successors(whole, state).map(([fact, next]) => [labelOf(fact), next]));
    const written = transitions.filter(({ from }) => from === number);
    assert.equal(written.map(({ label }) => label).sort(), [...expected.keys()].sort());
    for (const { label, to } of written) if (!reached.has(to)) reached.set(to, expected.get(label)!);
  }
  assert.is(reached.size, 49);
});

test('half a state space is never written', () => {
  assert.throws(() => aldebaran(system('two-threads'), 100), /more than 100 states/);
});

test.run();
