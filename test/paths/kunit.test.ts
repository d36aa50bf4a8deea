import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { toKunit } from '../../src/paths/formats/kunit.ts';
import { pathTests } from '../../src/paths/index.ts';
import { build, fileSource, NoSubject } from '../../src/subject/index.ts';
import { CACHE, driverFile, needsCompiler } from '../subject/tiny.ts';

/** As much of KUnit as a suite needs to compile. */
const KUNIT = `
struct kunit { int unused; };
struct kunit_case { void (*run)(struct kunit *); };
struct kunit_suite { const char *name; struct kunit_case *test_cases; };
#define KUNIT_CASE(function) { .run = function }
#define kunit_kzalloc(test, size, flags) ((void *)((void)(test), calloc(1, size)))
#define KUNIT_ASSERT_TRUE(test, condition) KUNIT_ASSERT_TRUE_MSG(test, condition, "")
#define KUNIT_ASSERT_TRUE_MSG(test, condition, message) do { (void)(test); if (!(condition)) abort(); } while (0)
#define kunit_test_suite(suite) struct kunit_suite *paths_kunit_suite = &(suite)
#define smp_call_function_single(hart, function, argument, wait) (function)(argument)
extern void *calloc(size_t, size_t);
extern void abort(void);
`;

/** The names of the small driver of the tests. */
const TINY = `
#define PATHS_PMU (&tiny_pmu)
#define PATHS_ACTIVE_EVENTS atomic_read(&tiny_active)
#define PATHS_N_EVENTS(hart) (per_cpu_ptr(&tiny_cpu, hart)->n_events)
#define PATHS_SLOTS(hart) (per_cpu_ptr(&tiny_cpu, hart)->slot)
#define PATHS_N_SLOTS TINY_COUNTERS
#define PATHS_PERF_IRQ perf_irq
#define PATHS_HANDLER perf_irq_t
`;

const kunit = suite('KUnit');
let folder: string;
kunit.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-kunit-'));
  mkdirSync(join(folder, 'kunit'));
  writeFileSync(join(folder, 'kunit', 'test.h'), KUNIT);
});
kunit.after(() => rmSync(folder, { recursive: true }));

const compile = (text: string) => {
  const source = fileSource(driverFile('tiny'));
  return build(
    { ...source, text: `${readFileSync(driverFile('tiny'), 'utf8')}${TINY}${text}` },
    { cache: CACHE, shim: folder },
  );
};

kunit('has a case for each path, and names the property of each expectation', () => {
  const tests = pathTests(modelOf('two-harts'), '4.16', 'pairs');
  const text = toKunit(tests);
  assert.is([...text.matchAll(/KUNIT_CASE\(/g)].length, tests.tests.length);
  assert.match(
    text,
    /KUNIT_ASSERT_TRUE_MSG\(test, answer == 0, "step \d+, event 0: event_init\(cycles\): errno-contract: answers 0"\);/,
  );
  assert.match(text, /PATHS_N_EVENTS\(0\) == 1/);
});

kunit('compiles at the end of a driver', () => {
  if (!needsCompiler()) return;
  for (const model of [
    'two-of-a-kind',
    'two-harts',
    'foreign-owner',
    'refused-open-exclude-idle',
    'refused-open-sampling',
  ])
    compile(toKunit(pathTests(modelOf(model), '4.16', 'transitions')));
});

kunit('is held against a compiler that can say no', () => {
  if (!needsCompiler()) return;
  const text = toKunit(pathTests(modelOf('two-of-a-kind'), '4.16', 'transitions'));
  assert.throws(
    () => compile(text.replace('PATHS_PMU->add', 'PATHS_PMU->plus')),
    (error: Error) => error instanceof NoSubject,
  );
});

kunit('leaves groups to the perf core', () => {
  assert.throws(() => toKunit(pathTests(modelOf('group-of-two'), '4.16', 'states')), /only the perf core can build/);
});

kunit.run();
