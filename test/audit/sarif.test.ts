import type { Log, Result } from 'sarif';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { reportOf } from '../../src/audit/report.ts';
import { toSarif } from '../../src/reports/sarif.ts';
import { samples } from './audit-result.ts';
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

sarif('has a result for each finding, by the id of its property, with the finding as its fingerprint', () => {
  assert.equal(
    resultsOf(log).map(({ ruleId, partialFingerprints }) => [ruleId, Object.values(partialFingerprints!)[0]]),
    various.findings.map(({ id, property }) => [property.id, id]),
  );
  const { rules } = log.runs[0]!.tool.driver;
  for (const { ruleId, ruleIndex } of resultsOf(log)) assert.is(rules![ruleIndex!]!.id, ruleId);
});

sarif('has the severity as level, and calls what only a caller without a contract can do a note', () => {
  const levels = new Map(resultsOf(log).map(({ level, properties }) => [properties!.findingId, level]));
  assert.is(levels.get('busy-is-true/countsUnderMutex'), 'error');
  assert.is(levels.get('index-in-bounds/del when inactive'), 'note');
});

sarif('shows the shortest log along the lines of the driver', () => {
  const race = resultsOf(log).find(({ properties }) => properties!.findingId === 'busy-is-true/countsUnderMutex')!;
  assert.equal(race.locations![0]!.physicalLocation!.region, { startLine: 389, endLine: 390 });
  const flow = race.codeFlows![0]!.threadFlows[0]!.locations;
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
  const migrated = resultsOf(log).find(({ properties }) => properties!.findingId === 'count-exact/startsFresh')!;
  const told = migrated.codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location!.message!.text);
  assert.ok(told.some((text) => text!.includes('cycle advances by 1') && text!.includes(' Then ')));
});

sarif('says that a search was cut short', () => {
  const { toolExecutionNotifications } = toSarif(reportOf(stopped)).runs[0]!.invocations![0]!;
  assert.match(toolExecutionNotifications![0]!.message.text!, /no pass/);
});

sarif('says what is new against a baseline', () => {
  const compared = { known: new Set([various.findings[0]!.id]), fresh: 1, freshGuards: 0, gone: [], notAsked: [] };
  const states = resultsOf(toSarif(reportOf({ ...various, compared }))).map(({ baselineState }) => baselineState);
  assert.equal(states.slice(0, 2), ['unchanged', 'new']);
});

sarif.run();
