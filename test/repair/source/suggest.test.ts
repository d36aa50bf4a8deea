import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Replacement } from 'sarif';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DecisionName, REPAIRS } from '../../../machines/driver/decisions.ts';
import { DRIVERS, decides, driverNamed } from '../../../machines/drivers.ts';
import { ENVIRONMENTS, type Environment, MODELS, modelOf } from '../../../models/index.ts';
import { auditOfSource } from '../../../src/cli/source.ts';
import { scopesOf } from '../../../src/repair/ask.ts';
import { type Repair, repair } from '../../../src/repair/repair.ts';
import { Auditor } from '../../../src/repair/source/auditor.ts';
import { brokenInAudit, keyOf } from '../../../src/repair/source/broken-in-c.ts';
import { fixesOf } from '../../../src/repair/source/fixes.ts';
import { patchOf } from '../../../src/repair/source/patch.ts';
import { patchNote, suggestionsReport } from '../../../src/repair/source/report.ts';
import { rewrite } from '../../../src/repair/source/rewrite.ts';
import { type Suggestions, suggest } from '../../../src/repair/source/suggest.ts';
import { toSarif } from '../../../src/reports/sarif.ts';
import { build, type DriverSource, fileSource, NoSubject, readSource } from '../../../src/subject/index.ts';
import { isValid } from '../../audit/sarif-schema.ts';
import { needs, needsShared, shared } from '../../needs.ts';
import { CACHE, needsCompiler } from '../../subject/tiny.ts';

const SEED = 'seed/perf-riscv-preliminary-support.txt';
const sloppy = fileSource(fileURLToPath(new URL('sloppy.c', import.meta.url)));
const everything = scopesOf(
  MODELS.filter(({ deep }) => !deep),
  ENVIRONMENTS,
);

const auditor = new Auditor({ cache: CACHE });
const test = suite('suggestions in C');
test.after(() => auditor.close());

async function suggested(source: DriverSource, names: readonly string[], environments: readonly Environment[]) {
  const models = names.map(modelOf);
  const scopes = scopesOf(models, environments);
  const found: Repair = await repair({ driver: DRIVERS['as-posted'], models, environments });
  const broken = await auditor.audit(source, scopes);
  return { found, suggestions: await suggest({ source, scopes, broken }, found, auditor) };
}

const patchIn = (one: Suggestions['whole'] | undefined): string | undefined =>
  one !== undefined && 'patch' in one ? one.patch : undefined;
const whyNone = (one: Suggestions['whole'] | undefined): string | undefined =>
  one !== undefined && 'withheld' in one ? one.withheld : undefined;

test('with all changes in its C, the seed keeps every property to every caller, and git takes the patch', async () => {
  if (!needsCompiler() || !needsShared(SEED)) return;
  const seed = await readSource(shared(SEED));
  const { source } = rewrite(seed, REPAIRS);
  for (const [scope, broken] of await auditor.audit(source, everything)) assert.equal([...broken], [], scope);
  if (!needs('git', hasGit())) return;
  assert.is(applied(seed, patchOf(seed, source)), source.text);
});

test('and so does another driver of its design', async () => {
  if (!needsCompiler()) return;
  const { source } = rewrite(sloppy, REPAIRS);
  const quick = everything.filter(
    ({ environment, model }) => ['4.16', 'any-order'].includes(environment) && model.name !== 'three-on-two',
  );
  for (const [scope, broken] of await auditor.audit(source, quick)) assert.equal([...broken], [], scope);
});

test('and with one of them left out, it does not', async () => {
  if (!needsCompiler()) return;
  const cases: [DecisionName, string, Environment, string][] = [
    ['readsBothHalves', 'rv32', '4.16', 'count-exact'],
    ['startsFresh', 'context-switch', '4.16', 'count-exact'],
    ['toleratesStopped', 'stop-and-start', 'current', 'no-warning'],
    ['refusesUnfitGroups', 'group-that-cannot-fit', '4.16', 'no-admission-of-the-impossible'],
    ['countsUnderMutex', 'two-threads', '4.16', 'reserved-while-live'],
    ['leavesIndex', 'any-order-event', 'any-order', 'index-in-bounds'],
  ];
  for (const [change, model, environment, property] of cases) {
    const { source, left } = rewrite(
      sloppy,
      REPAIRS.filter((name) => name !== change),
    );
    assert.is(left.size, 0);
    const [broken] = (await auditor.audit(source, scopesOf([modelOf(model)], [environment]))).values();
    assert.ok(broken!.has(property), `${property} without ${change}`);
  }
});

test('a change is shown when its audit passes, with what it mends', async () => {
  if (!needsCompiler()) return;
  const { found, suggestions } = await suggested(sloppy, ['two-of-a-kind'], ['4.16']);
  const { file, whole, single } = suggestions;
  assert.match(file, /(^|\/)sloppy\.c$/);
  assert.equal(whole.changes, ['choosesByCounter']);
  assert.match(patchIn(whole)!, '+\tif (here->on[e->hw.config])');
  assert.is(patchIn(single[0]), patchIn(whole));
  assert.ok('mends' in whole && whole.mends.some(({ property }) => property === 'enospc-iff-full'));
  const report = stripVTControlCharacters(suggestionsReport(suggestions, found.leftOut));
  assert.match(report, 'choosesByCounter: add answers ENOSPC when the slot of its counter is taken');
  assert.match(report, 'The set cannot do without it, for slots-match-count');
  assert.match(report, 'Its audit passed, in 1 search: it mends');
  const [, name] = /^a recording of the driver that fix\.patch makes: .* --driver (\S+)$/.exec(
    patchNote('fix.patch', whole),
  )!;
  assert.is(name, 'as-posted+choosesByCounter');
  const machine = driverNamed(name!)!;
  assert.ok(decides(machine, 'choosesByCounter') && !decides(machine, 'startsFresh'));
});

test('what its audit found has the change as a fix where the audit of the change shows that it is mended, and only there', async () => {
  if (!needsCompiler()) return;
  const { suggestions } = await suggested(sloppy, ['two-of-a-kind'], ['4.16']);
  const asked = [modelOf('two-of-a-kind'), modelOf('foreign-owner')];
  const { signal } = new AbortController();
  const { report, results: audited } = await auditOfSource(build(sloppy, { cache: CACHE }), asked, ['4.16'], signal);
  // The same audit says what is broken: none of its own is needed for that.
  assert.equal(brokenInAudit(audited), await auditor.audit(sloppy, scopesOf(asked, ['4.16'])));
  const fixed = toSarif({ ...report, fixes: fixesOf(suggestions) });
  assert.ok(isValid(JSON.parse(JSON.stringify(fixed))), JSON.stringify(isValid.errors));
  const results = fixed.runs[0]!.results!;
  const mended = results.filter(({ fixes }) => fixes !== undefined);
  assert.equal(
    mended.map(({ ruleId }) => ruleId),
    ['choosesByCounter'],
  );
  assert.ok(results.length > mended.length);
  const [fix, ...others] = mended[0]!.fixes!;
  assert.is(others.length, 0);
  assert.match(
    fix!.description!.text!,
    /^choosesByCounter: with this change to the C, no property is violated any more/,
  );
  const [{ deletedRegion, insertedContent }] = fix!.artifactChanges[0]!.replacements as [Replacement];
  assert.match(insertedContent!.text!, '\tif (here->on[e->hw.config])');
  assert.ok(deletedRegion.startLine! < deletedRegion.endLine!);
});

test('none is shown whose audit does not pass', async () => {
  if (!needsCompiler()) return;
  // What no change mends: the slot stays taken, although the event is gone from it.
  const text = sloppy.text.replace('here->on[e->hw.idx] = NULL;', ';');
  assert.is.not(text, sloppy.text);
  const { suggestions } = await suggested({ ...sloppy, text }, ['two-of-a-kind'], ['4.16']);
  assert.match(whyNone(suggestions.whole)!, /in two-of-a-kind, 4\.16 is still violated$/);
  assert.match(patchNote('fix.patch', suggestions.whole), /^fix\.patch is not written: .* is still violated$/);
  assert.match(whyNone(suggestions.single[0])!, /stays violated in 4\.16, which it mends in the model$/);
});

/** What is suggested for the slots when audits come to this: as it is, and with the change. */
async function judged(before: readonly string[], after: readonly string[] | Error) {
  const scopes = scopesOf([modelOf('two-of-a-kind')], ['4.16']);
  const found = await repair({
    driver: DRIVERS['as-posted'],
    models: [modelOf('two-of-a-kind')],
    environments: ['4.16'],
  });
  const broken = (ids: readonly string[]) => new Map(scopes.map((scope) => [keyOf(scope), new Set(ids)]));
  const audit = async () => {
    if (after instanceof Error) throw after;
    return broken(after);
  };
  return suggest({ source: sloppy, scopes, broken: broken(before) }, found, { audit });
}

test('nor one that breaks what was not broken, leaves what it should mend, or was not audited to the end', async () => {
  const SLOTS = ['slots-match-count', 'slot-owner', 'enospc-iff-full'];
  const worse = await judged(SLOTS, ['no-crash']);
  assert.is(whyNone(worse.single[0]), 'with it and no more, no-crash in two-of-a-kind, 4.16 is violated, and was not');
  assert.is(whyNone(worse.whole), 'no-crash in two-of-a-kind, 4.16 is still violated');
  const useless = await judged(SLOTS, ['slot-owner']);
  assert.is(whyNone(useless.single[0]), 'slot-owner stays violated in 4.16, which it mends in the model');
  const stopped = await judged(SLOTS, new NoSubject('its audit stopped'));
  assert.is(whyNone(stopped.single[0]), 'its audit stopped');
  assert.is(whyNone(stopped.whole), 'its audit stopped');
  const good = await judged(SLOTS, []);
  assert.ok(patchIn(good.whole) !== undefined && patchIn(good.single[0]) !== undefined);
});

test('where the model needs no change, or no change helps it, none is suggested', async () => {
  const scopes = scopesOf([modelOf('two-of-a-kind')], ['4.16']);
  const broken = new Map(scopes.map((scope) => [keyOf(scope), new Set(['no-crash'])]));
  const nobody = { audit: () => assert.unreachable() as never };
  for (const [smallest, why] of [
    [[[]], 'the model needs none'],
    [[], 'no set of the known changes'],
  ] as const) {
    const found = { broken: true, smallest, alone: [], leftOut: [], concerns: new Map(), searches: 0 };
    const suggestions = await suggest({ source: sloppy, scopes, broken }, found, nobody);
    assert.equal(suggestions.single, []);
    assert.match(whyNone(suggestions.whole)!, why);
    assert.match(stripVTControlCharacters(suggestionsReport(suggestions, [])), `sloppy.c\n no suggestion: ${why}`);
  }
});

test('what a change needs in C is in the set, if need be beside it', async () => {
  const scopes = scopesOf([modelOf('refused-open-sampling')], ['5.10']);
  const found = { broken: true, alone: [], leftOut: [], concerns: new Map(), searches: 0 };
  const asIs = { source: sloppy, scopes, broken: new Map(scopes.map((one) => [keyOf(one), new Set<string>()])) };
  const audit = async () => asIs.broken;
  const wholeOf = async (...smallest: (readonly DecisionName[])[]) =>
    (await suggest(asIs, { ...found, smallest }, { audit })).whole.changes;
  assert.equal(await wholeOf(['refusesSampling']), ['refusesSampling', 'mapsFirst']);
  const [one, other] = [['refusesSampling', 'givesReferenceBack'] as const, ['refusesSampling', 'mapsFirst'] as const];
  assert.equal(await wholeOf(one, other), [...other]);
});

test('a change that is not recognised in the C is said to be so', async () => {
  if (!needsCompiler()) return;
  const text = sloppy.text.replace('here->n_events >= COUNTERS', '(how & 8) || here->n_events / COUNTERS > 0');
  const strange = { ...sloppy, text: text.replace('return -ENOSPC;', '{ how = 0; return -ENOSPC; }') };
  const { suggestions } = await suggested(strange, ['two-of-a-kind'], ['4.16']);
  assert.match(whyNone(suggestions.single[0])!, /^sloppy_add: if \(… n_events …\) return -ENOSPC was not found$/);
  assert.match(whyNone(suggestions.whole)!, /^without choosesByCounter \(sloppy_add: .*is still violated$/);
});

test('C that does not compile is refused with what it lacks', async () => {
  if (!needsCompiler()) return;
  const broken = { ...sloppy, text: `${sloppy.text}\nint nowhere = missing();\n` };
  try {
    await auditor.audit(broken, scopesOf([modelOf('two-threads')], ['4.16']));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'missing');
  }
});

function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The file that `git apply` makes of a source. */
function applied({ path, text }: DriverSource, patch: string): string {
  const tree = mkdtempSync(join(tmpdir(), 'hartproof-apply-'));
  try {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
    execFileSync('git', ['apply', '--whitespace=error-all', '-'], { cwd: tree, input: patch });
    return readFileSync(join(tree, path), 'utf8');
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

test.run();
