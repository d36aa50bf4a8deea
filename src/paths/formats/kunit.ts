import type { PathTest, PathTests } from '../path-tests.ts';
import { HELPERS } from './kunit/helpers.ts';
import { type KunitNames, namesText, POSTED_NAMES } from './kunit/names.ts';
import { stepsText } from './kunit/steps.ts';
import { header } from './text.ts';

/**
 * A KUnit suite, one case a path, to be included at the end of the driver's own file (its data are static), beside others if there
 * are any. A count is held against what the counter went on by; warnings are not looked at. `names` are those of the driver.
 * Throws a RangeError for a model with a group, which is the perf core's to build.
 */
export function toKunit(tests: PathTests, names: KunitNames = POSTED_NAMES): string {
  if (tests.group > 1) throw new RangeError(`${tests.model} has a group, which only the perf core can build`);
  const suite = `paths_${[tests.model, tests.coverage, tests.environment].join('_').replace(/\W/g, '_')}`;
  const cases = tests.tests.map((test, number) => caseText(test, `${suite}_${number + 1}`));
  return `${head(tests)}
${namesText(names)}
${HELPERS}
${cases.join('\n')}
static int ${suite}_init(struct kunit *test)
{
${tests.pmu.xlen === 32 ? RV32_ONLY : ''}\treturn paths_begin(test, ${tests.events}, ${tests.harts});
}

static struct kunit_case ${suite}_cases[] = {
${tests.tests.map((_, number) => `\tKUNIT_CASE(${suite}_${number + 1}),`).join('\n')}
\t{}
};

static struct kunit_suite ${suite}_suite = {
\t.name = "${suite}",
\t.init = ${suite}_init,
\t.exit = paths_end,
\t.test_cases = ${suite}_cases,
};
kunit_test_suite(${suite}_suite);
`;
}

/** On RV64 a register is a whole counter: that a case passes there tells nothing. */
const RV32_ONLY = `#ifdef CONFIG_64BIT
\tkunit_skip(test, "this is about RV32");
#endif
`;

const head = (tests: PathTests): string => `// SPDX-License-Identifier: MIT
/*
 * Written by \`hartproof paths ${tests.model} --environment ${tests.environment} --coverage ${tests.coverage} --format kunit\`.
 * ${header(tests)}
 *
 * #include this file at the end of the driver's own, and others like it after it. Nobody else may use the PMU meanwhile.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/smp.h>
`;

const caseText = (test: PathTest, name: string): string => `/* ${test.name} */
static void ${name}(struct kunit *test)
{
\tstruct paths_event *event = ((struct paths *)test->priv)->event;
\tint __maybe_unused answer = 0;
${stepsText(test)
  .map((line) => (line === '' || line.startsWith('#') ? line : `\t${line}`))
  .join('\n')}
}
`;
