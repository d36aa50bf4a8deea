import type { DriverMachine } from '../../machines/drivers.ts';
import { MODELS } from '../../models/index.ts';
import { failuresSeenByC, toC } from '../../src/paths/formats/c.ts';
import { type PathTest, type PathTests, pathTests, runPath, SimulatedDriver } from '../../src/paths/index.ts';
import { buildProgram } from './build.ts';
import type { Row } from './rows.ts';

/** The path tests of the models with these names, or of all that a booted kernel with registers of 64 bits can say something of. */
export function askedOf(names: readonly string[]): PathTests[] {
  const models = MODELS.filter(
    ({ deep, environments, scope }) => !deep && environments[0] !== 'any-order' && scope.group <= 1,
  );
  const unknown = names.filter((name) => !models.some((model) => model.name === name));
  if (unknown.length > 0) throw new RangeError(`no model to ask a kernel of: ${unknown.join(', ')}`);
  return models
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap((model) =>
      (['transitions', 'pairs'] as const).map((coverage) =>
        // What booted is Linux 6.12.117.
        pathTests(model, model.environments.includes('current') ? 'current' : model.environments[0]!, coverage),
      ),
    )
    .filter(({ pmu }) => pmu.xlen === 64);
}

/** The step at which the model of a driver fails each test that it fails; a warning is what no suite looks at. */
export async function failuresOf(machine: DriverMachine, asked: readonly PathTests[]): Promise<Map<PathTest, number>> {
  const failing = new Map<PathTest, number>();
  for (const tests of asked)
    for (const test of tests.tests) {
      const steps = test.steps.map((step) => ({
        ...step,
        expect: step.expect.filter(({ what }) => what !== 'warnings'),
      }));
      const failure = await runPath(new SimulatedDriver(machine, tests.pmu), tests, { ...test, steps });
      if (failure !== undefined) failing.set(test, failure.step);
    }
  return failing;
}

/** A program of user space. */
export interface Program {
  readonly path: string;
  /** The step at which the model of the driver fails, as far as user space sees. */
  readonly failsAt: number | undefined;
}

/** Compiles the programs that user space can run, by name, each along a path that the driver fails if there is one. */
export async function programsOf(
  asked: readonly PathTests[],
  machine: DriverMachine,
  directory: string,
): Promise<Map<string, Program>> {
  const programs = new Map<string, Program>();
  for (const tests of asked)
    try {
      const failures = await failuresSeenByC(new SimulatedDriver(machine, tests.pmu), tests);
      const text = toC(tests, (test) => failures.get(test));
      const test = tests.tests.find((one) => text.includes(` * ${one.name}: written by`))!;
      const path = buildProgram(directory, text);
      programs.set(`${tests.model}-${tests.coverage}`, { path, failsAt: failures.get(test) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  return programs;
}

/** What the suites and programs said on the console of the booted kernel. */
export function pathRows(
  driver: string,
  asked: readonly PathTests[],
  failing: ReadonlyMap<PathTest, number>,
  programs: ReadonlyMap<string, Program>,
  said: string,
): Row[] {
  const lines = said.split('\n');
  const suites = asked.flatMap((tests) =>
    tests.tests.map((test, number) => {
      const suite = `paths_${[tests.model, tests.coverage, tests.environment].join('_').replace(/\W/g, '_')}_${number + 1}`;
      return row(driver, `suite ${test.name}, ${tests.coverage}`, failing.get(test), kunitSaid(lines, suite));
    }),
  );
  const run = [...programs].map(([name, { failsAt }]) => {
    const line = new RegExp(`^PROGRAM ${name}: (.*)$`, 'm').exec(said)?.[1];
    return row(driver, `program ${name}`, failsAt, line ?? 'nothing');
  });
  return [...suites, ...run];
}

/** What KUnit said of a case: `ok`, or its message. */
function kunitSaid(lines: readonly string[], name: string): string {
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

function row(driver: string, what: string, at: number | undefined, said: string): Row {
  const passes = /^(ok|every step did)/.test(said);
  const same = at === undefined ? passes : said.startsWith(`step ${at + 1}, `);
  return { driver, what, model: at === undefined ? 'passes' : `fails at step ${at + 1}`, kernel: said, same };
}
