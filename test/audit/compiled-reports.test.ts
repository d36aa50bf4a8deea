import { readFileSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { baselineOf, compare } from '../../src/audit/baseline.ts';
import { compiled } from '../../src/audit/compiled.ts';
import { reportOf } from '../../src/audit/report.ts';
import { violationsOf } from '../../src/audit/violation.ts';
import { toHtml } from '../../src/reports/html.ts';
import { toJunit } from '../../src/reports/junit.ts';
import { toMarkdown } from '../../src/reports/markdown.ts';
import { toSarif } from '../../src/reports/sarif.ts';
import { SourceAudit } from '../../src/subject/index.ts';
import { built, needsCompiler } from '../subject/tiny.ts';

const reports = suite('reports of an audit of real C');
let source: SourceAudit | undefined;
let result: AuditResult;

reports.before(async () => {
  if (!needsCompiler()) return;
  source = new SourceAudit(built('tiny', ['BREAKS_POINTER']));
  const target = compiled(source);
  const results = await audit({ target, models: [modelOf('context-switch')], environments: ['4.16'] });
  result = { target, results, findings: await violationsOf(results, target) };
});
reports.after(() => source?.close());

reports('are written in every format, with what only real code can break', async () => {
  if (!needsCompiler()) return;
  assert.ok(result.findings.some(({ property }) => property.id === 'no-crash'));
  const page = await toHtml(reportOf(result));
  assert.match(page, /no-crash/);
  // There is no chart of it to show, and nothing without a name.
  assert.not.match(page, /data-picture="code"|>undefined[:<]/);
  assert.is(XMLValidator.validate(toJunit(reportOf(result))), true);
  assert.match(toMarkdown(reportOf(result)), /no-crash/);
  assert.is(compare(result, baselineOf(result)).fresh, 0);
});

reports('name of a whole callback its own function, and the line of its head', () => {
  if (!needsCompiler()) return;
  const text = readFileSync(source!.build.source.path, 'utf8').split('\n');
  const rows = reportOf(result).findings.flatMap(({ counterexamples }) => counterexamples[0]!.steps('callbacks'));
  const whole = rows.filter(
    ({ what, where }) => /^(?:add|del|read|start|stop|event_init)\(/.test(what) && where !== '',
  );
  assert.ok(whole.length > 3);
  for (const { what, where } of whole) {
    const [, name, line] = /^(\w+):(\d+)$/.exec(where) ?? [];
    assert.match(name!, new RegExp(/^\w+/.exec(what)![0]), `${what} at ${where}`);
    assert.match(text[+line! - 1]!, new RegExp(`\\b${name}\\(`), where);
  }
});

reports('have a rule for each result, and a line of its file', () => {
  if (!needsCompiler()) return;
  const [run] = toSarif(reportOf(result)).runs;
  for (const { ruleId, ruleIndex, locations } of run!.results!) {
    assert.is(run!.tool.driver.rules![ruleIndex!]?.id, ruleId);
    assert.match(locations![0]!.physicalLocation!.artifactLocation!.uri!, /tiny\.c$/);
  }
});

reports.run();
