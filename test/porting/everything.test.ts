import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import base from '../../docs/examples/riscv-base.ts';
import shared from '../../docs/examples/shared-slot.ts';
import six from '../../docs/examples/six-general.ts';
import { type DecisionName, REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS, withDecisions } from '../../machines/drivers.ts';
import { compose, modelIn, propertyOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { toJson } from '../../src/audit/json.ts';
import { described } from '../../src/audit/modelled.ts';
import { reportOf } from '../../src/audit/report.ts';
import { violationsOf } from '../../src/audit/violation.ts';
import { graphOfView } from '../../src/diagrams/views.ts';
import { diff } from '../../src/diff/diff.ts';
import { fold } from '../../src/engine/compose/index.ts';
import { promela } from '../../src/export/promela.ts';
import { coverageOf, pathTests, runPath, SimulatedDriver } from '../../src/paths/index.ts';
import { modelsFor } from '../../src/porting/index.ts';
import { repair } from '../../src/repair/repair.ts';
import { logVerdicts } from '../../src/replay/log-verdicts.ts';
import { systemOf } from '../../src/replay/subject.ts';
import { toText } from '../../src/reports/terminal.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';

for (const [port, own] of [
  [base, 'two-of-a-kind'],
  [shared, 'counter-hpmcounter3'],
  [six, 'counters-in-turn'],
] as const) {
  const test = suite(`what works for the driver of the seed works for ${port.name}`);
  const { name, pmu } = port;
  const machine = withDecisions(port.decisions);
  const repairs: readonly DecisionName[] = [...REPAIRS, 'readsEveryCounter', ...port.decisions];
  const right = withDecisions(repairs);
  const models = modelsFor(pmu);
  const [small, switched] = [modelIn(models, own), modelIn(models, 'context-switch')];

  test('audit, and its reports', async () => {
    const target = described(name, machine);
    const results = await audit({ target, models: [small, switched], environments: ['4.16'] });
    const findings = await violationsOf(results, target);
    assert.ok(findings.length > 0);
    assert.match(toText(reportOf({ target, results, findings })), `Driver ${name}`);
    assert.is(toJson({ target, results, findings }).driver, name);
  });

  test('repair', async () => {
    const { smallest } = await repair({ driver: machine, models: [switched], environments: ['4.16'] });
    assert.is(smallest.length, 1);
  });

  test('diff', async () => {
    const posted = { name: 'as-posted', machine: DRIVERS['as-posted'] };
    const { logs } = await diff([posted, { name, machine: right }], [switched], ['4.16']);
    assert.ok(logs.length > 0);
  });

  test('simulate, and replay what was simulated', () => {
    const system = compose(switched.scope, 'current', right);
    const simulation = new Simulation(system);
    runAtRandom(simulation, 400, 7);
    fold(system, simulation.log);
    const { breaks } = logVerdicts(system, simulation.log, switched.properties.map(propertyOf));
    assert.equal(breaks, []);
    assert.is(
      simulation.log.some(({ type }) => type === 'overflow.call'),
      port === six,
    );
  });

  test('simulate at the width of the hardware', () => {
    const model = switched.name;
    const system = systemOf(
      { model, environment: '4.16', driver: name, wordBits: 64 },
      { machine: right, models, pmu },
    );
    const simulation = new Simulation(system);
    runAtRandom(simulation, 400, 7);
    assert.equal(logVerdicts(system, simulation.log, switched.properties.map(propertyOf)).breaks, []);
  });

  test('path tests, which the right driver passes; the slots of this one are right only if it gives counters out', async () => {
    const failing = async (driver: typeof machine): Promise<string[]> => {
      const failed: string[] = [];
      for (const model of ['two-of-a-kind', own]) {
        const tests = pathTests(modelIn(models, model), '4.16', 'transitions', { machine, pmu });
        const subject = new SimulatedDriver(driver, { ...pmu, ...tests.pmu });
        for (const path of tests.tests) if ((await runPath(subject, tests, path)) !== undefined) failed.push(path.name);
      }
      return failed;
    };
    assert.equal(await failing(right), []);
    assert.is((await failing(machine)).length > 0, port !== six);
  });

  test('coverage', () => {
    const { machines } = coverageOf(compose(switched.scope, '4.16', right), 'transitions');
    const ofDriver = machines.find((one) => one.machine === 'driver')!;
    assert.is(
      ofDriver.reached.some((transition) => transition.startsWith('handle_irq')),
      port === six,
    );
  });

  test('graphs of its functions', () => {
    const text = JSON.stringify(graphOfView('driver/add', { driver: machine }));
    assert.is(text.includes('used_mask'), port === six);
  });

  test('export for SPIN', () => {
    const system = compose(switched.scope, '4.16', right);
    const { text, complete } = promela(system, switched.properties.map(propertyOf));
    assert.ok(complete);
    assert.is(text.includes('overflow.call'), port === six);
  });

  test.run();
}
