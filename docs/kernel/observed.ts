import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { driverNamed } from '../../machines/drivers.ts';
import type { DriverSource } from '../../src/subject/index.ts';
import { foldRecording, type ImportReport, readRecording } from '../../src/trace/index.ts';
import { between } from './boot.ts';
import type { Row } from './rows.ts';

/** What `kunit.py parse` of the kernel's tree reads of the console, which has what the module's suites said last. */
export function parsedRow(driver: string, kernel: string, asked: readonly Row[], said: string): Row {
  const suites = asked.filter(({ what }) => what.startsWith('suite '));
  const failed = suites.filter(({ model }) => model.startsWith('fails')).length;
  const model = `${suites.length} tests: ${suites.length - failed} passed, ${failed} failed`;
  const script = join(kernel, 'linux/tools/testing/kunit/kunit.py');
  const input = said.slice(said.lastIndexOf('\nKTAP version 1\n'));
  const { stdout, stderr } = spawnSync('python3', [script, 'parse'], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const [, ran, counts] = /Ran (\d+ tests): (.*)$/m.exec(stdout) ?? [];
  const count = (what: string): number => Number(new RegExp(`${what}: (\\d+)`).exec(counts ?? '')?.[1] ?? 0);
  const read = ran === undefined ? stderr : `${ran}: ${count('passed')} passed, ${count('failed')} failed`;
  return { driver, what: 'kunit.py parse', model, kernel: read, same: read === model };
}

/** The part of the console with what the probes recorded; it is kept in the directory too. */
export function recordingIn(said: string, directory: string): string {
  const recording = between(said, 'RECORDING BEGINS', 'RECORDING ENDS');
  writeFileSync(join(directory, 'recording.txt'), recording);
  return recording;
}

/** What a recording comes to: that of a driver that counts right, of one that does not, or of another driver than is said. */
const EXPECTED = {
  right: 'accepted, nothing violated',
  miscounts: 'accepted, count-exact violated',
  faulty: 'accepted, something violated',
  another: 'not accepted',
} as const;

/** What `trace check` says of what a driver did, if it is said to be the driver `as`. */
export function recordingRow(driver: string, as: string, recording: string, expected: keyof typeof EXPECTED): Row {
  const { accepted, callbacks, segments, unjudged } = judged(recording, as);
  const violated = segments.flatMap(({ broken }) => broken.map(({ property }) => property));
  const undecided = segments.flatMap((segment) => segment.undecided);
  const refusal = segments.map(({ refused, bounded }) => refused ?? bounded).find((one) => one !== undefined);
  const is = {
    right: accepted && violated.length === 0,
    miscounts: accepted && violated.includes('count-exact'),
    faulty: accepted && violated.length > 0,
    another: !accepted,
  };
  const kernel = [
    `${accepted ? 'accepted' : 'not accepted'}, ${callbacks} callbacks`,
    ...(refusal === undefined ? [] : [`line ${refusal.place.line}: ${refusal.what}`]),
    ...unjudged.map(({ why }) => why),
    ...[...new Set(violated)].map((name) => `${name} violated in ${violated.filter((one) => one === name).length}`),
    ...(undecided.length > 0 ? [`${undecided.length} undecided`] : []),
  ].join('; ');
  return { driver, what: `recording, judged as ${as}`, model: EXPECTED[expected], kernel, same: is[expected] };
}

function judged(recording: string, driver: string): ImportReport {
  const named = { name: driver, machine: driverNamed(driver)! };
  // Linux 6.12.117 cleans up after a failed open.
  const folding = foldRecording(readRecording(recording), { driver: named, environment: 'current', logged: false });
  for (;;) {
    const step = folding.next();
    if (step.done) return step.value.report;
  }
}

/** What the monitor saw and reported. */
export function monitorRow(driver: string, said: string, expected?: RegExp): Row {
  const text = between(said, 'MONITOR BEGINS', 'MONITOR ENDS');
  const seen = text.match(/ event_lifecycle: /g)?.length ?? 0;
  const reported = [...text.matchAll(/ error_lifecycle: (.*)/g)].map(([, what]) => what!);
  const kinds = [...new Set(reported)];
  return {
    driver,
    what: 'monitor',
    model: expected === undefined ? 'nothing reported' : 'reports a wrong call',
    kernel: `${seen} calls and returns; ${kinds.length === 0 ? 'nothing reported' : kinds.join('; ')}`,
    same: seen > 0 && (expected === undefined ? kinds.length === 0 : kinds.some((what) => expected.test(what))),
  };
}

/** A driver of ours that makes a call it must not make: its `del` starts the event again. */
export function startsInDel(source: DriverSource): DriverSource {
  const text = source.text.replace(
    /(static void \w+_del\(struct perf_event \*event, int flags\)\n\{[\s\S]*?)\n\}/,
    '$1\n\tevent->pmu->start(event, 0);\n}',
  );
  if (text === source.text) throw new Error(`${source.path} has no del`);
  return { ...source, text };
}
