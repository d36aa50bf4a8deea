import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import type { AuditTarget } from '../../src/audit/audit-target.ts';
import { Causes } from '../../src/audit/causes.ts';
import { compiled } from '../../src/audit/compiled.ts';
import { causeText, placeText } from '../../src/audit/texts.ts';
import { type Violation, violationsOf } from '../../src/audit/violation.ts';
import { type Build, build, readSource, SourceAudit } from '../../src/subject/index.ts';
import { needsShared, shared } from '../needs.ts';
import { rejects } from '../rejects.ts';
import { built, CACHE, needsCompiler } from '../subject/tiny.ts';

async function findings(build: Build, model: string): Promise<Violation[]> {
  const source = new SourceAudit(build);
  const target = compiled(source);
  try {
    return await violationsOf(await audit({ target, models: [modelOf(model)], environments: ['4.16'] }), target);
  } finally {
    source.close();
  }
}

const causes = suite('the cause of what C breaks');

causes('is no decision of another driver: the finding says where in this C, and no more', async () => {
  if (!needsCompiler()) return;
  const found = await findings(built('tiny', ['BREAKS_SUM']), 'context-switch');
  assert.ok(found.some(({ property }) => property.id === 'count-exact'));
  for (const { cause } of found) {
    assert.is(cause.kind, 'place');
    assert.is(causeText(cause), 'tiny_update violates a property, and no known change of it alone keeps that property');
  }
});

causes(
  'is found once, also where that began while others were searched; what fails is told to whoever asks',
  async () => {
    if (!needsCompiler()) return;
    const source = new SourceAudit(built('tiny', ['BREAKS_SUM']));
    try {
      const target = compiled(source);
      let asked = 0;
      const counted = (fails: boolean): AuditTarget => ({
        ...target,
        causeOf(...log) {
          asked++;
          return fails ? Promise.reject(new Error('no cause')) : target.causeOf(...log);
        },
      });
      const results = await audit({ target, models: [modelOf('context-switch')], environments: ['4.16'] });
      const plain = await violationsOf(results, target);
      const ahead = new Causes(counted(false));
      ahead.begin(results);
      assert.equal(
        (await violationsOf(results, target, ahead)).map(({ id, cause }) => [id, cause]),
        plain.map(({ id, cause }) => [id, cause]),
      );
      const once = asked;
      await violationsOf(results, target, ahead);
      assert.is(asked, once);
      const failing = new Causes(counted(true));
      failing.begin(results);
      await rejects(violationsOf(results, target, failing), /no cause/);
    } finally {
      source.close();
    }
  },
);

causes('is the decision of the posted driver in its own C, half a counter only on RV32', async () => {
  const seed = 'seed/perf-riscv-preliminary-support.txt';
  if (!needsCompiler() || !needsShared(seed)) return;
  const posted = build(await readSource(shared(seed)), { cache: CACHE });
  const named = async (model: string): Promise<string[]> =>
    (await findings(posted, model)).flatMap(({ cause }) => (cause.kind === 'decision' ? [cause.name] : [cause.kind]));
  assert.equal((await named('rv32')).toSorted(), ['publishesLast', 'readsBothHalves']);
  const wide = await named('context-switch');
  assert.ok(wide.includes('publishesLast'), wide.join());
  assert.not(wide.includes('readsBothHalves') || wide.includes('place'), wide.join());
});

causes('of a wrong answer stands at the return statement that gives it', async () => {
  if (!needsCompiler()) return;
  const build = built('tiny', ['BREAKS_ANSWER']);
  const [found] = (await findings(build, 'refused-open-raw')).filter(
    ({ property }) => property.id === 'errno-contract',
  );
  const line = build.source.text.split('\n').findIndex((text) => text.includes('return -EIO;')) + 1;
  assert.match(placeText(found!.cause), new RegExp(`^tiny_kind, tiny\\.c:${line}$`));
});

causes.run();
