import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { MODELS } from '../../models/index.ts';
import {
  failureText,
  type PathTests,
  pathTests,
  runPath,
  SimulatedDriver,
  type SystemUnderTest,
} from '../../src/paths/index.ts';
import { RealDriver } from '../../src/paths/real.ts';
import { type Build, build, type DriverSource, readSource } from '../../src/subject/index.ts';
import { mutantsOf } from '../../src/subject/mutants.ts';
import { needsShared, shared } from '../needs.ts';
import { CACHE, needsCompiler } from '../subject/tiny.ts';

const SEED = 'seed/perf-riscv-preliminary-support.txt';

/** What no path test sees of a broken copy: the page for user space, and what is wrong only where the posted driver is, too. */
const UNSEEN = [
  'swaps the last two statements of del',
  'does not publish the user page at the start',
  // `idx` of an event that was never added is nowhere used.
  'forgets that the event has no counter yet',
  // The posted driver lets in a second event for a taken counter already.
  'lets in one event more than there are counters',
];

const real = suite('path tests of the real C');
let source: DriverSource;
let tests: readonly PathTests[] = [];
const expected: string[] = [];

const isThere = (): boolean => needsShared(SEED) && needsCompiler();

/** Where each test fails, or that it does not, one after the other. */
async function* outcomes(subjectOf: (tests: PathTests) => SystemUnderTest): AsyncGenerator<string> {
  for (const one of tests)
    for (const test of one.tests) {
      const failure = await runPath(subjectOf(one), one, test);
      yield failure === undefined ? `${test.name}: passed` : failureText(test, failure);
    }
}

/** The first test of the C whose outcome is not that of its model; undefined if there is none. */
async function firstDifference(
  built: Build,
): Promise<{ readonly said: string; readonly expected: string } | undefined> {
  const drivers = new Map<number, RealDriver>();
  try {
    let number = 0;
    const subjectOf = ({ pmu }: PathTests): SystemUnderTest => {
      const driver = drivers.get(pmu.xlen) ?? new RealDriver(built, pmu);
      drivers.set(pmu.xlen, driver);
      return driver;
    };
    for await (const said of outcomes(subjectOf)) {
      if (said !== expected[number]) return { said, expected: expected[number]! };
      number++;
    }
    return undefined;
  } finally {
    for (const driver of drivers.values()) driver.close();
  }
}

real.before(async () => {
  if (!isThere()) return;
  source = await readSource(shared(SEED));
  const models = MODELS.filter(({ deep, environments }) => !deep && environments[0] !== 'any-order');
  tests = models.flatMap((model) =>
    (['transitions', 'pairs'] as const).map((coverage) => pathTests(model, model.environments.at(-1)!, coverage)),
  );
  for await (const said of outcomes(({ pmu }) => new SimulatedDriver(DRIVERS['as-posted'], pmu))) expected.push(said);
});

real('fail at the very steps at which they fail on its model', async () => {
  if (!isThere()) return;
  assert.is(await firstDifference(build(source, { cache: CACHE })), undefined);
  assert.ok(
    expected.some((said) => said.endsWith(': passed')) && expected.some((said) => said.includes('count-exact')),
  );
});

real('notice each broken copy of it whose break can be seen from outside', async () => {
  if (!isThere()) return;
  const missed: string[] = [];
  for (const { does, text } of mutantsOf(source.text))
    if ((await firstDifference(build({ ...source, text }, { cache: CACHE }))) === undefined) missed.push(does);
  assert.equal(missed.toSorted(), UNSEEN.toSorted());
});

real.run();
