import type { Command } from 'commander';
import type { ProvedModel } from '../../audit/prove.ts';
import { CONFIG_OPTION, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, positive, UsageError } from '../exit.ts';
import {
  addFormats,
  checkJson,
  checkWritable,
  FORMATS,
  filesAsked,
  json,
  reportOutputs,
  writeAll,
} from '../formats.ts';
import { interruptible } from '../interrupt.ts';
import { say, write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options extends DriverOptions, Partial<Record<keyof typeof FORMATS, string>> {
  readonly environment?: string[];
  readonly property?: string[];
  readonly views?: string;
  readonly seconds?: string;
  readonly steps?: true;
  readonly json?: string | true;
  readonly proof?: string;
  readonly list?: true;
}

const EXAMPLES = `
Examples:
  hartproof prove --driver repaired                      any number of events, of every kind, and of harts
  hartproof prove --driver repaired any-opens            one question, in every environment
  hartproof prove two-threads --environment 4.16         a model of an audit, with any number of its events
  hartproof prove --driver repaired any-slots --property slot-owner
  hartproof prove --config                               your own PMU and driver (see hartproof init)
  hartproof prove --driver repaired --json prove.json    also for a script (--json alone: on standard output)
  hartproof prove any-opens --environment 4.16 --driver repaired --proof proof.json   the proof, to be checked by others

What is proved, by views (docs/prove.md), holds for any number of events, and of harts where the model has any. What is
violated is so in a scope that was searched, with its log. What is neither says which view stands in the way.
Exit status: 0 all that was asked is proved (or vacuous in one of several environments), 1 something is violated, or is not
proved, 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument(
      '[model...]',
      'the models, of which there is any number of events then (default: those for proofs; see --list)',
    )
    .option('--driver <name>', 'the driver to prove something of', 'as-posted')
    .option(...CONFIG_OPTION)
    .option(
      '--environment <name...>',
      'who calls the driver: 4.16, 5.10, current, any-order (default: those of the model)',
    )
    .option('--property <id...>', 'the properties to prove (default: those of the model that views can prove)')
    .option('--views <count>', 'give up where there are more views (default: 50000)')
    .option('--seconds <count>', 'give up an attempt that takes longer (default: 30)')
    .option('--steps', 'tell counterexamples fact by fact')
    .option('--json [file]', 'write the results as JSON, to a file or to standard output')
    .option('--proof <file>', 'write the proof of one model in one environment: tables, views and weights, as JSON')
    .option('--list', 'list the models for proofs, and stop');
  addFormats(command, FORMATS)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: Options) => {
      process.exitCode = options.list ? await list() : await run(names, options);
    });
}

async function run(names: readonly string[], options: Options): Promise<number> {
  const { ENVIRONMENTS, modelIn, propertyOf } = await import('../../../models/index.ts');
  const { PROOFS, scaledTo } = await import('../../../models/proofs.ts');
  const { described } = await import('../../audit/modelled.ts');
  const { proveModel } = await import('../../audit/prove.ts');
  const { proveReport, violatedIn } = await import('../../audit/prove-report.ts');
  const { violationsOf } = await import('../../audit/violation.ts');
  const asked = await driverAsked(options);
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS));
  const properties = options.property?.map((id) => orUsage(() => propertyOf(id)).id);
  const own =
    asked.port === undefined
      ? PROOFS
      : PROOFS.map((model) => ({ ...model, scope: { ...model.scope, pmu: asked.models[0]!.scope.pmu } }));
  const models =
    names.length === 0 ? own : names.map((name) => orUsage(() => modelIn([...own, ...asked.models], name)));
  const questions = models
    .flatMap((model) =>
      (environments ?? model.environments).map((environment) => ({
        model,
        environment,
        ids: model.properties.filter((id) => (properties ? properties.includes(id) : isInvariant(propertyOf(id)))),
      })),
    )
    .filter(({ ids }) => ids.length > 0);
  if (questions.length === 0)
    throw new UsageError('nothing was asked: no model that was named decides such a property (see --list)');
  if (options.proof !== undefined && questions.length > 1)
    throw new UsageError('--proof is of one model in one environment: name them');
  const grouped = questions.find(({ model }) => model.scope.group > 0);
  if (grouped) say(`${grouped.model.name}: a group takes its events in an order, so that views do not apply`);
  const limits = {
    ...(options.views !== undefined && { views: positive('views', options.views) }),
    ...(options.seconds !== undefined && { milliseconds: 1000 * positive('seconds', options.seconds) }),
  };
  const files = await filesAsked(FORMATS, options);
  await checkJson(options.json, [...own, ...asked.models]);
  if (options.proof !== undefined) await checkWritable('--proof', options.proof);
  const target = described(asked.name, asked.machine, asked.driver);
  const status = statusLine();
  return await interruptible(async (signal) => {
    const proved: ProvedModel[] = [];
    for (const [done, { model, environment, ids }] of questions.entries()) {
      if (signal.aborted) break;
      status.show(`${done + 1} of ${questions.length}: ${model.name}, ${environment}`);
      proved.push(await proveModel(asked.machine, model, environment, ids, { ...limits, signal }));
    }
    status.clear();
    if (signal.aborted) say('interrupted; what is shown is what was proved so far');
    const results = proved.flatMap((one) => violatedIn(one, (size) => scaledTo(one.model, size)));
    const report = proveReport(proved, { target, results, findings: await violationsOf(results, target) });
    const text = options.proof === undefined ? undefined : proved[0]?.text();
    if (options.proof !== undefined && text === undefined) say('nothing is proved, so that there is no proof to write');
    const outputs = [
      ...[...reportOutputs(options), ...files].map((output) => () => output([report])),
      ...(text === undefined ? [] : [() => write(options.proof, json(text))]),
    ];
    return await writeAll(outputs, [report], isProved(proved, questions) ? EXIT.clean : EXIT.findings);
  });
}

/** Whether views can prove anything of a property: AG EF they cannot. */
const isInvariant = ({ clauses }: { readonly clauses: readonly { readonly kind: string }[] }): boolean =>
  clauses.some(({ kind }) => kind === 'always' || kind === 'whenever');

/** Whether each property that was asked is proved somewhere, and nowhere anything else than proved or vacuous. */
function isProved(proved: readonly ProvedModel[], questions: readonly { readonly ids: readonly string[] }[]): boolean {
  const verdicts = proved.flatMap((one) => [...one.verdicts].map(([property, { verdict }]) => ({ property, verdict })));
  return (
    proved.length === questions.length &&
    verdicts.every(({ verdict }) => verdict === 'proved' || verdict === 'vacuous') &&
    questions.every(({ ids }) =>
      ids.every((id) => verdicts.some(({ property, verdict }) => property === id && verdict === 'proved')),
    )
  );
}

async function list(): Promise<number> {
  const { PROOFS } = await import('../../../models/proofs.ts');
  const width = Math.max(...PROOFS.map(({ name }) => name.length));
  const { columns } = await import('../../reports/terminal/table.ts');
  const { entry } = await import('../../reports/wrap.ts');
  const lines = PROOFS.map(({ name, asks }) => entry(name, asks, width, columns()));
  await write(
    undefined,
    `${['Models for proofs (a model of hartproof audit can be named, too)', ...lines].join('\n')}\n`,
  );
  return EXIT.clean;
}
