import type { Log, Result } from 'sarif';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { reportOf } from '../../src/audit/report.ts';
import { byCause, type Finding } from '../../src/findings/finding.ts';
import { lineHashes } from '../../src/reports/sarif/line-hashes.ts';
import { toSarif } from '../../src/reports/sarif.ts';
import { samples } from './audit-result.ts';
import { notForGithub } from './sarif-github.ts';
import { isValid } from './sarif-schema.ts';

const resultsOf = (log: Log): Result[] => log.runs[0]!.results!;
let log: Log;

let various: AuditResult;
let stopped: AuditResult;
let clean: AuditResult;
const sarif = suite('SARIF');

sarif.before(async () => {
  ({ various, stopped, clean } = await samples());
  log = toSarif(reportOf(various));
});

sarif('is valid by the official schema', () => {
  for (const result of [various, stopped, clean]) {
    const written = JSON.parse(JSON.stringify(toSarif(reportOf(result))));
    assert.ok(isValid(written), JSON.stringify(isValid.errors));
  }
});

sarif('is held against a schema that can say no', () => {
  const written = JSON.parse(JSON.stringify(log));
  written.runs[0].results[0].level = 'fatal';
  assert.not(isValid(written));
});

sarif('has a result for each cause, by the name of what is wrong, with a rule for it', () => {
  const groups = byCause(reportOf(various).findings).filter((group) => group.some(({ reachable }) => reachable));
  assert.equal(
    resultsOf(log).map(({ partialFingerprints }) => partialFingerprints!['hartproofFinding/v1']),
    groups.map(([first]) => first!.id),
  );
  const { rules } = log.runs[0]!.tool.driver;
  for (const { ruleId, ruleIndex } of resultsOf(log)) assert.is(rules![ruleIndex!]!.id, ruleId);
  const race = resultsOf(log).find(({ ruleId }) => ruleId === 'countsUnderMutex')!;
  assert.match(race.message.text!, /^riscv_active_events changes outside pmc_reserve_mutex/);
  const { violates } = race.properties! as unknown as { violates: string[] };
  assert.ok(violates.includes('busy-is-true') && violates.includes('reserved-while-live'), `${violates}`);
  // The other properties stand beside it.
  assert.is(race.relatedLocations!.length, (race.properties!.findings as string[]).length - 1);
  assert.match(race.relatedLocations![0]!.message!.text!, /^It also violates [\w-]+: /);
});

sarif('has the severity as level; what only a caller without a contract can do is off, and a note', () => {
  const levels = (of: Log) => new Map(resultsOf(of).map(({ level, ruleId }) => [ruleId!, level]));
  assert.is(levels(log).get('countsUnderMutex'), 'error');
  assert.is(levels(log).get('guard-index-in-bounds'), undefined);
  const all = toSarif(reportOf(various), { guards: true });
  assert.is(levels(all).get('guard-index-in-bounds'), 'note');
  const off = all.runs[0]!.tool.driver.rules!.filter(({ defaultConfiguration }) => !defaultConfiguration!.enabled);
  assert.ok(off.length > 0);
  assert.ok(isValid(JSON.parse(JSON.stringify(all))), JSON.stringify(isValid.errors));
});

sarif('keeps what the code scanning of GitHub documents', () => {
  for (const of of [log, toSarif(reportOf(various), { guards: true }), toSarif(reportOf(clean))])
    assert.equal(notForGithub(of), []);
});

sarif('is held against rules of GitHub that can say no', () => {
  const [rule, first] = [log.runs[0]!.tool.driver.rules![0]!, resultsOf(log)[0]!];
  const broken = (change: (of: Log) => void): string[] => {
    const copy = JSON.parse(JSON.stringify(log)) as Log;
    change(copy);
    return notForGithub(copy);
  };
  const ruleIn = (of: Log) => of.runs[0]!.tool.driver.rules![0]!;
  assert.equal(
    broken((of) => Object.assign(ruleIn(of), { help: {} })),
    [`rule ${rule.id}: help.text`],
  );
  assert.equal(
    broken((of) => Object.assign(ruleIn(of).properties!, { tags: new Array(21).fill('a') })),
    [`rule ${rule.id}: tags`],
  );
  const far = { physicalLocation: { artifactLocation: { uri: 'file:///home/a b.c' }, region: { startLine: 1 } } };
  assert.equal(
    broken((of) => Object.assign(resultsOf(of)[0]!, { locations: [far] })),
    [`result ${first.ruleId}: uri`],
  );
});

sarif('has the fingerprint by which GitHub knows a line again, where the text is at hand', () => {
  const text = Array.from({ length: 600 }, (_, line) => `line ${line}\n`).join('');
  const [result] = resultsOf(toSarif({ ...reportOf(various), textAt: () => text }));
  const { startLine } = result!.locations![0]!.physicalLocation!.region!;
  assert.is(result!.partialFingerprints!.primaryLocationLineHash, lineHashes(text)[startLine! - 1]);
  assert.is(resultsOf(log)[0]!.partialFingerprints!.primaryLocationLineHash, undefined);
  // Values that GitHub's own action has for these texts.
  assert.equal(lineHashes(''), ['c129715d7a2bc9a3:1']);
  const hashes = ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1'];
  assert.equal(lineHashes(' a\nb\n  \t\tc\n d'), hashes);
  assert.equal(lineHashes(' a\r\nb\r  \t\tc\n d'), hashes);
  assert.equal(
    lineHashes('x\n'.repeat(3)).map((hash) => hash.split(':')[1]),
    ['1', '1', '1', '1'],
  );
});

sarif('has the patch that mends a cause, as a fix of its lines', () => {
  const patch = '--- a/d.c\n+++ b/d.c\n@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n four\n';
  const text = 'With it, it holds.';
  const mends = ({ decision }: Finding): boolean => decision === 'countsUnderMutex';
  const of = toSarif({ ...reportOf(various), fixes: [{ patch, text, mends }] });
  assert.equal(notForGithub(of), []);
  assert.ok(isValid(JSON.parse(JSON.stringify(of))), JSON.stringify(isValid.errors));
  const fixed = resultsOf(of).filter(({ fixes }) => fixes !== undefined);
  assert.equal(
    fixed.map(({ ruleId }) => ruleId),
    ['countsUnderMutex'],
  );
  assert.is(fixed[0]!.fixes![0]!.description!.text, text);
  assert.equal(fixed[0]!.fixes![0]!.artifactChanges, [
    {
      artifactLocation: { uri: 'd.c', uriBaseId: '%SRCROOT%' },
      replacements: [
        {
          deletedRegion: { startLine: 2, startColumn: 1, endLine: 5, endColumn: 1 },
          insertedContent: { text: 'two\nTHREE\nfour\n' },
        },
      ],
    },
  ]);
});

sarif('shows the shortest log along the lines of the driver', () => {
  const race = resultsOf(log).find(({ ruleId }) => ruleId === 'countsUnderMutex')!;
  assert.equal(race.locations![0]!.physicalLocation!.region, { startLine: 389, endLine: 390 });
  const busy = race.codeFlows!.find(({ message }) => message!.text!.includes('(busy-is-true)'))!;
  const flow = busy.threadFlows[0]!.locations;
  const lines = flow.map(({ location }) => location!.physicalLocation!.region!.startLine);
  assert.equal(lines.slice(0, 4), [389, 389, 355, 356]);
  const essential = flow.filter(({ importance }) => importance === 'essential');
  assert.is(essential.length, 1);
  assert.match(essential[0]!.location!.message!.text!, /EBUSY.*this step violates the property/);
});

sarif('has a line for every step of every flow, and tells what happens outside the driver with the next one', () => {
  for (const { codeFlows } of resultsOf(log))
    for (const { location } of codeFlows![0]!.threadFlows[0]!.locations)
      assert.is(location!.physicalLocation!.artifactLocation!.uri, 'arch/riscv/kernel/perf_event.c');
  const migrated = resultsOf(log).find(({ ruleId }) => ruleId === 'startsFresh')!;
  const told = migrated.codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location!.message!.text);
  assert.ok(told.some((text) => text!.includes('cycle advances by 1') && text!.includes(' Then ')));
});

sarif('says that a search was cut short', () => {
  const { toolExecutionNotifications } = toSarif(reportOf(stopped)).runs[0]!.invocations![0]!;
  assert.match(toolExecutionNotifications![0]!.message.text!, /no pass/);
});

sarif('says what is new against a baseline', () => {
  const [first] = byCause(reportOf(various).findings);
  const compared = { known: new Set(first!.map(({ id }) => id)), fresh: 1, freshGuards: 0, gone: [], notAsked: [] };
  const states = resultsOf(toSarif(reportOf({ ...various, compared }))).map(({ baselineState }) => baselineState);
  assert.equal(states.slice(0, 2), ['unchanged', 'new']);
});

sarif.run();
