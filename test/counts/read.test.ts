import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCount } from '../../src/counts/number.ts';
import { readPerfStat } from '../../src/counts/perf-stat.ts';

const COUNT = 9_223_372_036_859_012_345n;

test('a count is read as people of all countries write one', () => {
  for (const text of [
    '9223372036859012345',
    '9,223,372,036,859,012,345',
    '9.223.372.036.859.012.345',
    "9'223'372'036'859'012'345",
    '9 223 372 036 859 012 345',
    '9\u00a0223\u00a0372\u00a0036\u00a0859\u00a0012\u00a0345',
    '9\u202f223\u202f372\u202f036\u202f859\u202f012\u202f345',
    '9_223_372_036_859_012_345',
    '92,23,37,20,36,85,90,12,345',
    '0x800000000040A4F9',
    '2^63 + 4236537',
    '2**63 + 4,236,537',
  ])
    assert.is(readCount(text)?.value, text.startsWith('0x') ? 0x800000000040a4f9n : COUNT, text);
  assert.is(readCount('-4236537')?.value, -4_236_537n);
  assert.equal(readCount('9.2e18'), {
    text: '9.2e18',
    value: 9_200_000_000_000_000_000n,
    slack: 50_000_000_000_000_000n,
  });
  assert.is(readCount('123.000000')?.value, 123n);
  for (const word of ['', 'bounded', 'busy-is-true', '1,2', 'v2', '4.16-rc1', '5.10.7', 'hp:3f9a1c', '2^', '1e99x'])
    assert.is(readCount(word), undefined, word);
  assert.throws(() => readCount('18446744073709551616'), /64 bits/);
  assert.throws(() => readCount('2^64'), /64 bits/);
});

test('perf stat is read in its forms', () => {
  const people = (count: string, rest = '') =>
    `\n Performance counter stats for './job':\n\n ${count}      cycles${rest}\n             3,204,611      instructions:u  #  1.2 insn per cycle\n              4.10 msec task-clock   #  0.9 CPUs utilized\n\n       0.004100000 seconds time elapsed\n`;
  for (const count of [
    '9,223,372,036,859,012,345',
    '9.223.372.036.859.012.345',
    '9 223 372 036 859 012 345',
    '9223372036859012345',
  ]) {
    const { counts, elapsed, cpuWide } = readPerfStat(people(count));
    assert.equal(
      counts.map(({ event, value }) => [event, value]),
      [
        ['cycles', COUNT],
        ['instructions:u', 3_204_611n],
      ],
      count,
    );
    assert.equal([elapsed, cpuWide], [0.0041, false]);
  }
  assert.is(readPerfStat(people('9,223,372', '    #    1.03 GHz    ( +-  1.2% )  (25.00%)')).counts[0]!.share, 25);
  assert.is(readPerfStat(people('9,223', '   (25,00%)')).counts[0]!.share, 25);
  const without = readPerfStat(people('<not counted>', ' (0.00%)')).counts[0]!;
  assert.equal([without.instead, without.value, without.share], ['not counted', undefined, 0]);
  assert.is(readPerfStat(people('<not supported>')).counts[0]!.instead, 'not supported');
  assert.is(readPerfStat("Performance counter stats for 'system wide':\n 12 cycles\n").cpuWide, true);
});

test('perf stat -x, -j, -I and -A too', () => {
  for (const separator of [',', ';', '|', '\t']) {
    const line = ['9223372036859012345', '', 'cycles', '4100000', '25.00', '', ''].join(separator);
    assert.equal(
      readPerfStat(line).counts,
      [{ event: 'cycles', value: COUNT, slack: 0n, seconds: 0.0041, share: 25 }],
      separator,
    );
  }
  assert.is(readPerfStat('     1.000957843,CPU0,12345,,cycles,1000000000,100.00,,').counts[0]!.event, 'cycles @CPU0');
  assert.is(readPerfStat('<not supported>,,cycles,0,100.00,,').counts[0]!.instead, 'not supported');
  assert.equal(
    readPerfStat(
      '{"counter-value" : "9223372036859012345.000000", "unit" : "", "event" : "cycles", "event-runtime" : 4100000, "pcnt-running" : 50.00}',
    ).counts,
    [{ event: 'cycles', value: COUNT, slack: 1024n, share: 50, seconds: 0.0041 }],
  );
  assert.equal(
    readPerfStat('     1.000957843      9,223      cycles').counts.map(({ value }) => value),
    [9223n],
  );
  assert.equal(
    readPerfStat('CPU3       9,223      cycles').counts.map(({ event }) => event),
    ['cycles @CPU3'],
  );
  assert.equal(readPerfStat('nothing of it\n').counts, []);
});

test.run();
