import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REPAIRS } from '../machines/driver/decisions.ts';
import { DRIVERS } from '../machines/drivers.ts';
import { MODELS } from '../models/index.ts';
import { toC } from '../src/paths/formats/c.ts';
import { toKunit } from '../src/paths/formats/kunit.ts';
import { type PathTest, type PathTests, pathTests, runPath, SimulatedDriver } from '../src/paths/index.ts';
import { rewrite } from '../src/repair/source/rewrite.ts';
import { cacheDirectory } from '../src/subject/cache-directory.ts';
import { readTree } from '../src/subject/ground/tree.ts';
import { readSource } from '../src/subject/index.ts';
import { boot, buildKernel, buildModule, buildProgram } from './kernel/build.ts';

/**
 * `npm run kernel -- LINUX PATCH [BUILD [MODEL…]]`: boots a RISC-V kernel of the tree LINUX in QEMU with the driver of PATCH in it, as posted and
 * repaired, runs the suites and programs there, and writes beside what the models say to docs/kernel.md. The kernel is built once, in
 * BUILD or the user's cache. Without models it asks all. Exits with 1 if kernel and model differ.
 */
const [linux, patch, build, ...only] = process.argv.slice(2);
if (linux === undefined || patch === undefined) {
  console.error('usage: npm run kernel -- LINUX PATCH [BUILD [MODEL...]]');
  process.exit(2);
}
const tree = readTree(linux);
const kernel = resolve(build ?? join(cacheDirectory(), `kernel-${tree.version}`));
buildKernel(tree.root, kernel);

const models = MODELS.filter(
  ({ deep, environments, scope }) => !deep && environments[0] !== 'any-order' && scope.group <= 1,
);
const asked = models
  .filter(({ name }) => only.length === 0 || only.includes(name))
  .flatMap((model) =>
    (['transitions', 'pairs'] as const).map((coverage) => pathTests(model, model.environments[0]!, coverage)),
  )
  // On RV64 these say nothing.
  .filter(({ pmu }) => pmu.xlen === 64);

const seed = await readSource(patch);
const rows: string[] = [];
let different = 0;
for (const [name, source, machine] of [
  ['as-posted', seed, DRIVERS['as-posted']],
  ['repaired', rewrite(seed, REPAIRS).source, DRIVERS.repaired],
] as const) {
  const directory = join(cacheDirectory(), `kernel-${name}`);
  const module = buildModule(
    kernel,
    directory,
    source,
    asked.map((tests) => toKunit(tests)),
  );
  const programs = new Map<string, { readonly path: string; readonly tests: PathTests; readonly test: PathTest }>();
  const failing = new Map<PathTest, number>();
  for (const tests of asked)
    for (const test of tests.tests) {
      const failure = await runPath(new SimulatedDriver(machine, tests.pmu), tests, test);
      if (failure !== undefined) failing.set(test, failure.step);
    }
  for (const tests of asked)
    try {
      const text = toC(tests, (test) => failing.get(test));
      const test = tests.tests.find((one) => text.includes(` * ${one.name}: written by`))!;
      const program = `${tests.model}-${tests.coverage}`;
      programs.set(program, { path: buildProgram(directory, program, text), tests, test });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  const said = boot(kernel, directory, module, new Map([...programs].map(([program, { path }]) => [program, path])));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'console.txt'), said);
  for (const tests of asked)
    for (const [number, test] of tests.tests.entries()) {
      const suite = `paths_${[tests.model, tests.coverage, tests.environment].join('_').replace(/\W/g, '_')}_${number + 1}`;
      const at = failing.get(test);
      row(name, `suite ${test.name}, ${tests.coverage}`, at, kunitSaid(said, suite), true);
    }
  for (const [program, { test }] of programs) {
    const line = new RegExp(`^PROGRAM ${program}: (.*)$`, 'm').exec(said)?.[1];
    row(name, `program ${program}`, failing.get(test), line ?? 'nothing', name === 'repaired');
  }
}

/** What KUnit said of a case: `ok`, or its message. */
function kunitSaid(said: string, name: string): string {
  const lines = said.split('\n');
  const end = lines.findIndex((line) => new RegExp(`(not )?ok \\d+ ${name}( |$)`).test(line));
  if (end < 0) return 'nothing';
  if (!lines[end]!.includes('not ok')) return lines[end]!.includes('SKIP') ? 'skipped' : 'ok';
  return (
    lines
      .slice(0, end)
      .findLast((line) => /^\s*step \d+, /.test(line))
      ?.trim() ?? 'not ok'
  );
}

/** A program sees less than the model does: that it goes through where the driver fails is no difference (`exact` false). */
function row(driver: string, what: string, at: number | undefined, said: string, exact: boolean): void {
  const model = at === undefined ? 'passes' : `fails at step ${at + 1}`;
  const passes = /^(ok|every step did)/.test(said);
  const same = at === undefined ? passes : said.startsWith(`step ${at + 1}, `) || (!exact && passes);
  if (!same) different++;
  rows.push(`| ${driver} | ${what} | ${model} | ${said.replaceAll('|', '\\|')} | ${same ? '' : 'differs'} |`);
}

const page = `# In a booted kernel

\`npm run kernel -- LINUX PATCH\` boots Linux in QEMU (\`qemu-system-riscv64 -M virt\`, two harts) with the driver of 2018 as a
module, as posted and with every repair, and runs in it the KUnit suites and the C programs that \`hartproof paths\` writes. It needs,
of Debian, \`qemu-system-misc\`, \`opensbi\`, \`gcc-riscv64-linux-gnu\`, \`libc6-dev-riscv64-cross\`, \`flex\`, \`bison\`, \`bc\` and an
unpacked \`linux-source-6.12\`. The kernel is built once (an hour on a busy machine) and kept in the user's cache; the rest takes
minutes. It is not in CI. Monitors and recordings are not run by it.

What it printed on ${new Date().toISOString().slice(0, 10)}, Linux ${tree.version}: ${rows.length} rows, ${different} of them differ from
the model. A program cannot see what the driver keeps to itself: that it goes through is no difference.

| driver | what | the model | the kernel | |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'kernel.md'), page);
console.log(`${rows.length} rows, ${different} differ: docs/kernel.md`);
process.exitCode = different > 0 ? 1 : 0;
