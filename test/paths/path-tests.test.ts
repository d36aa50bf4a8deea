import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DECISIONS, type DecisionName, REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS, withDecisions } from '../../machines/drivers.ts';
import { type Environment, MODELS, modelOf } from '../../models/index.ts';
import { failureText, type PathTests, pathTests, runPath, SimulatedDriver } from '../../src/paths/index.ts';
import type { Coverage } from '../../src/paths/items.ts';

/** The first step at which a driver fails, and the properties that it breaks there. */
async function firstFailure(tests: PathTests, driver: (typeof DRIVERS)['as-posted']) {
  for (const test of tests.tests) {
    const failure = await runPath(new SimulatedDriver(driver, tests.pmu), tests, test);
    if (failure !== undefined) {
      const { stimulus } = test.steps[failure.step]!;
      return {
        stimulus,
        properties: failure.broken.map(({ expected }) => expected.property),
        text: failureText(test, failure),
      };
    }
  }
  return undefined;
}

const made = suite('path tests');

made('of every model pass on a driver that keeps its contract, in every coverage', async () => {
  for (const model of MODELS.filter(({ deep, environments }) => !deep && environments[0] !== 'any-order'))
    for (const coverage of ['transitions', 'outcomes'] as const) {
      const tests = pathTests(model, model.environments.at(-1)!, coverage);
      assert.ok(tests.steps >= tests.lowerBound && tests.covers.length > 0, model.name);
      assert.is(await firstFailure(tests, DRIVERS.repaired), undefined, model.name);
    }
});

/** In what else a driver is unlike the repaired one, so that a decision can be seen. */
interface Unlike {
  readonly without?: readonly DecisionName[];
  readonly with?: DecisionName;
}

/** For each decision of the posted driver: tests that must fail on a driver that takes only it as posted, and the step at which. */
const CAUGHT: readonly [DecisionName, string, Environment, Coverage, string, unlike?: Unlike][] = [
  ['takesOnlyFreePmc', 'foreign-owner', '4.16', 'transitions', 'event_init.call'],
  // Without it, the repaired driver would keep the reference of what it refuses.
  ['mapsFirst', 'foreign-owner-other-pmu', '4.16', 'outcomes', 'event_init.call', { with: 'givesReferenceBack' }],
  // A driver that maps first, or clears destroy, hides it.
  [
    'setsDestroyLast',
    'refused-open-cache-misses',
    '4.16',
    'transitions',
    'event_init.call',
    { without: ['mapsFirst', 'destroysOnce'] },
  ],
  ['knowsWholeAbi', 'refused-open-stalled-cycles', '4.16', 'transitions', 'event_init.call'],
  ['refusesSampling', 'refused-open-sampling', '4.16', 'transitions', 'event_init.call'],
  ['refusesModifiers', 'refused-open-exclude-kernel', '4.16', 'transitions', 'event_init.call'],
  ['refusesUnfitGroups', 'group-that-cannot-fit', '4.16', 'transitions', 'event_init.call'],
  ['choosesByCounter', 'two-of-a-kind', '4.16', 'transitions', 'add.call'],
  ['startsFresh', 'migration', '4.16', 'pairs', 'del.call'],
  ['toleratesStopped', 'group-of-two', 'current', 'transitions', 'stop.call'],
  ['updatesAtEachStop', 'group-of-two', 'current', 'transitions', 'read.call'],
  ['readsOnlyRunning', 'group-of-two', 'current', 'transitions', 'read.call'],
  ['readsBothHalves', 'rv32', '4.16', 'transitions', 'del.call'],
];

for (const [decision, model, environment, coverage, at, unlike = {}] of CAUGHT)
  made(`fail where the driver violates a property: without ${decision}`, async () => {
    const tests = pathTests(modelOf(model), environment, coverage);
    const repairs = REPAIRS.filter((name) => name !== decision && !unlike.without?.includes(name));
    const driver = withDecisions([...repairs, ...(unlike.with ? [unlike.with] : [])]);
    const failure = await firstFailure(tests, driver);
    assert.ok(failure, 'no test fails');
    assert.is(failure.stimulus.type, at, failure.text);
    const explained: readonly string[] = DECISIONS[decision].properties;
    assert.ok(
      failure.properties.some((property) => explained.includes(property)),
      failure.text,
    );
  });

made('leave to the search what only overlapping calls show, and what nobody sees from outside', () => {
  const left = REPAIRS.filter((decision) => !CAUGHT.some(([caught]) => caught === decision));
  // Nor do callers that keep the contract meet what a driver does for itself when they do not.
  const guards = ['opensOnce', 'destroysOnce', 'addsOnce', 'deletesOnlyAdded', 'leavesIndex', 'toleratesRunning'];
  assert.equal(left, ['countsUnderMutex', 'publishesLast', ...guards]);
});

made('fail on the posted driver, and name the property', async () => {
  const tests = pathTests(modelOf('refused-open-raw'), '4.16', 'transitions');
  const failure = await firstFailure(tests, DRIVERS['as-posted']);
  assert.match(failure!.text, /event_init\(raw\)\n {2}references-balance: riscv_active_events is 0; found 1/);
});

made('are refused where there is no contract, or the model is not asked', () => {
  assert.throws(() => pathTests(modelOf('any-order-event'), 'any-order', 'states'), /keeps no contract/);
  assert.throws(() => pathTests(modelOf('foreign-owner-other-pmu'), '5.10', 'states'), /is not asked in 5\.10/);
});

made.run();
