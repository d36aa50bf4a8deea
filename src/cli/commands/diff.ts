import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Environment, Model } from '../../../models/index.ts';
import type { NamedDriver, Pair } from '../../diff/diff.ts';
import { askedOfC } from '../asked-of-c.ts';
import { driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf } from '../exit.ts';
import { write } from '../output.ts';
import { buildSource, orNoSubject, type SourceOptions } from '../source.ts';
import { statusLine } from '../status.ts';

interface Options extends SourceOptions {
  readonly environment?: string[];
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof diff as-posted merged-4.18               what the merge changed
  hartproof diff as-posted repaired --environment 4.16
  hartproof diff merged-4.18 hartproof.config.ts     your driver against the one it began as, on your PMU
  hartproof diff as-posted patch.mbox                the C of a patch against the model: properties, and where they part
  hartproof diff hartproof.config.ts my_pmu.c        your C against the driver that you described
  hartproof diff v1.c v2.c --environment 4.16        two versions: properties, the shortest log on which they part, what changed
  hartproof diff v1.mbox v2.mbox                     two versions of a series; two kernel trees alike
  hartproof diff v1.c v2.c --tree LINUX              two versions of any driver, compiled with the headers of its kernel
  hartproof diff old.config.ts new.config.ts         two descriptions

Exit status: 0 no difference was found, 1 they differ, or a search was stopped before its end, 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument('<one>', 'a driver by name, a file that describes one, or C: a patch, a kernel tree, or a .c file')
    .argument('<other>', 'another')
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option(
      '--tree <dir>',
      'the kernel tree: of a patch, that it applies to; of two .c files or patches, with whose headers they are compiled',
    )
    .option('--shim <dir>', 'kernel headers of your own, for what the shim does not have')
    .option('--define <name...>', 'NAME or NAME=VALUE for the preprocessor')
    .option('--undefine <name...>', 'names that the preprocessor is not to know')
    .option('--environment <name...>', 'who calls the drivers: 4.16, 5.10, current, any-order (default: all)')
    .option('--json', 'write the result as JSON to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (one: string, other: string, options: Options) => {
      process.exitCode = await run(one, other, options);
    });
}

const isDescription = (name: string): boolean => /\.[cm]?[jt]s$/.test(name);

/** What is no modelled driver and no description is C, if it is there. */
const isSource = (name: string): boolean => !isDescription(name) && existsSync(name);

async function run(one: string, other: string, options: Options): Promise<number> {
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  if (isSource(one) && isSource(other)) {
    const { diffOnGround, treesOf } = await import('../diff-ground.ts');
    const trees = await treesOf([one, other], options);
    if (trees !== undefined)
      return await diffOnGround([one, other], [apart(one, other), apart(other, one)], trees, options.json === true);
    return orNoSubject(() => ofTwoSources(one, other, environments, options));
  }
  if (isSource(one) || isSource(other)) return orNoSubject(() => withC(one, other, environments, options));
  const ask = (name: string) => driverAsked(asked(name));
  const drivers = [await ask(one), await ask(other)] as const;
  const named = isDescription(one) && isDescription(other) ? namedApart(drivers, [one, other]) : drivers;
  // A description brings its PMU, and a driver without one is asked of that one too.
  const { models } = isDescription(one) ? drivers[0] : drivers[1];
  return compare(
    isDescription(one) && isDescription(other) ? named : [withoutModels(named[0]), withoutModels(named[1])],
    models,
    environments,
    options,
  );
}

const asked = (name: string) => (isDescription(name) ? { driver: name, config: name } : { driver: name });

/** Models that are those of both drivers. */
const withoutModels = ({ name, machine }: NamedDriver): NamedDriver => ({ name, machine });

/** Two drivers under their own names, or under those of their files where they have the same. */
const namedApart = <T extends { readonly name: string }>(
  drivers: readonly [T, T],
  files: readonly [string, string],
): [T, T] =>
  drivers[0].name !== drivers[1].name
    ? [...drivers]
    : [
        { ...drivers[0], name: files[0] },
        { ...drivers[1], name: files[1] },
      ];

/** A modelled driver and C: on the PMU that describes the one, or that is learnt of the other. */
async function withC(
  one: string,
  other: string,
  environments: readonly Environment[],
  options: Options,
): Promise<number> {
  const [path, name] = isSource(one) ? [one, other] : [other, one];
  await driverAsked(asked(name));
  const source = await buildSource(path, options);
  const c = { name: source.build.source.path, source };
  try {
    const { models, name: called, machine } = await askedOfC(source.build, asked(name), false);
    const driver = { name: called, machine };
    return await compare(path === one ? [c, driver] : [driver, c], models, environments, options);
  } finally {
    source.close();
  }
}

/** The C of two drivers, or of two versions of one: each on the PMU that is learnt of it. */
async function ofTwoSources(
  one: string,
  other: string,
  environments: readonly Environment[],
  options: Options,
): Promise<number> {
  const first = await buildSource(one, options);
  try {
    const second = await buildSource(other, options);
    try {
      const learnt = { driver: 'as-posted' };
      const { models } = await askedOfC(first.build, learnt, false);
      const ofSecond = (await askedOfC(second.build, learnt, false)).models;
      const shallow = (of: readonly Model[]) => of.filter(({ deep }) => !deep);
      const drivers = [
        { name: apart(one, other), source: first, models: shallow(models) },
        { name: apart(other, one), source: second, models: shallow(ofSecond) },
      ] as const;
      return await compare(drivers, models, environments, options);
    } finally {
      second.close();
    }
  } finally {
    first.close();
  }
}

/** What tells a path from another: its last part, if that does. */
const apart = (path: string, other: string): string => (basename(path) === basename(other) ? path : basename(path));

async function compare(
  drivers: Pair,
  models: readonly Model[],
  environments: readonly Environment[],
  options: Options,
): Promise<number> {
  const { diff } = await import('../../diff/diff.ts');
  const status = statusLine();
  const shallow = models.filter(({ deep }) => !deep);
  const difference = await diff(drivers, shallow, environments, (doing) => status.show(doing));
  status.clear();
  if (options.json) {
    const named = <T extends { model: Model }>({ model, ...rest }: T) => ({ ...rest, model: model.name });
    const { logs, inC, parted, changes, ...rest } = difference;
    const { onPath } = await import('../../diff/parted-report.ts');
    const text = parted && changes && { parted: named(parted), changes: onPath(parted, changes).changes };
    const report = { ...rest, logs: logs.map(named), ...(inC && { inC: named(inC) }), ...text };
    const json = { schema: 'hartproof.diff/1', drivers: drivers.map(({ name }) => name), ...report };
    await write(undefined, `${JSON.stringify(json, null, 2)}\n`);
  } else {
    const { diffReport } = await import('../../diff/report.ts');
    await write(undefined, diffReport(drivers, difference));
  }
  const { properties, logs, inC, parted, bounded } = difference;
  const isSame = properties.length + logs.length === 0 && inC === undefined && parted === undefined;
  // What was not searched to its end is no pass.
  return isSame && !bounded ? EXIT.clean : EXIT.findings;
}
