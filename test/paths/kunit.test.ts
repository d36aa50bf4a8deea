import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS } from '../../machines/drivers.ts';
import { modelOf } from '../../models/index.ts';
import { type KunitNames, namesOf } from '../../src/paths/formats/kunit/names.ts';
import { toKunit } from '../../src/paths/formats/kunit.ts';
import { type PathTests, pathTests, runPath, SimulatedDriver } from '../../src/paths/index.ts';
import type { Coverage } from '../../src/paths/items.ts';
import { rewrite } from '../../src/repair/source/rewrite.ts';
import { type DriverSource, fileSource, readSource } from '../../src/subject/index.ts';
import { probe } from '../../src/subject/probe.ts';
import { needs, needsShared, shared } from '../needs.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { driverFile, needsCompiler } from '../subject/tiny.ts';
import { ktapOf, runKunit } from './kunit-run.ts';

const SEED = 'seed/perf-riscv-preliminary-support.txt';

const kunit = suite('KUnit');

const made = (model: string, coverage: Coverage = 'transitions', environment?: '4.16' | '5.10' | 'current') =>
  pathTests(modelOf(model), environment ?? modelOf(model).environments[0]!, coverage);

const tiny = (): DriverSource => fileSource(driverFile('tiny'));
const namesOfTiny = (): KunitNames => namesOf(tiny().text, probe(tiny()));
/** What each case of the small driver says. */
const ofTiny = (tests: PathTests, defines: readonly string[] = [], names = namesOfTiny()) =>
  runKunit(tiny(), [toKunit(tests, names)], defines);
const all = (said: ReadonlyMap<string, string>): string => [...said.values()].join('\n');
const isOk = (said: ReadonlyMap<string, string>): boolean =>
  said.size > 0 && [...said.values()].every((one) => one === 'ok');

kunit('has a case for each path, and names the property of each expectation', () => {
  const tests = made('two-harts', 'pairs');
  const text = toKunit(tests);
  assert.is([...text.matchAll(/KUNIT_CASE\(/g)].length, tests.tests.length);
  assert.match(
    text,
    /KUNIT_ASSERT_TRUE_MSG\(test, answer == 0, "step \d+, event 0: event_init\(cycles\): errno-contract: answers 0"\);/,
  );
  assert.match(text, /PATHS_N_EVENTS\(0\) == 1/);
});

kunit('passes on a sound driver, with the names of its own C', () => {
  if (!needsCompiler()) return;
  for (const model of ['two-of-a-kind', 'two-harts', 'foreign-owner', 'refused-open-exclude-idle']) {
    const said = ofTiny(made(model));
    assert.ok(isOk(said), all(said));
  }
});

for (const [mistake, model, at] of [
  ['BREAKS_SLOT', 'two-of-a-kind', /add\(START\) on hart 0: enospc-iff-full: answers -ENOSPC/],
  [
    'BREAKS_OWNER',
    'foreign-owner',
    /event_init\(cycles\): no-admission|event_init\(cycles\): errno-contract: answers -EBUSY|foreign-owner-kept/,
  ],
  ['BREAKS_COUNT', 'foreign-owner', /event_init\(cycles\): references-balance/],
  ['BREAKS_SUM', 'migration', /count-exact: event 0: count is \d+, where its counter went on by \d+ to \d+/],
  ['BREAKS_INSTRUCTIONS', 'two-harts', /count-exact: event 1: count is/],
] as const)
  kunit(`fails on a driver that ${mistake.replace('_', ' ').toLowerCase()}`, () => {
    if (!needsCompiler()) return;
    assert.match(all(ofTiny(made(model), [mistake])), at);
  });

kunit('builds events as the core does, for a driver that looks at the group, the task and the CPU', () => {
  if (!needsCompiler()) return;
  const source = tiny();
  const looks = `
	struct perf_event *sibling, *leader = event->group_leader;
	if (event->cpu != -1 || event->oncpu != -1 || !event->hw.target || !event->pmu || leader != event)
		return -EIO;
	for_each_sibling_event(sibling, leader)
		return -EIO;
	if (event->attr.type != PERF_TYPE_HARDWARE)`;
  const text = source.text.replace('\n\tif (event->attr.type != PERF_TYPE_HARDWARE)', looks);
  assert.ok(text !== source.text);
  assert.ok(isOk(runKunit({ ...source, text }, [toKunit(made('two-of-a-kind', 'pairs'), namesOfTiny())])));
});

kunit('looks at what the driver has, and at nothing else', () => {
  if (!needsCompiler()) return;
  const source = tiny();
  // A driver that reserves nothing, as those that are alone on their PMU.
  const text = source.text
    .replace(/typedef void \(\*perf_irq_t\)\(void \*\);\nperf_irq_t perf_irq;/, '')
    .replaceAll(/\n.*perf_irq = tiny_handler;/g, '\n')
    .replace(/\n\t\tif \(perf_irq\) \{[\s\S]*?return -EBUSY;\n\t\t\}/, '')
    .replace('\n\t\tperf_irq = NULL;', '\n\t\t;');
  assert.not.match(text, /perf_irq/);
  const bare = { ...source, text };
  const names = namesOf(text, probe(bare));
  assert.equal(
    Object.keys(names).filter((name) => /IRQ|HANDLER/.test(name)),
    [],
  );
  const of = (how: string, suite: string) => runKunit({ ...bare, text: `${text}\n${how}` }, [suite]);
  assert.ok(isOk(of('', toKunit(made('two-harts'), names))));
  // The same, by hand: what is not defined beside PATHS_PMU is not looked at.
  assert.ok(isOk(of('#define PATHS_PMU (&tiny_pmu)\n', toKunit(made('two-harts')))));
  const foreign = of('', toKunit(made('foreign-owner'), names));
  assert.match(all(foreign), /^skipped this driver has no PMC that another owner could take$/m);
});

kunit('goes beside others into one driver', () => {
  if (!needsCompiler()) return;
  const suites = (['transitions', 'pairs'] as const).flatMap((coverage) => [
    toKunit(made('two-of-a-kind', coverage), namesOfTiny()),
    toKunit(made('two-of-a-kind', coverage, 'current'), namesOfTiny()),
    toKunit(made('migration', coverage), namesOfTiny()),
  ]);
  const said = runKunit(tiny(), suites);
  assert.is(said.size, suites.join('').match(/KUNIT_CASE\(/g)!.length);
  assert.ok(isOk(said), all(said));
});

kunit('leaves an idle driver after a case that fails', () => {
  if (!needsCompiler()) return;
  // The first suite fails with events in slots and references taken; the second finds nothing of it.
  const [broken, sound] = [made('two-of-a-kind'), made('migration')].map((tests) => toKunit(tests, namesOfTiny()));
  const said = [...runKunit(tiny(), [broken!, sound!], ['BREAKS_SLOT']).values()];
  assert.match(said[0]!, /^not ok/);
  assert.is(said.at(-1), 'ok');
});

kunit('says it so that the kernel’s own kunit.py reads it, between other lines of a console', () => {
  const tree = linuxTree();
  if (tree === undefined || !needs('python3', spawnSync('python3', ['--version']).status === 0)) return;
  const suites = [made('two-of-a-kind'), made('migration'), made('rv32')].map((tests) => toKunit(tests, namesOfTiny()));
  const parsed = (defines: readonly string[]) => {
    const input = `OpenSBI v1.1\n${ktapOf(tiny(), suites, ['CONFIG_64BIT', ...defines])}reboot: Power down\n`;
    const args = [join(tree, 'tools/testing/kunit/kunit.py'), 'parse'];
    return spawnSync('python3', args, { input, encoding: 'utf8', timeout: 20_000 });
  };
  assert.match(parsed([]).stdout, /Ran 3 tests: passed: 2, skipped: 1$/m);
  const { status, stdout } = parsed(['BREAKS_SLOT']);
  assert.is(status, 1);
  assert.match(stdout, /\[FAILED\] paths_two_of_a_kind_transitions_4_16_1/);
  assert.match(stdout, /step \d+, .*: enospc-iff-full: answers -ENOSPC/);
});

kunit('is held against a compiler that can say no', () => {
  if (!needsCompiler()) return;
  const text = toKunit(made('two-of-a-kind'), namesOfTiny()).replace('PATHS_PMU->add', 'PATHS_PMU->plus');
  assert.throws(() => runKunit(tiny(), [text]));
});

const ASKED = [
  ...['refused-open-raw', 'refused-open-cache-misses', 'refused-open-exclude-kernel', 'refused-open-software'],
  ...['foreign-owner', 'two-of-a-kind', 'migration', 'context-switch', 'rv32'],
];

kunit('says of the posted driver what its model says, at the same step, and nothing of the repaired one', async () => {
  if (!needsShared(SEED) || !needsCompiler()) return;
  const seed = await readSource(shared(SEED));
  const repaired = rewrite(seed, REPAIRS).source;
  const asked = ASKED.map((name) => made(name));
  const suites = asked.map((tests) => toKunit(tests));
  const said = [...runKunit(seed, suites).values()];
  assert.equal([...new Set(runKunit(repaired, suites).values())].toSorted(), ['ok', 'skipped this is about RV32']);
  let failed = 0;
  for (const tests of asked)
    for (const test of tests.tests) {
      const failure = await runPath(new SimulatedDriver(DRIVERS['as-posted'], tests.pmu), tests, test);
      const one = said.shift()!;
      if (tests.pmu.xlen === 32) continue;
      if (failure === undefined) assert.is(one, 'ok', test.name);
      else assert.ok(one.startsWith(`not ok step ${failure.step + 1}, `), `${test.name}: ${one}`);
      if (failure?.broken[0]?.expected.what === 'count') failed++;
    }
  assert.ok(failed > 0, 'a count that the stale prev_count spoils');
});

kunit('leaves groups to the perf core', () => {
  assert.throws(() => toKunit(pathTests(modelOf('group-of-two'), '4.16', 'states')), /only the perf core can build/);
});

kunit('finds the names of a driver, and says so where it has no PMU', () => {
  assert.equal(namesOfTiny(), {
    PATHS_PMU: '(&tiny_pmu)',
    PATHS_ACTIVE_EVENTS: 'atomic_read(&tiny_active)',
    PATHS_CLEAR_ACTIVE_EVENTS: 'atomic_set(&tiny_active, 0)',
    'PATHS_N_EVENTS(hart)': '((&per_cpu(tiny_cpu, hart))->n_events)',
    'PATHS_SLOTS(hart)': '((&per_cpu(tiny_cpu, hart))->slot)',
    PATHS_N_SLOTS: 'ARRAY_SIZE((&per_cpu(tiny_cpu, 0))->slot)',
    PATHS_PERF_IRQ: 'perf_irq',
    PATHS_HANDLER: 'typeof(perf_irq)',
  });
  assert.throws(() => namesOf('int x;', {}), /no `struct pmu NAME = \{`/);
});

kunit.run();
