import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelIn, modelOf, propertyOf } from '../../models/index.ts';
import { compiled } from '../../src/audit/compiled.ts';
import { modelsFor } from '../../src/porting/index.ts';
import { learnPmu, SourceAudit } from '../../src/subject/index.ts';
import { SUBJECT_PROPERTIES } from '../../src/subject/properties.ts';
import { isForRv32 } from '../../src/subject/xlen.ts';
import { built, needsCompiler } from './tiny.ts';
import { tinyWith } from './variants.ts';

/** The properties that a driver breaks in some models: for each, of what kind its cause is, and in which function. */
async function broken(defines: readonly string[], models: readonly string[]): Promise<Record<string, string>> {
  const build = built('sibling', defines);
  const known = modelsFor(learnPmu(build));
  const audit = new SourceAudit(build);
  const found: Record<string, string> = {};
  for (const model of models.map((name) => modelIn(known, name))) {
    const properties = model.properties.map(propertyOf);
    const { verdicts } = await audit.decide(model, '4.16', properties);
    for (const property of [...properties, ...SUBJECT_PROPERTIES]) {
      const verdict = verdicts.get(property.id);
      if (verdict?.verdict !== 'violated') continue;
      const cause = await compiled(audit).causeOf(property, verdict.counterexample.facts, model, '4.16');
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
  });

/** A fault, where it shows, and all that it breaks there: no cause of 2018 is one of it. */
const FAULTS: readonly (readonly [string, string, Record<string, string>])[] = [
  ['FOREIGN', 'refused-open-software', { 'errno-contract': 'place sib_event_init' }],
  [
    'LEAK',
    'refused-open-cache-misses',
    {
      'references-balance': 'place sib_get',
      'init-all-or-nothing': 'place sib_event_init',
      // The count that is kept never comes back to zero.
      drains: 'place ',
    },
  ],
  ['SHIFT', 'refused-open-software', { 'no-undefined-behaviour': 'place sib_event_init' }],
  ['COUNTER', 'instructions', { 'count-exact': 'place sib_read' }],
  ['SLOT', 'instructions', { 'slots-match-count': 'place sib_del' }],
  ['TWICE', 'context-switch', { 'count-exact': 'place sib_read', 'userpage-consistent': 'place sib_read' }],
];
for (const [fault, model, properties] of FAULTS)
  test(`broken, it breaks what its fault breaks, and where: ${fault}`, async () => {
    if (!needsCompiler()) return;
    assert.equal(await broken([`BREAKS_${fault}`], [model]), properties);
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
