import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPAIRS } from '../../machines/driver/decisions.ts';
import { withDecisions } from '../../machines/drivers.ts';
import {
  BrokenLine,
  foldRecording,
  type ImportReport,
  readRecording,
  type TraceOptions,
} from '../../src/trace/index.ts';
import { needsShared, shared } from '../needs.ts';

const test = suite('recordings of booted kernels');
const FOLDER = 'kernel-recordings';

type Driver = NonNullable<TraceOptions['driver']>;

/** What the patch of `repair` made of the posted driver: `event_init` sets idx to -1 as before. */
const PATCHED: Driver = {
  name: 'patched',
  machine: withDecisions(REPAIRS.filter((name) => name !== 'leavesIndex')),
};

function judged(path: string, driver: Driver): ImportReport {
  const environment = path.startsWith('riscv64-5') ? '5.10' : 'current';
  const text = readFileSync(shared(`${FOLDER}/${path}`), 'utf8');
  const folding = foldRecording(readRecording(text), { driver, environment, logged: false });
  let step = folding.next();
  while (!step.done) step = folding.next();
  return step.value.report;
}

const driverOf = (name: string): Driver =>
  name.includes('-repaired-') ? PATCHED : name.includes('-seed-') ? 'as-posted' : 'merged-4.18';

for (const folder of ['riscv64-5.15.100', 'x86-6.12.117'])
  test(`each is accepted by the driver that ran, as far as nothing is missing: ${folder}`, () => {
    if (!needsShared(`${FOLDER}/${folder}`)) return;
    for (const name of readdirSync(shared(`${FOLDER}/${folder}`))) {
      if (name.includes('-warns-')) continue;
      const { segments, unjudged } = judged(`${folder}/${name}`, driverOf(name));
      for (const { refused, bounded } of segments) assert.equal([refused, bounded], [undefined, undefined], name);
      for (const { why } of unjudged) assert.match(why, UNJUDGED, name);
      if (!/-overwritten|-lost/.test(name)) assert.equal(unjudged, [], name);
      if (!/-rotate-overwritten/.test(name)) assert.ok(segments.length > 0, name);
    }
  });

const UNJUDGED = /^the beginning was overwritten in the buffer$|^the tracer lost an add of event 0x/;

test('a driver that stops twice is refused, with the warning that the kernel printed', () => {
  const path = 'riscv64-5.15.100/ftrace-seed-stops-twice-warns-simple.txt';
  if (!needsShared(`${FOLDER}/${path}`)) return;
  assert.is(judged(path, 'as-posted').segments[0]?.refused?.what, 'the warnings in the callback');
});

test('what the repaired driver did is not what the posted one does', () => {
  const path = 'riscv64-5.15.100/ftrace-repaired-types.txt';
  if (!needsShared(`${FOLDER}/${path}`)) return;
  assert.ok(judged(path, 'as-posted').segments[0]?.refused);
});

test('a recording without entries says that probes are missing', () => {
  const path = 'riscv64-6.12.117/ftrace-merged-simple-returns-only.txt';
  if (!needsShared(`${FOLDER}/${path}`)) return;
  assert.throws(
    () => judged(path, 'merged-4.18'),
    (error: Error) => error instanceof BrokenLine && /a probe is missing$/.test(error.message),
  );
});

test.run();
