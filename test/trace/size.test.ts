import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkTrace, TooLarge } from '../../src/trace/index.ts';
import type { CallbackLine } from '../../src/trace/line.ts';
import { processorTime } from '../processor-time.ts';
import { reportOf } from './recorded-text.ts';

const test = suite('numbers in a trace are not sizes');

const HERE = 'leader=0x10 type=0 config=0 state=0';
const text = (cpu: number, on = cpu): string =>
  [
    'Attaching 15 probes...',
    ...[
      `event_init_call nsecs=1000 cpu=0 task=7 event=0x10 ${HERE} idx=0 prev=0 count=0 evstate=-1 oncpu=-1 active=0`,
      'event_init_return nsecs=1100 cpu=0 task=7 event=0x10 ret=0 state=0 idx=-1 prev=0 count=0 evstate=-1 oncpu=-1 active=1',
      `add_call nsecs=2000 cpu=${cpu} task=7 event=0x10 ${HERE} flags=1 idx=-1 prev=0 count=0 evstate=1 oncpu=${on} active=1`,
      `add_return nsecs=2100 cpu=${cpu} task=7 event=0x10 ret=0 state=0 idx=0 prev=5 count=0 evstate=1 oncpu=${on} active=1`,
    ].map((hit) => `hartproof: ${hit}`),
    '',
  ].join('\n');

test('a CPU of a high number is one more hart, not thousands', async () => {
  const took = await processorTime(() => {
    const { accepted, segments } = reportOf(text(8191));
    assert.ok(accepted);
    assert.equal(segments[0]?.cpus, [0, 8191]);
  });
  assert.ok(took < 10_000, `${took} ms`);
  assert.is(reportOf(text(1)).segments[0]?.cpus, undefined);
});

test('an event that is on another CPU than its callback is refused, whatever the numbers', () => {
  for (const [cpu, on] of [
    [8191, 0],
    [8191, 1],
    [8191, 8190],
    [1, 0],
  ] as const)
    assert.match(reportOf(text(cpu, on)).segments[0]?.refused?.what ?? '', /^what the core has it as/, `${cpu} ${on}`);
});

/** Events that are opened one after another, and stay open. */
const opens = (count: number): CallbackLine[] =>
  Array.from({ length: count }, (_, index) => ({
    line: index + 1,
    scn: '',
    cpu: 0,
    pid: 7,
    cb: 'event_init',
    id: index + 1,
    type: 0,
    config: 0,
    ret: 0,
    via: '',
    hardirq: false,
    irqoff: false,
    before: {},
    after: {},
  }));

test('as many events as are judged may be open at once, and one more is told as too many', async () => {
  const took = await processorTime(() => {
    const { accepted, callbacks } = checkTrace(opens(2048));
    assert.equal([accepted, callbacks], [true, 2048]);
  });
  // Each fact copies the states of all: some thousand opens take seconds, where a minute would be a fault.
  assert.ok(took < 60_000, `${took} ms`);
  assert.throws(
    () => checkTrace(opens(2049)),
    (error: Error) =>
      error instanceof TooLarge && error.message === 'has 2,049 events open at once; at most 2,048 are judged',
  );
});

test.run();
