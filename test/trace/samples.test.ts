import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logVerdicts } from '../../src/replay/log-verdicts.ts';
import { KERNEL_TRACE, systemOf } from '../../src/replay/recorded.ts';
import { WATCHED } from '../../src/trace/properties.ts';
import { imported, reportOf } from './recorded-text.ts';
import { SAMPLES, sample } from './samples.ts';

const test = suite('the samples');

for (const [name, make] of Object.entries(SAMPLES))
  test(`${name} is what it says it is made of (npx tsx test/trace/samples.ts writes it anew)`, () => {
    assert.fixture(sample(name), make());
    assert.match(sample(name), /not recorded by/);
  });

test('a violated property, the line and the moment are named', () => {
  const { accepted, segments } = reportOf(sample('trace-cmd-report.txt'));
  assert.ok(accepted);
  assert.is(segments.length, 1);
  const found = segments[0]!.broken.find(({ property }) => property === 'enospc-iff-full')!;
  assert.equal(found.place, {
    line: 14,
    returned: 15,
    time: '0.019732400',
    cpu: 0,
    task: 38,
    address: '0xffffffe001003f00',
  });
  assert.equal([found.callback, found.fact], ['add of event 2', 'add.return']);
});

test('what is lost is not judged, and what follows is as soon as the driver is seen idle', () => {
  const { accepted, segments, unjudged } = reportOf(sample('ftrace-lost-events.txt'));
  assert.not(accepted);
  assert.equal(
    segments.map(({ from, to, accepted, callbacks }) => [from.line, to.returned, accepted, callbacks]),
    [
      [17, 26, true, 5],
      [38, 65, true, 14],
    ],
  );
  assert.equal(
    unjudged.map(({ from, to, callbacks, why }) => [from.line, to.returned, callbacks, why]),
    [[28, 37, 5, 'CPU 0 lost 10 events before line 27']],
  );
  // The add that takes a slot from another event is among what was lost.
  assert.not(segments.some(({ broken }) => broken.some(({ property }) => property === 'enospc-iff-full')));
});

test('two CPUs that overlap are searched for an order, and nothing is broken', () => {
  const { accepted, cpus, segments } = reportOf(sample('perf-script.txt'));
  assert.ok(accepted);
  assert.is(cpus, 2);
  assert.is(segments[0]!.orders.overlapping, 1);
  assert.equal(segments[0]!.broken, []);
});

test('what stands out of the order of time is put in order', () => {
  const { accepted, moved, cpus, segments } = reportOf(sample('bpftrace.txt'));
  assert.ok(accepted);
  assert.ok(moved > 0);
  assert.ok(cpus > 1);
  assert.ok(segments[0]!.broken.some(({ property }) => property === 'count-exact'));
});

for (const name of Object.keys(SAMPLES))
  test(`the logs of ${name} are folded again, and break the same properties`, () => {
    const { report, logs } = imported(sample(name));
    assert.is(logs.length, report.segments.length);
    for (const [index, { facts, events, harts }] of logs.entries()) {
      const segment = report.segments[index]!;
      const trace = { model: KERNEL_TRACE, environment: '4.16', driver: 'as-posted', trace: { events, harts } };
      const { folded, breaks } = logVerdicts(systemOf(trace), facts, WATCHED);
      assert.is(folded, segment.facts);
      const names = (found: readonly { readonly property: string }[]) =>
        [...new Set(found.map(({ property }) => property))].sort();
      assert.equal(names(breaks), names(segment.broken));
    }
  });

test.run();
