import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf } from '../../models/index.ts';
import { COVERAGES, type CoverageReport, coverageOf, logOf, pathTests } from '../../src/paths/index.ts';

/** What path tests reach of the driver along whose path they were made. */
function reachedBy(name: string, coverage: (typeof COVERAGES)[number]): CoverageReport {
  const model = modelOf(name);
  const environment = model.environments[0]!;
  const system = compose(model.scope, environment, DRIVERS.repaired);
  const { tests } = pathTests(model, environment, coverage);
  const logs = tests.map(({ steps }) =>
    logOf(
      system,
      steps.map(({ stimulus }) => stimulus),
    ),
  );
  return coverageOf(system, coverage, logs);
}

const notTried = ({ machines }: CoverageReport) =>
  machines.flatMap(({ machine, notTried }) => notTried.map((name) => `${machine}: ${name}`));

const coverage = suite('coverage');

/** The other owner leaves in the middle of an open: no path test does that. */
const OVERLAPPING = 'event_init: cycles → -EBUSY';

for (const what of COVERAGES)
  coverage(`path tests of all ${what} reach all that can be reached`, () => {
    for (const name of ['context-switch', 'foreign-owner', 'refused-open-raw']) {
      const report = reachedBy(name, what);
      assert.equal(
        notTried(report).filter((left) => left !== OVERLAPPING),
        [],
        name,
      );
      assert.ok(report.machines.some(({ reached }) => reached.length > 0));
    }
  });

coverage('what only calls that overlap can reach is not tried by path tests', () => {
  const left = notTried(reachedBy('two-threads', 'transitions'));
  assert.ok(left.includes('driver: event_init.reserve.lock: mutex.wait → event_init.reserve.wait'));
  assert.ok(
    left.every((name) => name.includes('wait')),
    left.join('\n'),
  );
});

const posted = (model: string) => compose(modelOf(model).scope, '4.16', DRIVERS['as-posted']);

coverage('what cannot be reached in a scope is told apart from what was not tried', () => {
  const { machines } = coverageOf(posted('two-threads'), 'transitions', []);
  const reservation = machines.find(({ machine }) => machine === 'PMC reservation')!;
  assert.equal(reservation.reached, []);
  assert.ok(reservation.notTried.includes('mutex.owned: mutex.wait'));
  assert.ok(reservation.unreachable.some((name) => name.includes('foreign.take')));
});

coverage('of outcomes has each place that can warn, and each answer', () => {
  const { machines } = coverageOf(posted('foreign-owner'), 'outcomes');
  const of = (name: string) => machines.find(({ machine }) => machine === name)!;
  assert.equal(of('riscv_pmu_stop').unreachable, ['WARN_ON_ONCE']);
  assert.ok(of('event_init').reached.includes('cycles → -EBUSY, while another owner holds the PMC'));
});

coverage('without a log is what the scope can reach', () => {
  assert.equal(notTried(coverageOf(posted('two-threads'), 'states')), []);
});

coverage.run();
