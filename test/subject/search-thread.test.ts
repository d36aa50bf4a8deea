import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { modelOf, propertyOf } from '../../models/index.ts';
import { compareIn } from '../../src/audit/conformance/compare.ts';
import type { Compared } from '../../src/audit/conformance/conformance-result.ts';
import { NoSubject, SourceAudit } from '../../src/subject/index.ts';
import { SearchThread } from '../../src/subject/search-thread.ts';
import { built, CACHE, needsCompiler } from './tiny.ts';

const MODEL = modelOf('two-of-a-kind');
const ASKED = MODEL.properties.map(propertyOf);

const test = suite('a thread in which C is searched');

test('finds what is found without one, and of one search says so however often it answers', async () => {
  if (!needsCompiler()) return;
  const build = built('tiny');
  const audit = new SourceAudit(build);
  const thread = new SearchThread();
  try {
    const here = await audit.decide(MODEL, '4.16', ASKED);
    const there = await thread.decide(audit, MODEL, '4.16', ASKED);
    const again = await thread.decide(audit, MODEL, '5.10', ASKED);
    const plain = ({ covered, ...outcome }: typeof here) => ({ ...outcome, states: covered.states });
    assert.equal(plain(there), plain(here));
    assert.is(again, there);
  } finally {
    audit.close();
    await thread.close();
  }
});

test('decides nothing when it is stopped, or closed', async () => {
  if (!needsCompiler()) return;
  const build = { build: built('tiny'), everyAccess: false };
  const thread = new SearchThread();
  try {
    const stopped = await thread.decide(build, MODEL, '4.16', ASKED, { signal: AbortSignal.abort() });
    assert.is(stopped.covered.stoppedBy, 'interrupted');
    assert.ok([...stopped.verdicts.values()].every(({ verdict }) => verdict !== 'holds'));
    const whole = await thread.decide(build, MODEL, '4.16', ASKED);
    assert.ok(whole.covered.exhaustive);
    const left = thread.decide(build, modelOf('two-harts'), '4.16', ASKED);
    await thread.close();
    assert.is((await left).covered.stoppedBy, 'interrupted');
    assert.is((await thread.decide(build, MODEL, '4.16', ASKED)).covered.stoppedBy, 'interrupted');
  } finally {
    await thread.close();
  }
});

test('says of a driver that does not boot that it is no subject', async () => {
  if (!needsCompiler()) return;
  const build = built('tiny');
  const thread = new SearchThread();
  try {
    await thread.decide({ build: { ...build, object: '/dev/null' }, everyAccess: false }, MODEL, '4.16', ASKED);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, NoSubject);
  } finally {
    await thread.close();
  }
});

test('compares as is compared without one, up to the first difference', async () => {
  if (!needsCompiler()) return;
  const source = new SourceAudit(built('tiny'));
  const threads = [new SearchThread(), new SearchThread()];
  const scopes = ['two-of-a-kind', 'foreign-owner', 'two-threads'].map((name) => ({
    model: modelOf(name),
    environment: '4.16' as const,
  }));
  const options = { signal: new AbortController().signal, onProgress: () => {}, onCompared: () => {} };
  try {
    const machine = DRIVERS['as-posted'];
    const plain = ({ compared }: { compared: readonly Compared[] }) =>
      compared.map(({ model, covered, difference }) => [model.name, covered.states, difference?.token]);
    const there = await compareIn({ source, machine, threads }, scopes, options);
    assert.equal(plain(there), plain(await compareIn({ source, machine, threads: [] }, scopes, options)));
    assert.ok(there.compared.at(-1)?.difference !== undefined);
    // Copies of a driver that differs tell nothing.
    const copies = { models: [modelOf('foreign-owner')], settings: { cache: CACHE }, onTested: () => {} };
    const broken = await compareIn({ source, machine, threads }, scopes, { ...options, copies });
    assert.equal(plain(broken), plain(there));
    assert.equal(broken.tested, []);
  } finally {
    source.close();
    for (const thread of threads) await thread.close();
  }
});

test.run();
