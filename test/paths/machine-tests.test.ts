import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lifecycle } from '../../machines/lifecycle.ts';
import { initialSnapshot, step } from '../../src/engine/compose/index.ts';
import { logsJson, logsText } from '../../src/paths/formats/logs.ts';
import { universeOf } from '../../src/paths/items.ts';
import { machineTests } from '../../src/paths/machine-tests.ts';

const input = { core: 'current', offers: ['cycles', 'sampling', 'cache'], oddOpens: 2, reopens: true, grouped: true };

const machine = suite('path tests of one machine');

for (const coverage of ['states', 'transitions', 'pairs'] as const)
  machine(`cover its ${coverage} with logs that it accepts`, () => {
    const { tests, steps, lowerBound } = machineTests('lifecycle', 'current', coverage);
    for (const { facts } of tests) {
      let snapshot = initialSnapshot(lifecycle, input);
      for (const fact of facts) {
        const next = step(lifecycle, input, snapshot, fact);
        assert.ok(next !== null, fact.type);
        snapshot = next;
      }
    }
    assert.is(
      steps,
      tests.reduce((sum, { facts }) => sum + facts.length, 0),
    );
    assert.ok(steps >= lowerBound);
  });

machine('reach every transition of the chart that this core takes', () => {
  // What a core refuses by itself, a PMU has to say that it cannot do: the PMU of these tests says nothing of the kind.
  const names = [...universeOf(lifecycle).transitions.values()]
    .map(({ name }) => name)
    .filter((name) => !/refusedByCore|^undone/.test(name));
  const { covers } = machineTests('lifecycle', 'current', 'transitions');
  assert.equal(covers.map(({ name }) => name).toSorted(), names.toSorted());
});

machine('are written as text and JSON', () => {
  const tests = machineTests('any-order', '4.16', 'transitions');
  assert.match(logsText(tests), /^any-order: 18 transitions in 1 log of 14 facts \(no fewer can do it\)\./);
  assert.equal(JSON.parse(logsJson(tests)).tests, tests.tests);
});

machine('are refused where what the machine is told comes from others', () => {
  assert.throws(() => machineTests('hart', '4.16', 'states'), /cover it through a model/);
  assert.throws(() => machineTests('lifecycle', '3.14', 'states'), /no core 3\.14/);
});

machine.run();
