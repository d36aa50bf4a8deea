import type { Command } from 'commander';
import type { Model } from '../../../models/index.ts';
import { type Compared, type Conformed, isClean } from '../../audit/conformance/conformed.ts';
import type { Build } from '../../subject/index.ts';
import type { Tested } from '../../subject/self-test.ts';
import { EXIT, Interrupted, oneOf, UsageError } from '../exit.ts';
import { addFormats, CONFORMANCE_FORMATS, filesAsked, type Output, writeAll } from '../formats.ts';
import { interruptible } from '../interrupt.ts';
import { write } from '../output.ts';
import { buildSource, orNoSubject, settingsOf } from '../source.ts';
import { statusLine } from '../status.ts';

interface Options extends Partial<Record<keyof typeof CONFORMANCE_FORMATS, string>> {
  readonly source: string;
  readonly header?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  readonly driver: string;
  readonly environment?: string[];
  readonly deep?: true;
  readonly everyAccess?: true;
  readonly selfTest: boolean;
  readonly replay?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof conform --source patch.mbox                     the C of a patch against the model, in every default scope
  hartproof conform --source perf_event.c --header asm/perf_event.h
  hartproof conform --source ~/linux                        the driver of a kernel tree
  hartproof conform --source patch.diff --tree ~/linux      a patch that changes files without giving all of them
  hartproof conform two-threads --source patch.mbox         one scope
  hartproof conform --source patch.mbox --replay TOKEN      the log of a difference again, fact by fact, with C lines
  hartproof conform --source patch.mbox --html conform.html --sarif conform.sarif

Exit status: 0 no difference and every broken copy noticed, 1 a difference or a broken copy missed, 2 usage or environment.`;

export function register(program: Command): void {
  const command = program
    .command('conform')
    .description('compare the model with the real C of a driver, in lockstep over whole scopes')
    .argument('[model...]', 'the scopes to compare in (default: all but the deep ones)')
    .requiredOption('--source <path>', 'a patch (git diff, mbox, mail-archive page), a kernel tree, or a .c file')
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option('--tree <dir>', 'with a patch: the tree that it applies to, for files that it does not give whole')
    .option('--shim <dir>', 'kernel headers of your own, for what the shim does not have')
    .option('--define <name...>', 'NAME or NAME=VALUE for the preprocessor, such as a CONFIG_ of your PMU')
    .option('--undefine <name...>', 'names that the preprocessor is not to know')
    .option('--driver <name>', 'the model to compare with', 'as-posted')
    .option('--environment <name...>', 'who calls the driver: 4.16, 5.10, current, any-order (default: all)')
    .option('--deep', 'compare in the larger scopes too (minutes)')
    .option('--every-access', 'let others come between at every plain access to shared data, too')
    .option('--no-self-test', 'do not break copies of the driver to see that each is noticed')
    .option('--replay <token>', 'follow one log again instead, as the token of a difference says')
    .option('--json', 'write the result as JSON');
  addFormats(command, CONFORMANCE_FORMATS)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: Options) => {
      process.exitCode = await orNoSubject(() =>
        options.replay ? replay(options, options.replay) : run(names, options),
      );
    });
}

async function prepare(options: Options) {
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const machine = DRIVERS[options.driver as keyof typeof DRIVERS];
  if (machine === undefined)
    throw new UsageError(`there is no driver ${options.driver}; there are ${Object.keys(DRIVERS).join(', ')}`);
  const audit = await buildSource(options.source, options);
  return { machine, settings: settingsOf(options), built: audit.build, audit };
}

async function run(names: string[], options: Options): Promise<number> {
  const { conform, conformModels, selfTest } = await import('../../subject/index.ts');
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const known = conformModels(names.length > 0 || options.deep === true);
  const models = names.length === 0 ? known : names.map((name) => modelIn(known, name));
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  const files = await filesAsked(CONFORMANCE_FORMATS, options);
  const { machine, settings, built, audit } = await prepare(options);
  const status = statusLine();
  const started = performance.now();
  const compared: Compared[] = [];
  const tested: Tested[] = [];
  let interrupted = false;
  if (!options.json) await write(undefined, about(built));
  const compareAll = async (signal: AbortSignal): Promise<void> => {
    for (const [model, environment] of models.flatMap((model) =>
      model.environments.map((core) => [model, core] as const),
    )) {
      if (!environments.includes(environment) || signal.aborted) continue;
      const result = await conform(audit, model, environment, machine, {
        signal,
        onProgress: (states) => status.show(`${model.name}, ${environment}: ${states.toLocaleString('en')} states`),
      });
      compared.push({ model, environment, ...result });
      if (result.difference !== undefined) break;
    }
    if (options.selfTest && compared.every(({ difference }) => difference === undefined))
      for await (const result of selfTest(built.source, machine, { ...settings, signal })) {
        tested.push(result);
        status.show(`self-test: ${tested.length} broken copies`);
      }
    interrupted = signal.aborted;
  };
  try {
    await interruptible(compareAll);
  } finally {
    audit.close();
    status.clear();
  }
  if (compared.length === 0 && interrupted) throw new Interrupted('interrupted before anything was compared');
  if (compared.length === 0)
    throw new UsageError('nothing was compared: no model that was named has such an environment');
  const conformed: Conformed = {
    driver: options.driver,
    file: built.source.path,
    compared,
    tested,
    seconds: (performance.now() - started) / 1000,
    interrupted,
  };
  const told: Output<Conformed> = async (conformed) =>
    write(undefined, options.json ? json(conformed) : await report(conformed));
  return await writeAll([told, ...files], conformed, isClean(conformed) ? EXIT.clean : EXIT.findings);
}

const about = ({ source }: Build): string =>
  [`${source.path}, ${source.text.split('\n').length - 1} lines`, ...source.notes].map((line) => `${line}\n`).join('');

async function report(conformed: Conformed): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const { outcomeText, selfTestText, stoppedTexts, summaryText } = await import('../../audit/conformance/telling.ts');
  const { compared, tested } = conformed;
  const number = (value: number): string => value.toLocaleString('en');
  const table = new Table({
    head: ['scope', 'environment', 'states', 'transitions', ''],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'right', 'left'],
  });
  const rows = new Map<string, { cells: string[]; environments: string[] }>();
  for (const one of compared) {
    const { model, environment, covered, difference } = one;
    const says = difference === undefined ? outcomeText(one) : 'DIFFERENT';
    const cells = [model.name, number(covered.states), number(covered.transitions), says];
    const row = rows.get(cells.join()) ?? { cells, environments: [] };
    row.environments.push(environment);
    rows.set(cells.join(), row);
  }
  for (const { cells, environments } of rows.values())
    table.push([cells[0]!, environments.join(' '), ...cells.slice(1)]);
  const selfTest = selfTestText(tested);
  const missed = tested.filter(({ outcome }) => outcome === 'missed');
  const found = compared.find(({ difference }) => difference !== undefined);
  const lines = [
    table.toString(),
    '',
    summaryText(conformed),
    ...stoppedTexts(conformed),
    ...(found === undefined ? [] : await different(found)),
    ...(selfTest === undefined ? [] : [selfTest]),
    ...missed.map(({ mutant }) => `  line ${mutant.line}: ${mutant.does}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** A difference as a person reads it: the calls that lead there, and what either side does. */
async function different({ difference }: Compared): Promise<string[]> {
  const { ADVICE, againText, placeText, stepsOf } = await import('../../audit/conformance/telling.ts');
  const { what, model, c, place } = difference!;
  return [
    ...stepsOf(difference!, 'callbacks').map(
      ({ who, what, parts }, row) => `${parts ? '✗' : ' '} ${row + 1}. ${who}: ${what}`,
    ),
    what,
    `  model: ${model}`,
    `  C:     ${c}${place === undefined ? '' : `   (${placeText(place)})`}`,
    ADVICE,
    againText(difference!),
  ];
}

function json({ compared, tested, seconds }: Conformed): string {
  const scopes = compared.map(({ model, environment, covered, difference }) => ({
    model: model.name,
    environment,
    covered,
    difference,
  }));
  const selfTest = tested.map(({ mutant: { does, line }, outcome, model }) => ({ does, line, outcome, model }));
  return `${JSON.stringify({ scopes, selfTest, seconds }, null, 2)}\n`;
}

async function replay(options: Options, token: string): Promise<number> {
  const { conformModels, replayTogether } = await import('../../subject/index.ts');
  const [name, environment, choices = ''] = token.split(':');
  const model = modelIn(conformModels(true), name ?? '');
  const core = oneOf('environment', environment ?? '', model.environments);
  const { machine, audit } = await prepare(options);
  try {
    const code = audit.code(model, core);
    for (const { fact, at } of replayTogether(audit, model, core, machine, choices)) {
      const place = audit.placeOf(code, { fact, at });
      const where = place === undefined ? '' : `${place.function}:${place.line}`;
      await write(undefined, `${where.padEnd(28)} ${JSON.stringify(fact)}\n`);
    }
  } finally {
    audit.close();
  }
  return EXIT.clean;
}

const modelIn = (models: readonly Model[], name: string): Model => {
  const found = oneOf(
    'model',
    name,
    models.map((model) => model.name),
  );
  return models.find((model) => model.name === found)!;
};
