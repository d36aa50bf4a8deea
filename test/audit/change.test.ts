import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { comparedOf } from '../../src/audit/change/compared.ts';
import { checkLines } from '../../src/audit/change/lines.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Report, Tone } from '../../src/findings/report.ts';

const finding = (property: string, name: string, reachable = true): Finding => ({
  id: `${property}/${name}`,
  rule: { id: property, statement: '', severity: 'medium', source: '', consequence: '' },
  cause: `${name} is wrong`,
  place: { file: 'drivers/perf/a.c', function: name, lines: [7, 7] },
  ...{ where: '', reach: '', reachable, cores: [], remarks: [], counterexamples: [], properties: {} },
});

const report = (
  findings: readonly Finding[],
  verdicts: Readonly<Record<string, Tone>> = {},
  notes: readonly string[] = [],
): Report => ({
  ...{
    command: 'audit',
    subject: '',
    title: '',
    summary: [],
    reservations: [],
    notes: [],
    legend: [],
    rules: [],
    closing: [],
  },
  findings,
  tables: [
    {
      ...{ id: 'held', title: '', head: ['property', 'verdict'], numbers: 0, notes },
      rows: Object.entries(verdicts).map(([property, tone]) => [{ text: property }, { text: tone, tone }]),
    },
  ],
  ...{ suites: () => [], json: () => undefined },
});

const statesOf = (after: Report | undefined, before: Report | undefined): string[] =>
  comparedOf('a.c', after, before).findings.map(({ finding: { id }, state }) => `${id} ${state}`);

const [a, b] = [finding('p', 'add'), finding('q', 'del')];

test('a finding is new, was there before, or is fixed; without a before, all are new', () => {
  assert.equal(statesOf(report([a]), report([b])), ['p/add new', 'q/del fixed']);
  assert.equal(statesOf(report([a, b]), report([b])), ['p/add new', 'q/del there before']);
  assert.equal(statesOf(report([a]), undefined), ['p/add new']);
  assert.equal(statesOf(undefined, report([a])), ['p/add fixed']);
});

test('a finding is new as well where a core brings it about that did not before', () => {
  const of = (...cores: string[]): Finding => ({ ...a, cores });
  assert.equal(statesOf(report([of('4.16', 'current')]), report([of('current')])), ['p/add new']);
  assert.equal(statesOf(report([of('current')]), report([of('4.16', 'current')])), ['p/add there before']);
  assert.equal(statesOf(report([a]), report([finding('p', 'add', false)])), ['p/add new']);
  assert.equal(statesOf(report([a]), report([{ ...a, isNote: true }])), ['p/add new']);
  assert.equal(statesOf(report([{ ...a, isNote: true }]), report([a])), ['p/add there before']);
});

test('what is not decided any more is told, and fixes nothing', () => {
  const after = report([], { p: 'bounded', q: 'bounded', r: 'holds' });
  const compared = comparedOf('a.c', after, report([a], { p: 'violated', q: 'bounded', r: 'holds' }));
  assert.equal(compared.findings, []);
  assert.equal(compared.undecided, ['p']);
  assert.match(checkLines(compared, false)[0]!, /^a\.c:1: WARNING: not decided, which is no pass: p /);
});

test('what was open before stays so and is counted, but where nothing at all is decided, all of it is told again', () => {
  const open = report([], { p: 'bounded', q: 'holds' });
  const same = comparedOf('a.c', open, open);
  assert.equal([same.undecided, same.open], [[], 1]);
  const blind = report([], { p: 'bounded', q: 'bounded' });
  const nothing = comparedOf('a.c', blind, blind);
  assert.equal([nothing.undecided, nothing.open], [['p', 'q'], 0]);
});

test('why something is not decided is told as the audit tells it, once for all that it leaves open', () => {
  const why = ['p is bounded: probe answers -22.', 'q is bounded: probe answers -22.', 'r is bounded: no time.'];
  const after = report([], { p: 'bounded', q: 'bounded', r: 'bounded', s: 'bounded' }, why);
  assert.equal(checkLines(comparedOf('a.c', after, undefined), false), [
    'a.c:1: WARNING: not decided, which is no pass: p, q (probe answers -22); r (no time); s (hartproof)',
  ]);
});

test('a line is as checkpatch has it; what was there, and what no core reaches, only where it is asked for', () => {
  const compared = comparedOf('a.c', report([a, b, finding('r', 'start', false)]), report([b, finding('s', 'stop')]));
  assert.equal(
    checkLines(compared, false).map((line) => line.replace(/hp:\w+/, 'hp:X')),
    ['drivers/perf/a.c:7: WARNING: add is wrong (hartproof p, hp:X)'],
  );
  assert.equal(
    checkLines(compared, true).map((line) => line.replace(/ \(.*/, '')),
    [
      'drivers/perf/a.c:7: WARNING: add is wrong',
      'drivers/perf/a.c:7: NOTE: there before: del is wrong',
      'drivers/perf/a.c:7: NOTE: start is wrong',
      'drivers/perf/a.c:7: NOTE: fixed: stop is wrong',
    ],
  );
});

test.run();
