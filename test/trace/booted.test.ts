import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { driverNamed } from '../../machines/drivers.ts';
import {
  BrokenLine,
  foldRecording,
  type ImportReport,
  NoRecording,
  readRecording,
  type TraceOptions,
} from '../../src/trace/index.ts';
import { needsShared, shared } from '../needs.ts';

const test = suite('recordings of booted kernels');
const FOLDER = 'kernel-recordings';

/** What the patch of `repair --environment 5.10` decides, as it says when it has written it. */
const PATCHED =
  'as-posted+countsUnderMutex+takesOnlyFreePmc+knowsWholeAbi+mapsFirst+refusesSampling+refusesModifiers+refusesUnfitGroups+choosesByCounter+readsBothHalves+startsFresh+publishesLast';

const MERGED = 'merged-4.18';
const SEED = 'as-posted';

/** What comes of a recording: `accepted` is as far as nothing is missing, and all of it where nothing is said of that. */
interface Expected {
  readonly driver: string;
  readonly missing?: RegExp;
  /** The line of a refusal, and what it is of; of what cannot be read, the reason. */
  readonly refused?: RegExp;
  readonly unreadable?: RegExp;
  /** Of `count-exact`: at how many callbacks it is violated and undecided; both 0 if left out. */
  readonly counts?: readonly [violated: number, undecided: number];
}

const OVERWRITTEN = /^the beginning was overwritten in the buffer$/;
const LOST = /^the tracer lost an add of event 0x/;
const NONE = /is nothing that .* print/;

/** As the README of the recordings says. */
const TABLE: Record<string, Expected> = {
  'riscv64-5.15.100/ftrace-functiontracer-merged-two.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-freq.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-group.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-migrate.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-openfail.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-simple.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-small-rotate-overwritten.txt': { driver: MERGED, missing: OVERWRITTEN },
  'riscv64-5.15.100/ftrace-merged-small-two-simple-migrate-switch-overwritten.txt': {
    driver: MERGED,
    missing: OVERWRITTEN,
  },
  'riscv64-5.15.100/ftrace-merged-threads.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-two.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-merged-types.txt': { driver: MERGED },
  'riscv64-5.15.100/ftrace-repaired-two.txt': { driver: PATCHED },
  'riscv64-5.15.100/ftrace-repaired-types.txt': { driver: PATCHED },
  // The event comes to a hart on which nothing has read the counter yet.
  'riscv64-5.15.100/ftrace-seed-migrate.txt': { driver: SEED, counts: [1, 22] },
  'riscv64-5.15.100/ftrace-seed-rotate.txt': { driver: SEED, counts: [27, 0] },
  'riscv64-5.15.100/ftrace-seed-simple.txt': { driver: SEED, counts: [1, 0] },
  'riscv64-5.15.100/ftrace-seed-stops-twice-warns-simple.txt': {
    driver: SEED,
    refused: /^24 the warnings in the callback$/,
  },
  'riscv64-5.15.100/ftrace-seed-two.txt': { driver: SEED, counts: [8, 0] },
  'riscv64-5.15.100/ftrace-seed-types.txt': { driver: SEED, counts: [2, 0] },
  'riscv64-6.12.117/console-kprobe-hits-but-no-lines.txt': { driver: MERGED, unreadable: NONE },
  'riscv64-6.12.117/console-no-kprobe-at-entry-with-function-tracer.txt': { driver: MERGED, unreadable: NONE },
  'riscv64-6.12.117/ftrace-merged-simple-returns-only.txt': { driver: MERGED, unreadable: /a probe is missing$/ },
  'x86-6.12.117/bpftrace-merged-pinswitch-adds-lost.txt': { driver: MERGED, missing: LOST },
  'x86-6.12.117/bpftrace-merged-simple-two-group-migrate-switch.txt': { driver: MERGED },
  'x86-6.12.117/ftrace-merged-pinned.txt': { driver: MERGED },
  'x86-6.12.117/ftrace-merged-pinswitch.txt': { driver: MERGED },
  'x86-6.12.117/ftrace-merged-threads.txt': { driver: MERGED },
  'x86-6.12.117/ftrace-merged-types.txt': { driver: MERGED },
  // perf shows nothing of the event at a return, and the next callback is lost.
  'x86-6.12.117/perf-script-merged-pinswitch-adds-lost.txt': { driver: MERGED, missing: LOST, counts: [0, 1] },
  'x86-6.12.117/perf-script-merged-simple-two-pinned-inherit.txt': { driver: MERGED },
};

function judge(path: string, driver: string): ImportReport {
  const named: TraceOptions['driver'] = { name: driver, machine: driverNamed(driver)! };
  const environment = path.startsWith('riscv64-5') ? '5.10' : 'current';
  const text = readFileSync(shared(`${FOLDER}/${path}`), 'utf8');
  const folding = foldRecording(readRecording(text), { driver: named, environment, logged: false });
  let step = folding.next();
  while (!step.done) step = folding.next();
  return step.value.report;
}

test('the table names every recording', () => {
  if (!needsShared(FOLDER)) return;
  const there = ['riscv64-5.15.100', 'riscv64-6.12.117', 'x86-6.12.117'].flatMap((folder) =>
    readdirSync(shared(`${FOLDER}/${folder}`)).map((name) => `${folder}/${name}`),
  );
  assert.equal(there.sort(), Object.keys(TABLE).sort());
});

for (const [path, { driver, missing, refused, unreadable, counts = [0, 0] }] of Object.entries(TABLE))
  test(`${path} is judged as its README says`, () => {
    if (!needsShared(`${FOLDER}/${path}`)) return;
    if (unreadable !== undefined) {
      const isSo = (error: Error) =>
        (error instanceof BrokenLine || error instanceof NoRecording) && unreadable.test(error.message);
      assert.throws(() => judge(path, driver), isSo);
      return;
    }
    const { segments, unjudged } = judge(path, driver);
    const refusals = segments.flatMap((one) => one.refused ?? one.bounded ?? []);
    if (refused !== undefined) assert.match(`${refusals[0]?.line} ${refusals[0]?.what}`, refused);
    else assert.equal(refusals, []);
    assert.is(unjudged.length > 0, missing !== undefined);
    for (const { why } of unjudged) assert.match(why, missing!);
    if (!path.includes('rotate-overwritten')) assert.ok(segments.length > 0);
    const violated = segments.flatMap(({ broken }) => broken.filter(({ property }) => property === 'count-exact'));
    const undecided = segments.flatMap((segment) => segment.undecided);
    assert.equal([violated.length, undecided.length], counts);
    // A miscount is by at least a tick, and never by more than the next reading shows.
    for (const { least, most } of violated) assert.ok(BigInt(least ?? 1) >= 1n && BigInt(most ?? 1) < 1n << 40n);
  });

test('what the repaired driver did is not what the posted one does', () => {
  const path = 'riscv64-5.15.100/ftrace-repaired-types.txt';
  if (!needsShared(`${FOLDER}/${path}`)) return;
  assert.ok(judge(path, 'as-posted').segments[0]?.refused);
});

test.run();
