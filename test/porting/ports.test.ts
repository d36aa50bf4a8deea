import { test } from 'uvu';
import * as assert from 'uvu/assert';
import base from '../../docs/examples/riscv-base.ts';
import shared from '../../docs/examples/shared-slot.ts';
import six from '../../docs/examples/six-general.ts';
import { withDecisions } from '../../machines/drivers.ts';
import { compose, modelIn, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import { modelsFor, type Port } from '../../src/porting/index.ts';
import { repair } from '../../src/repair/repair.ts';
import { systemOf } from '../../src/replay/recorded.ts';

async function verdicts({ pmu, decisions }: Port, name: string, ids: readonly string[]): Promise<unknown[]> {
  const { scope } = modelIn(modelsFor(pmu), name);
  const { verdicts } = await check(compose(scope, '4.16', withDecisions(decisions)), ids.map(propertyOf));
  return ids.map((id) => verdicts.get(id)?.verdict);
}

test('the port of the seed is asked the very questions of the seed', () => {
  const names = modelsFor(base.pmu).map(({ scope }) => scope.pmu);
  for (const pmu of names) assert.equal({ ...pmu, xlen: 0 }, { ...base.pmu, ...sizes(pmu), xlen: 0 });
});

test('every model can be asked of every port, and run at the width of hardware', () => {
  for (const { name: driver, pmu, decisions } of [base, shared, six]) {
    const of = { machine: withDecisions(decisions), models: modelsFor(pmu), pmu };
    for (const { name: model, environments } of of.models)
      for (const environment of environments)
        for (const width of [{}, { wordBits: 64 }])
          assert.ok(systemOf({ model, environment, driver, ...width }, of).parts.length > 0);
  }
});

const sizes = ({ wordBits, counterWidth, intBits }: Port['pmu']) => ({ wordBits, counterWidth, intBits });

test('a driver whose read_counter knows none of the general counters counts -EINVAL', async () => {
  const asked = ['index-in-bounds', 'count-exact'];
  assert.equal(await verdicts(shared, 'counter-hpmcounter3', asked), ['violated', 'violated']);
  const mended: Port = {
    ...shared,
    decisions: [...shared.decisions, 'readsEveryCounter', 'readsBothHalves', 'choosesByCounter'],
  };
  assert.equal(await verdicts(mended, 'counter-hpmcounter3', asked), ['holds', 'holds']);
});

test('who comes second to a counter that can be written writes over what the first one counted', async () => {
  const readable: Port = { ...shared, decisions: [...shared.decisions, 'readsEveryCounter', 'readsBothHalves'] };
  assert.equal(await verdicts(readable, 'counter-hpmcounter3', ['count-exact']), ['violated']);
  const readOnly = { ...readable, decisions: readable.decisions.filter((name) => name !== 'writesCounter') };
  assert.equal(await verdicts(readOnly, 'counter-hpmcounter3', ['count-exact']), ['holds']);
});

test('events that share a general counter share its slot', async () => {
  assert.equal(await verdicts(shared, 'counter-hpmcounter3', ['slots-match-count', 'enospc-iff-full']), [
    'violated',
    'violated',
  ]);
  const mended = { ...shared, decisions: ['choosesByCounter'] } as Port;
  assert.equal(await verdicts(mended, 'counter-hpmcounter3', ['slots-match-count', 'enospc-iff-full']), [
    'holds',
    'holds',
  ]);
});

test('where there is an interrupt, sampling is no impossible thing, and a filter none where the counters have one', async () => {
  const asked = ['no-admission-of-the-impossible', 'errno-contract'];
  for (const kind of ['sampling', 'exclude-kernel'])
    assert.equal(await verdicts(six, `refused-open-${kind}`, asked), ['holds', 'holds']);
  assert.equal(await verdicts(base, 'refused-open-sampling', asked), ['violated', 'holds']);
});

test('a repair is found for a port too', async () => {
  const { smallest } = await repair({
    driver: withDecisions(shared.decisions),
    models: [modelIn(modelsFor(shared.pmu), 'counter-hpmcounter3')],
    environments: ['4.16'],
  });
  assert.equal(smallest, [['choosesByCounter', 'readsBothHalves', 'readsEveryCounter', 'publishesLast']]);
});

test.run();
