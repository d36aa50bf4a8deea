import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driverNamed } from '../machines/drivers.ts';
import { foldRecording, readRecording } from '../src/trace/index.ts';
import { rowsIn } from '../src/trace/rows.ts';

/**
 * Imports a recording of about so many callbacks, as `trace-cmd report` prints them: prints the processor time in milliseconds, that of
 * splitting the same file into rows, and the most memory that the process had, in bytes, as JSON.
 */
const callbacks = Number(process.argv[2]);
const DRIVER = 'as-posted+startsFresh+publishesLast';

/** Events that are opened, added, read four times, deleted and closed, on two CPUs in turn. */
function* rowsOf(count: number): Generator<string> {
  yield 'cpus=2\n';
  let now = 1_000_000_000;
  const counters = [1000, 500_000];
  for (let opened = 0, done = 0; done < count; opened++) {
    const cpu = opened % 2;
    const event = `0x${(0xffffffe001000000n + BigInt(opened % 50) * 0x480n).toString(16)}`;
    let [idx, state, prev, total] = [0, 0, 0, 0];
    const read = () => {
      const ticks = prev === 0 ? 0 : 12_345;
      counters[cpu]! += 12_345;
      prev = counters[cpu]!;
      total += ticks;
    };
    const row = (probe: string, active: number, runs: boolean, values: string): string => {
      now += 1000;
      const at = `${Math.floor(now / 1e9)}.${String(now % 1e9).padStart(9, '0')}`;
      const seen = `state=${state} idx=${idx} prev=${prev} count=${total} evstate=${runs ? 1 : -1} oncpu=${runs ? cpu : -1} active=${active}`;
      return `  perf-${100 + cpu} [00${cpu}] ${at}: ${probe}: (ffffffff80005678) event=${event} ${values}${seen}\n`;
    };
    const attribute = `leader=${event} type=0 config=0 `;
    const call = function* (name: string, given: string, returned: string, runs: boolean, does: () => void) {
      yield row(`${name}_call`, name === 'event_init' ? 0 : 1, runs, attribute + given);
      does();
      yield row(`${name}_return`, name === 'destroy' ? 0 : 1, runs, returned);
      done++;
    };
    const asks = 'parent=0x0 period=0 exclude_user=0 exclude_kernel=0 exclude_hv=0 exclude_idle=0 precise_ip=0 ';
    yield* call('event_init', asks, 'ret=0 ', false, () => {
      idx = -1;
    });
    yield* call('add', 'flags=1 ', 'ret=0 ', true, () => {
      idx = 0;
      read();
    });
    for (let times = 0; times < 4; times++) yield* call('read', '', '', true, read);
    yield* call('del', 'flags=0 ', '', true, () => {
      read();
      state = 3;
    });
    yield* call('destroy', '', '', false, () => {});
  }
}

function processorTime(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const directory = mkdtempSync(join(tmpdir(), 'hartproof-bench-'));
try {
  const file = join(directory, 'report.txt');
  writeFileSync(file, [...rowsOf(callbacks)].join(''));
  const splitting = processorTime(() => {
    for (const row of rowsIn(file)) if (row === '') throw new Error('a row is empty');
  });
  let accepted = false;
  const milliseconds = processorTime(() => {
    const folding = foldRecording(readRecording(rowsIn(file)), {
      driver: { name: DRIVER, machine: driverNamed(DRIVER)! },
      logged: false,
    });
    let step = folding.next();
    while (!step.done) step = folding.next();
    accepted = step.value.report.accepted;
  });
  const peak = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ callbacks, accepted, milliseconds, splitting, peak }));
} finally {
  rmSync(directory, { recursive: true });
}
