import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { failureText, pathTests, runPath } from '../../src/paths/index.ts';
import { RealDriver } from '../../src/paths/real.ts';
import { built, needsCompiler } from '../subject/tiny.ts';

/** For each mistake of our own C driver that can be seen from outside: the model, and the step in which its path test fails. */
const MISTAKES: readonly [string, string, RegExp][] = [
  ['BREAKS_SLOT', 'two-of-a-kind', /add\(START\)[\s\S]*enospc-iff-full/],
  ['BREAKS_INDEX', 'two-of-a-kind', /add\(START\)/],
  ['BREAKS_OWNER', 'foreign-owner', /event_init\(cycles\)[\s\S]*foreign-owner-kept/],
  ['BREAKS_COUNT', 'foreign-owner', /event_init\(cycles\)[\s\S]*references-balance/],
];

const broken = suite('path tests of broken C');

for (const [mistake, model, at] of MISTAKES)
  broken(`${mistake} fails at its step, where the sound driver passes`, async () => {
    if (!needsCompiler()) return;
    const tests = pathTests(modelOf(model), '4.16', 'transitions');
    const failures = async (defines: string[]): Promise<string[]> => {
      const driver = new RealDriver(built('tiny', defines), tests.pmu);
      try {
        const said: string[] = [];
        for (const test of tests.tests) {
          const failure = await runPath(driver, tests, test);
          if (failure !== undefined) said.push(failureText(test, failure));
        }
        return said;
      } finally {
        driver.close();
      }
    };
    assert.equal(await failures([]), []);
    assert.match((await failures([mistake])).join('\n'), at);
  });

broken.run();
