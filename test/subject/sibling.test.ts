import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Environment, modelIn, modelOf, propertyOf } from '../../models/index.ts';
import { compiled } from '../../src/audit/compiled.ts';
import { modelsFor } from '../../src/porting/index.ts';
import { learnPmu, SourceAudit } from '../../src/subject/index.ts';
import { SUBJECT_PROPERTIES } from '../../src/subject/properties.ts';
import { isForRv32 } from '../../src/subject/xlen.ts';
import { built, needsCompiler } from './tiny.ts';
import { tinyWith } from './variants.ts';

/** The properties that a driver breaks in some models: for each, of what kind its cause is, and in which function. */
async function broken(
  defines: readonly string[],
  models: readonly string[],
  environment: Environment = '4.16',
): Promise<Record<string, string>> {
  const build = built('sibling', defines);
  const known = modelsFor(learnPmu(build));
  const audit = new SourceAudit(build);
  const found: Record<string, string> = {};
  for (const model of models.map((name) => modelIn(known, name))) {
    const properties = model.properties.map(propertyOf);
    const { verdicts } = await audit.decide(model, environment, properties);
    for (const property of [...properties, ...SUBJECT_PROPERTIES]) {
      const verdict = verdicts.get(property.id);
      if (verdict?.verdict !== 'violated') continue;
      const cause = await compiled(audit).causeOf(property, verdict.counterexample.facts, model, environment);
      found[property.id] ??= `${cause.kind} ${cause.kind === 'place' ? cause.function : ''}`;
    }
  }
  audit.close();
  return found;
}

const test = suite('a driver of the family that reserves by an interrupt line');

const SOUND = [
  ['RESERVES'],
  ['GENERAL', 'REFCOUNT'],
  ['GENERAL', 'WRITES', 'BITMAP_FIRST'],
  ['POINTERS', 'STATISTICS'],
  ['ARRAY_OF_POINTERS', 'PERIOD'],
  ['LOCKED', 'CAPABILITIES'],
  ['NEGATIVE', 'SUMS'],
];
for (const defines of SOUND)
  test(`sound, it has no finding: ${defines.join(' ')}`, async () => {
    if (!needsCompiler()) return;
    assert.equal(await broken(defines, ['refused-open-software', 'instructions']), {});
    assert.equal(await broken(defines, ['stop-and-start', 'foreign-owner'], 'current'), {});
  });

/** A fault, where it shows, and all that it breaks there: no cause of 2018 is one of it. */
const FAULTS: readonly (readonly [
  fault: string,
  model: string,
  properties: Record<string, string>,
  environment?: Environment,
])[] = [
  ['BREAKS_FOREIGN', 'refused-open-software', { 'errno-contract': 'place sib_event_init' }],
  [
    'BREAKS_LEAK',
    'refused-open-cache-misses',
    {
      'references-balance': 'place sib_get',
      'init-all-or-nothing': 'place sib_event_init',
      // The count that is kept never comes back to zero.
      drains: 'place ',
    },
  ],
  ['BREAKS_SHIFT', 'refused-open-software', { 'no-undefined-behaviour': 'place sib_event_init' }],
  ['BREAKS_COUNTER', 'instructions', { 'count-exact': 'place sib_read' }],
  ['BREAKS_SLOT', 'instructions', { 'slots-match-count': 'place sib_del' }],
  ['BREAKS_TWICE', 'context-switch', { 'count-exact': 'place sib_read', 'userpage-consistent': 'place sib_read' }],
  ['BREAKS_PREV', 'context-switch', { 'count-exact': 'place sib_read', 'userpage-consistent': 'place sib_read' }],
  ['BREAKS_FINAL', 'context-switch', { 'count-exact': 'place sib_del' }],
  ['BREAKS_STALE', 'context-switch', { 'count-exact': 'place sib_read' }],
  ['BREAKS_COUNT', 'instructions', { 'slots-match-count': 'place sib_del' }],
  ['BREAKS_LIMIT', 'group-of-two', { 'enospc-iff-full': 'place sib_add' }],
  ['BREAKS_WARN', 'stop-and-start', { 'no-warning': 'place sib_stop' }, 'current'],
  [
    'BREAKS_SHARED',
    'two-of-a-kind',
    { 'slots-match-count': 'place sib_add', 'slot-owner': 'place sib_add', 'enospc-iff-full': 'place sib_add' },
  ],
  [
    'BREAKS_NULL',
    'refused-open-stalled-cycles',
    {
      'no-undefined-behaviour': 'place sib_event_init',
      'no-crash': 'place sib_event_init',
      // Nothing goes on after it.
      'no-deadlock': 'place sib_event_init',
      recovers: 'place ',
      drains: 'place ',
    },
  ],
  [
    'BREAKS_UNLOCK',
    'foreign-owner',
    {
      'mutex-discipline': 'place sib_get',
      // Who opens next waits for ever.
      'no-deadlock': 'place sib_get',
      recovers: 'place sib_get',
      drains: 'place sib_get',
    },
  ],
  [
    'GENERAL BREAKS_FULL',
    'counters-given-out',
    {
      'index-in-bounds': 'place sib_add',
      'slots-match-count': 'place sib_add',
      'slot-owner': 'place sib_add',
      'enospc-iff-full': 'place sib_add',
    },
  ],
  ['GENERAL BREAKS_PUT', 'counters-given-out', { 'enospc-iff-full': 'place sib_add' }],
];
for (const [fault, model, properties, environment] of FAULTS)
  test(`broken, it breaks what its fault breaks, and where: ${fault}`, async () => {
    if (!needsCompiler()) return;
    assert.equal(await broken(fault.split(' '), [model], environment), properties);
  });

test('what is read of an unknown register at boot leaves everything open; what is set there does not', async () => {
  if (!needsCompiler()) return;
  const of = async (boot: string) => {
    const audit = new SourceAudit(tinyWith({ boot }));
    const { verdicts } = await audit.decide(modelOf('refused-open-software'), '4.16', [propertyOf('errno-contract')]);
    audit.close();
    return verdicts.get('errno-contract');
  };
  const reason = 'not known here: the register 0x7c0, which the driver reads while it boots';
  assert.equal(await of('\tif (csr_read(0x7c0))\n\t\treturn -ENODEV;'), { verdict: 'bounded', reason });
  assert.is((await of('\tcsr_set(0x7c0, 1);'))?.verdict, 'holds');
});

test('RV32 is asked of what is for it: a branch that compiles for it, and no assertion against it', () => {
  if (!needsCompiler()) return;
  assert.ok(isForRv32(built('sibling')));
  assert.not(isForRv32(built('port')));
  const at = (globals: string) => isForRv32(tinyWith({ globals }));
  assert.ok(at('#ifdef CONFIG_64BIT\n#define WIDE 1\n#endif'));
  assert.not(at('#ifndef CONFIG_64BIT\n#error only for 64 bits\n#endif'));
  assert.not(at('#ifdef CONFIG_64BIT\n#endif\n_Static_assert(sizeof(long) == 8, "only for 64 bits");'));
  assert.not(at('/* not for CONFIG_32BIT */'));
});

test.run();
