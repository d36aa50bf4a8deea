import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, MODELS, modelOf } from '../../models/index.ts';
import { COVERAGES, coverageOf, logOf, pathTests, type Stimulus } from '../../src/paths/index.ts';

const places = suite('path tests by event and hart');

const known = new Map<string, Stimulus[][]>();

/** What is done to a driver in the tests of a model. */
function stimuliOf(name: string, coverage: (typeof COVERAGES)[number]): Stimulus[][] {
  const made =
    known.get(`${name} ${coverage}`) ??
    pathTests(modelOf(name), modelOf(name).environments[0]!, coverage).tests.map(({ steps }) =>
      steps.map(({ stimulus }) => stimulus),
    );
  known.set(`${name} ${coverage}`, made);
  return made;
}

/** The names of the callbacks that are called where `is` says so. */
const calls = (tests: Stimulus[][], is: (stimulus: Stimulus) => boolean): string[] =>
  [...new Set(tests.flat().flatMap((stimulus) => (is(stimulus) ? [stimulus.type] : [])))].toSorted();

for (const coverage of COVERAGES)
  places(`cover by ${coverage} call the same on each hart`, () => {
    for (const model of MODELS.filter(({ scope, deep }) => scope.harts > 1 && !deep)) {
      const tests = stimuliOf(model.name, coverage);
      for (let hart = 0; hart < model.scope.harts; hart++) {
        const there = calls(tests, (stimulus) => 'hart' in stimulus && stimulus.hart === hart);
        assert.ok(there.includes('add.call'), `${model.name}: ${there}`);
        assert.equal(
          there,
          calls(tests, (stimulus) => 'hart' in stimulus),
          model.name,
        );
      }
    }
  });

/** The harts on which an event is added, one after the other. */
const harts = (test: readonly Stimulus[], event: number): string =>
  test
    .flatMap((stimulus) => (stimulus.type === 'add.call' && stimulus.event === event ? [stimulus.hart] : []))
    .join('');

places('move an event from each hart to the other', () => {
  for (const coverage of COVERAGES)
    for (const [model, events] of [
      ['migration', [0]],
      ['two-harts', [0, 1]],
    ] as const)
      for (const event of events) {
        const went = stimuliOf(model, coverage).map((test) => harts(test, event));
        for (const way of ['01', '10'])
          assert.ok(
            went.some((one) => one.includes(way)),
            `${model} ${coverage}: ${went}`,
          );
      }
});

places('call the same for each event of a model', () => {
  for (const model of ['two-of-a-kind', 'three-on-two', 'two-threads'].map(modelOf)) {
    const tests = stimuliOf(model.name, 'transitions');
    const of = (event: number) => calls(tests, (stimulus) => 'event' in stimulus && stimulus.event === event);
    const offered = model.scope.events.map((kinds, event) => ({ kinds: String(kinds), called: of(event) }));
    // Events of the same kinds are one as good as the other.
    for (const { kinds, called } of offered)
      assert.equal(called, offered.find((other) => other.kinds === kinds)!.called, model.name);
  }
});

places('what a log leaves out on one hart is not tried there', () => {
  const system = compose(modelOf('migration').scope, '4.16', DRIVERS.repaired);
  const onHart0: Stimulus[] = [
    { type: 'event_init.call', event: 0, attribute: 'cycles' },
    { type: 'add.call', event: 0, hart: 0, flags: 1 },
    { type: 'del.call', event: 0, hart: 0, flags: 0 },
  ];
  const of = (stimuli: Stimulus[]) => {
    const { machines } = coverageOf(system, 'outcomes', [logOf(system, stimuli)]);
    return (name: string) => machines.find(({ machine }) => machine === name)!;
  };
  const once = of(onHart0);
  assert.equal(once('add').reached, ['cycles → 0']);
  assert.equal(once('add on hart 0').notTried, []);
  assert.equal(once('add on hart 1').notTried, ['cycles → 0']);
  assert.is(once('events between harts').notTried.length, 2);
  const moved = of([...onHart0, { type: 'add.call', event: 0, hart: 1, flags: 1 }]);
  assert.equal(moved('add on hart 1').notTried, []);
  assert.equal(moved('events between harts').reached, ['event 0 moves from hart 0 to hart 1']);
  assert.equal(moved('events between harts').notTried, ['event 0 moves from hart 1 to hart 0']);
});

places.run();
