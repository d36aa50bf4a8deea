import { test } from 'uvu';
import * as assert from 'uvu/assert';
import base from '../../docs/examples/riscv-base.ts';
import shared from '../../docs/examples/shared-slot.ts';
import six from '../../docs/examples/six-general.ts';
import { REPAIRS } from '../../machines/driver/decisions.ts';
import { withDecisions } from '../../machines/drivers.ts';
import { modelIn } from '../../models/index.ts';
import { pathTests, runPath, SimulatedDriver } from '../../src/paths/index.ts';
import { modelsFor, type Port } from '../../src/porting/index.ts';

/** The tests of a port that fail for a driver, of how many. */
async function failures(
  port: Port,
  model: string,
  decisions: Port['decisions'],
): Promise<[failed: number, of: number]> {
  const of = { machine: withDecisions(port.decisions), pmu: port.pmu };
  const tests = pathTests(modelIn(modelsFor(port.pmu), model), '4.16', 'transitions', of);
  const subject = new SimulatedDriver(withDecisions(decisions), { ...port.pmu, ...tests.pmu });
  let failed = 0;
  for (const path of tests.tests) if ((await runPath(subject, tests, path)) !== undefined) failed++;
  return [failed, tests.tests.length];
}

/** The port's design, with every repair. */
const repaired = ({ decisions }: Port): Port['decisions'] => [...decisions, 'readsEveryCounter', ...REPAIRS];

const MODELS = ['context-switch', 'refused-open-sampling', 'refused-open-cache', 'two-of-a-kind'];

for (const [port, models] of [
  [base, MODELS],
  [shared, [...MODELS, 'counter-hpmcounter3']],
  [six, MODELS],
] as const)
  test(`a repaired driver of ${port.name} passes the path tests that are made for its PMU`, async () => {
    for (const model of models) {
      const [failed, of] = await failures(port, model, repaired(port));
      assert.ok(of > 0);
      assert.is(failed, 0, model);
    }
  });

test('and the port as it is fails where it shares a slot', async () => {
  const [failed] = await failures(shared, 'counter-hpmcounter3', shared.decisions);
  assert.ok(failed > 0);
});

test.run();
