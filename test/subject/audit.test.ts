import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Environment, modelOf, propertyOf } from '../../models/index.ts';
import type { Verdict } from '../../src/facts/index.ts';
import { SourceAudit, type SourceOutcome } from '../../src/subject/index.ts';
import { built, needsCompiler } from './tiny.ts';

async function ask(
  defines: readonly string[],
  model: string,
  environment: Environment = '4.16',
  driver = 'tiny',
): Promise<SourceOutcome> {
  const audit = new SourceAudit(built(driver, defines));
  try {
    return await audit.decide(modelOf(model), environment, modelOf(model).properties.map(propertyOf));
  } finally {
    audit.close();
  }
}

const broken = ({ verdicts }: SourceOutcome): string[] =>
  [...verdicts].filter(([, { verdict }]) => verdict === 'violated').map(([id]) => id);

const test = suite('auditing C');

test('a sound driver keeps every property, and the scope is searched to its end', async () => {
  if (!needsCompiler()) return;
  const audit = new SourceAudit(built('tiny'));
  const models = [
    'refused-beside-live',
    'two-threads',
    'foreign-owner-two-threads',
    'two-of-a-kind',
    'group-of-two',
    'context-switch',
    'stop-and-start',
  ];
  for (const model of models)
    for (const environment of modelOf(model).environments) {
      const outcome = await audit.decide(modelOf(model), environment, modelOf(model).properties.map(propertyOf));
      assert.equal(broken(outcome), [], model);
      assert.ok(outcome.covered.exhaustive);
    }
  audit.close();
});

/** The last place in the C of the log that violates a property. */
function placeIn({ verdicts, places }: SourceOutcome, property: string) {
  const verdict = verdicts.get(property);
  assert.is(verdict?.verdict, 'violated');
  const { facts } = (verdict as Extract<Verdict, { verdict: 'violated' }>).counterexample;
  const all = places.get(facts)!;
  assert.is(all.length, facts.length);
  return all.findLast((place) => place !== undefined);
}

const MISTAKES: readonly [mistake: string, model: string, property: string, place: string][] = [
  ['BREAKS_SLOT', 'two-of-a-kind', 'slot-owner', 'tiny_add'],
  ['BREAKS_INDEX', 'context-switch', 'index-in-bounds', 'tiny_add'],
  ['BREAKS_OWNER', 'foreign-owner', 'foreign-owner-kept', 'tiny_event_init'],
  ['BREAKS_COUNT', 'foreign-owner', 'references-balance', 'tiny_event_init'],
  ['BREAKS_LOCK', 'foreign-owner-two-threads', 'mutex-discipline', 'tiny_event_init'],
  ['BREAKS_POINTER', 'context-switch', 'no-crash', 'tiny_read'],
  ['BREAKS_LOOP', 'two-harts', 'no-crash', 'tiny_stop'],
];

for (const [mistake, model, property, place] of MISTAKES)
  test(`${mistake} breaks ${property}, at a place in ${place}`, async () => {
    if (!needsCompiler()) return;
    const outcome = await ask([mistake], model);
    assert.ok(broken(outcome).includes(property), broken(outcome).join(' '));
    assert.is(placeIn(outcome, property)?.function, place);
    assert.match(placeIn(outcome, property)!.file, /tiny\.c$/);
  });

test('a counter of instructions that is read from cycle is found in a default scope, and only there', async () => {
  if (!needsCompiler()) return;
  assert.ok(broken(await ask(['BREAKS_INSTRUCTIONS'], 'instructions')).includes('count-exact'));
  assert.not.ok(broken(await ask([], 'instructions')).includes('count-exact'));
  assert.not.ok(broken(await ask(['BREAKS_INSTRUCTIONS'], 'context-switch')).includes('count-exact'));
});

test('undefined behaviour has its line', async () => {
  if (!needsCompiler()) return;
  const outcome = await ask(['BREAKS_SHIFT'], 'two-harts');
  assert.equal(broken(outcome), ['no-undefined-behaviour']);
  assert.equal(placeIn(outcome, 'no-undefined-behaviour')?.lines, [88, 88]);
});

test('a property that a driver has no part for is vacuous, and says what is lacking', async () => {
  if (!needsCompiler()) return;
  const opening = await ask([], 'two-threads', '4.16', 'bare');
  assert.is(opening.verdicts.get('references-balance')?.verdict, 'vacuous');
  assert.is(opening.lacking.get('references-balance'), 'the driver has no reference count of its events');
  assert.is(opening.lacking.get('reserved-while-live'), 'the driver has no perf_irq that says who holds the PMC');
  assert.is(opening.verdicts.get('init-all-or-nothing')?.verdict, 'vacuous');
  assert.is(opening.lacking.get('init-all-or-nothing'), 'the driver has no reference count of its events');
  const adding = await ask([], 'two-harts', '4.16', 'bare');
  assert.is(adding.lacking.get('slots-match-count'), 'the driver has no n_events for each CPU');
  assert.is(adding.verdicts.get('slot-owner')?.verdict, 'holds');
});

test('a search that is stopped is never a pass', async () => {
  if (!needsCompiler()) return;
  const audit = new SourceAudit(built('tiny'));
  const model = modelOf('two-threads');
  const outcome = await audit.decide(model, '4.16', [propertyOf('references-balance')], { limits: { states: 50 } });
  audit.close();
  assert.is(outcome.verdicts.get('references-balance')?.verdict, 'bounded');
});

test.run();
