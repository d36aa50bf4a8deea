import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MERGED_4_18, REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, MODELS, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import type { Verdict } from '../../src/facts/index.ts';
import { conform, conformModels, learnPmu, SourceAudit } from '../../src/subject/index.ts';
import { lengthsOf } from '../engine/check/in-short.ts';
import { built, needsCompiler } from './tiny.ts';

/** Asked only where there is time (`HARTPROOF_LONG=1`): the rest of the scopes takes a few minutes of processor time. */
const LARGE = ['any-order-event', 'any-order-opens', 'three-on-two', 'two-alike', 'group-that-cannot-fit'];
const EVERYTHING = process.env.HARTPROOF_LONG === '1';
const isAsked = ({ name }: { readonly name: string }): boolean => EVERYTHING || !LARGE.includes(name);

/** The C of each modelled driver: the family with the decisions that it takes otherwise. */
const DECIDES: Readonly<Record<DriverName, readonly string[]>> = {
  'as-posted': [],
  'merged-4.18': MERGED_4_18,
  repaired: REPAIRS,
};
const cOf = (name: DriverName): SourceAudit => new SourceAudit(built('family', DECIDES[name]));

const short = (verdict: Verdict | undefined): string =>
  verdict?.verdict === 'violated' ? `violated after ${lengthsOf(verdict.counterexample)} facts` : `${verdict?.verdict}`;

const test = suite('the C of the modelled drivers');

for (const name of Object.keys(DECIDES) as DriverName[]) {
  test(`${name} conforms to its model`, async () => {
    if (!needsCompiler()) return;
    const audit = cOf(name);
    for (const model of conformModels(learnPmu(audit.build), false).filter(isAsked))
      for (const environment of model.environments) {
        const { covered, difference } = await conform(audit, model, environment, DRIVERS[name]);
        assert.is(difference && JSON.stringify(difference), undefined, `${model.name}, ${environment}`);
        assert.ok(covered.exhaustive, `${model.name}, ${environment}: ${covered.stoppedBy}`);
      }
    audit.close();
  });

  test(`${name}: the verdicts of its model and of its C are the same`, async () => {
    if (!needsCompiler()) return;
    const audit = cOf(name);
    for (const asked of MODELS.filter((model) => !model.deep && isAsked(model)))
      for (const environment of asked.environments) {
        const properties = asked.properties.map(propertyOf);
        const ofModel = await check(compose(asked.scope, environment, DRIVERS[name]), properties);
        const ofC = await audit.decide(asked, environment, properties);
        for (const { id } of properties) {
          const model = ofModel.verdicts.get(id);
          // Of what the C lacks a part for, it says only what is broken.
          const expected = ofC.lacking.has(id) && model?.verdict !== 'violated' ? 'vacuous' : short(model);
          assert.is(short(ofC.verdicts.get(id)), expected, `${asked.name}, ${environment}: ${id}`);
        }
      }
    audit.close();
  });
}

test('each of them is told from the others', async () => {
  if (!needsCompiler()) return;
  const [model] = MODELS.filter(({ name }) => name === 'stop-and-start');
  for (const name of ['merged-4.18', 'repaired'] as const) {
    const audit = cOf(name);
    assert.ok((await conform(audit, model!, '4.16', DRIVERS['as-posted'])).difference);
    audit.close();
  }
});

test.run();
