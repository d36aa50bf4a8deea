import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { reportOf } from '../../src/audit/report.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { toMarkdown } from '../../src/reports/markdown.ts';
import { wrap } from '../../src/reports/wrap.ts';
import { samples } from './audit-result.ts';

let various: AuditResult;
let stopped: AuditResult;
let clean: AuditResult;
const markdown = suite('mail');

markdown.before(async () => {
  ({ various, stopped, clean } = await samples());
});

markdown('is plain text of 7 bits and 72 columns', () => {
  for (const result of [various, stopped, clean])
    for (const line of toMarkdown(reportOf(result)).split('\n')) {
      assert.match(line, /^[ -~]*$/);
      assert.ok(line.length <= 72, line);
      assert.is(line, line.trimEnd());
    }
});

markdown('asks of each cause whether it is so, and says where, the shortest path, what it means and for whom', () => {
  const section = toMarkdown(reportOf(various))
    .split(/^\d+\. /m)
    .find((part) => part.startsWith('Could it be that riscv_active_events changes'))!;
  const line = section.replace(/\s+/g, ' ');
  assert.match(line, /in between\? riscv_event_init, perf_event\.c:389-390 The rule: EBUSY only when /);
  assert.match(line, /although nobody else uses the counters\. /);
  // Never how bad it is without how many calls it takes, and of whom. Each core once, and none that is no core.
  assert.match(line, /Severity high: 3 calls, made by the perf core of Linux 4\.16; violates .*busy-is-true/);
  assert.match(section, /^ {9}task of event 0 {9}task of event 1$/m);
  assert.match(section, /^ {7}\* {25}event_init\(event 1: cycles\) = -EBUSY$/m);
  assert.match(section, /^ {7}\* this step violates the property\.$/m);
  assert.match(section, /Instead: the count and perf_irq change\s+together/);
  // Our own words are as they are.
  assert.not.match(toMarkdown(reportOf(various)), /-\\>/);
});

markdown('has the command that shows a finding, where it is known', () => {
  const again = ({ rule }: Finding): string => `audit --property ${rule.id}`;
  assert.match(
    toMarkdown({ ...reportOf(various), again }),
    /^ {7}npx hartproof@[\d.]+ audit --property busy-is-true$/m,
  );
});

markdown('names missing guards at the end, and what held', () => {
  const text = toMarkdown(reportOf(various));
  assert.match(text, /Missing guards; no perf core makes these calls:\n\n- no guard in the driver stops/);
  assert.match(text, /held wherever asked:[^.]*mutex-discipline/);
});

markdown('never calls a search that was cut short a pass', () => {
  const text = toMarkdown(reportOf(stopped));
  assert.match(text.replaceAll('\n', ' '), /1 search was stopped before seeing everything/);
  assert.match(text, /No property held wherever it was asked\./);
});

markdown('wraps at blanks, with a hanging indent, and leaves long words whole', () => {
  assert.is(wrap('  one two three', 9, 4), '  one two\n    three');
  assert.is(wrap('anticonstitutionnellement oui', 5), 'anticonstitutionnellement\noui');
});

markdown.run();
