import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { propertyIn } from '../../src/audit/property.ts';
import { gridOf, vacuousText } from '../../src/audit/summary.ts';
import { initialState } from '../../src/engine/compose/index.ts';
import { RISCV_BASE_PMU } from '../../src/facts/index.ts';
import { observe } from '../../src/findings/observe.ts';
import { SUBJECT_PROPERTIES } from '../../src/subject/properties.ts';

const asked = (model: string, properties?: readonly string[], driver: DriverName = 'repaired') =>
  audit({
    target: modelled(driver),
    models: [modelOf(model)],
    environments: ['4.16'],
    ...(properties && { properties }),
  });

test('what was named and is vacuous is no pass, and says why', async () => {
  const results = await asked('two-threads', ['busy-is-true', 'references-balance']);
  assert.match(vacuousText(results, ['busy-is-true'])!, /no pass: busy-is-true \(no open is answered EBUSY\)$/);
  // Not named, and something else holds.
  assert.is(vacuousText(results), undefined);
  assert.is(vacuousText(results, ['references-balance']), undefined);
});

test('that everything is vacuous is no pass either', async () => {
  const results = await asked('two-threads', ['busy-is-true']);
  assert.match(vacuousText(results)!, /^nothing was decided of what was asked/);
});

test('what was named and not asked is no pass', async () => {
  const named = ['references-balance', 'count-exact'];
  const results = await asked('two-threads', named);
  assert.match(vacuousText(results, named)!, /: count-exact \(no model that was named asks it there\)$/);
});

test('what is bounded although its search came to its end says why; what was stopped is told for all', async () => {
  const verdict = { verdict: 'bounded', reason: 'not known here: the register 0x7c0' } as const;
  const results = (await asked('two-threads', ['references-balance'])).map((result) => ({ ...result, verdict }));
  assert.equal(gridOf(results).notes, ['references-balance is bounded: not known here: the register 0x7c0.']);
  const stopped = results.map((result) => ({ ...result, covered: { ...result.covered, stoppedBy: verdict.reason } }));
  assert.equal(gridOf(stopped).notes, []);
});

test('what only real code can break can be named with it, and not without', () => {
  const everywhere = { ...modelled('repaired'), everywhere: SUBJECT_PROPERTIES };
  assert.is(propertyIn(everywhere, 'no-crash'), 'no-crash');
  assert.throws(() => propertyIn(modelled('repaired'), 'no-crash'), /no-crash is asked of C that runs.*--source/);
  assert.throws(() => propertyIn(everywhere, 'no-such'), /there is no property no-such; there are/);
});

test('a loss is shown in the width of the count, not in that of the counter', () => {
  const { scope } = modelOf('context-switch');
  const pmu = { ...RISCV_BASE_PMU, wordBits: 4, counterWidth: 3, counterBits: 3, xlen: 4 };
  const system = compose({ ...scope, pmu }, '4.16', DRIVERS['as-posted']);
  const state = [...initialState(system)];
  const part = system.partOf('count', 0)!;
  // A whole round of the counter that nobody saw.
  state[part] = { ...state[part]!, context: { ...state[part]!.context, uncounted: 8 } } as (typeof state)[number];
  assert.is(observe(system, state, [0]).get('event 0 ticks not in count'), '8');
});

test.run();
