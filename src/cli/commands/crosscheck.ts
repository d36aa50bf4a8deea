import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Environment, Model } from '../../../models/index.ts';
import type { Comparison } from '../../export/crosscheck.ts';
import type { Promela } from '../../export/promela.ts';
import type { SpinOutcome } from '../../export/spin.ts';
import { onAbort } from '../../outside/on-abort.ts';
import { EXIT, oneOf, orUsage, positive, UsageError } from '../exit.ts';
import { checkJson, type Output, writeAll } from '../formats.ts';
import { interrupted, interruptible } from '../interrupt.ts';
import { write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options {
  readonly environment?: string[];
  readonly driver: string;
  readonly deep?: true;
  readonly jobs?: string;
  readonly json?: string | true;
}

/** One system, searched twice. */
export interface Crosschecked {
  readonly model: Model;
  readonly environment: Environment;
  readonly comparison: Comparison;
}

const EXAMPLES = `
Examples:
  hartproof crosscheck                                every model, in every environment
  hartproof crosscheck two-threads --environment 4.16
  hartproof crosscheck --driver repaired --json crosscheck.json

Needs SPIN 6 and a C compiler (Debian: apt install spin gcc libc6-dev; CC names another compiler).
Exit status: 0 both agree, 1 they differ, 2 usage, no SPIN, or a search that was not complete.`;

export function register(command: Command): void {
  command
    .argument('[model...]', 'the models to search (default: all but the deep ones)')
    .option('--environment <name...>', 'who calls the driver (default: all)')
    .option('--driver <name>', 'the driver', 'as-posted')
    .option('--deep', 'search the larger models too')
    .option('--jobs <count>', 'how many searches by SPIN at a time (default: one for each processor)')
    .option('--json [file]', 'write the comparison as JSON, to a file or to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: Options) => {
      process.exitCode = await run(names, options);
    });
}

async function run(names: string[], options: Options): Promise<number> {
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { compose, ENVIRONMENTS, MODELS, modelOf, propertyOf } = await import('../../../models/index.ts');
  const { crosscheck } = await import('../../export/crosscheck.ts');
  const { findSpin, NoSpin, searchWithSpin, Truncated } = await import('../../export/spin.ts');
  const driver = oneOf('driver', options.driver, Object.keys(DRIVERS) as (keyof typeof DRIVERS)[]);
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  const jobs = options.jobs === undefined ? availableParallelism() : positive('jobs', options.jobs);
  await checkJson(options.json, MODELS);
  const models =
    names.length > 0
      ? names.map((name) => orUsage(() => modelOf(name)))
      : MODELS.filter(({ deep }) => options.deep || !deep);
  const questions = models.flatMap((model) =>
    model.environments.filter((name) => environments.includes(name)).map((environment) => ({ model, environment })),
  );
  if (questions.length === 0) throw new UsageError('no model that was named is asked in such an environment');

  const stop = new AbortController();
  const status = statusLine();
  /** Several environments can come to the same model: then SPIN searches it once. */
  const searches = new Map<string, Promise<SpinOutcome>>();
  const search = (model: Promela, states: number): Promise<SpinOutcome> => {
    const known = searches.get(model.text) ?? searchWithSpin(model, { states, signal: stop.signal });
    searches.set(model.text, known);
    return known;
  };
  let begun = 0;
  return await interruptible(async (signal) => {
    onAbort(signal, () => stop.abort());
    try {
      await findSpin();
      const results = await inParallel(questions, jobs, stop, async ({ model, environment }): Promise<Crosschecked> => {
        status.show(`${++begun} of ${questions.length}: ${model.name}, ${environment}`);
        const system = compose(model.scope, environment, DRIVERS[driver]);
        return { model, environment, comparison: await crosscheck(system, model.properties.map(propertyOf), search) };
      });
      status.clear();
      const { comparisonReport, comparisonJson } = await import('../comparison.ts');
      const { json } = options;
      const outputs: Output<Crosschecked>[] = [];
      if (json !== true) outputs.push((results) => write(undefined, comparisonReport(results, searches.size)));
      if (json !== undefined)
        outputs.push((results) => write(json === true ? undefined : json, comparisonJson(results, driver)));
      const agree = results.every(({ comparison }) => comparison.agrees);
      return await writeAll(outputs, results, agree ? EXIT.clean : EXIT.findings);
    } catch (error) {
      if (error instanceof NoSpin || error instanceof Truncated) throw new UsageError(error.message);
      if (signal.aborted) throw interrupted();
      throw error;
    } finally {
      status.clear();
    }
  });
}

/** Does all tasks, so many at a time. After the first failure it stops the others, waits until they are gone, and throws it. */
async function inParallel<T, R>(
  tasks: readonly T[],
  jobs: number,
  stop: AbortController,
  work: (task: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = tasks.entries();
  const worker = async (): Promise<void> => {
    for (const [place, task] of waiting) {
      stop.signal.throwIfAborted();
      results[place] = await work(task);
    }
  };
  const failures: unknown[] = [];
  await Promise.all(
    Array.from({ length: jobs }, () =>
      worker().catch((error: unknown) => {
        failures.push(error);
        stop.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return results;
}
