import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallbackName } from '../../src/trace/line.ts';
import { lostAdds } from '../../src/trace/recording/adds.ts';
import type { RecordedCall } from '../../src/trace/recording/calls.ts';
import { Values } from '../../src/trace/recording/values.ts';

const call = (at: number, callback: CallbackName, event: string, values: string): RecordedCall => {
  const hit = {
    line: at,
    time: BigInt(at),
    stamp: `${at}`,
    cpu: 0,
    task: 1,
    probe: { callback, side: 'call' as const },
  };
  return { callback, event, at, entry: { ...hit, values: new Values(at, '', values) }, warned: 0 };
};

/** Two events of a group are opened, and run without an add. */
const group = (leader: string, sibling: string): RecordedCall[] => [
  call(1, 'event_init', 'a', `leader=0xa ${leader}`),
  call(2, 'event_init', 'b', `leader=0xa ${sibling}`),
  call(3, 'read', 'a', 'evstate=1'),
  call(4, 'read', 'b', 'evstate=1'),
];

test('a sibling is brought in with its leader, whether it is pinned itself or not', () => {
  assert.is(lostAdds(group('pinned=1', 'pinned=0'), 'bpftrace').length, 2);
  assert.is(lostAdds(group('pinned=0', 'pinned=1'), 'bpftrace').length, 0);
});

test('what a recorder does not show of it may have been lost, but for ftrace', () => {
  assert.is(lostAdds(group('', ''), 'perf').length, 2);
  assert.is(lostAdds(group('', ''), 'ftrace').length, 0);
});

test.run();
