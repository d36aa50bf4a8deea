import type { Command } from 'commander';
import type { Served } from '../../explorer/files.ts';
import { noSuch } from '../../outside/no-such.ts';
import { CONFIG_OPTION, type DriverChoice, driverAsked, subjectOf } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, UsageError } from '../exit.ts';
import { nextSignal } from '../interrupt.ts';
import { hasStore, LOGS, openStore, orStoreError, readLog } from '../logs.ts';
import { write } from '../output.ts';
import { describedDriver } from '../recording.ts';

interface Options {
  readonly driver: string;
  readonly config?: string | true;
  readonly environment?: string;
  readonly port?: string;
  readonly build?: string;
  readonly store: string;
  readonly json?: true;
}

/** The port that is tried if nobody says otherwise, so that a link is good for more than one run: HART on a telephone. */
const PORT = 4278;
/** The name that the description of a driver has beside the page. */
const PORT_FILE = 'port.json';

const EXAMPLES = `
Examples:
  hartproof explore                                 the machines, the next facts, the properties, in the browser
  hartproof explore foreign-owner --driver repaired
  hartproof explore --config -- two-harts           a driver that hartproof.config.ts describes
  hartproof explore run.jsonl                       a log: of a simulation, or saved in the page
  hartproof explore 3                               the third finding of the last audit; or by its name, hp:1c3cdf
  hartproof explore --build public/explorer         the same as static files, for any web server`;

export function register(program: Command): void {
  program
    .command('explore')
    .description('step through a model or a log in the browser: machines, next facts, properties')
    .argument('[model|log]', 'a model, a .jsonl file, or a log that is kept: its name, or its finding (3, hp:1c3cdf)')
    .option('--driver <name>', 'the driver', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name>', "who calls the driver (default: the model's first)")
    .option('--port <n>', `the port to listen on (default: ${PORT}, or any that is free)`)
    .option('--build <directory>', 'write the page as static files, and serve nothing')
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('--json', 'print the address as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string | undefined, options: Options) => {
      process.exitCode = await run(what, options);
    });
}

/** What the page starts with: the end of its address, and files beside it. */
interface Start {
  readonly link: string;
  readonly files: readonly (readonly [name: string, text: string])[];
}

async function run(what: string | undefined, options: Options): Promise<number> {
  const { copyPage, readPage, typeOf } = await import('../../explorer/files.ts');
  const start = await startWith(what, options);
  if (options.build !== undefined) {
    const directory = options.build;
    await orCannot(`write ${directory}`, () => copyPage(directory));
    for (const [name, text] of start.files) await write(`${directory}/${name}`, text);
    const page = `index.html${start.link}`;
    const said = options.json
      ? JSON.stringify({ directory, page })
      : `${directory} holds the page: open ${page} there.`;
    await write(undefined, `${said}\n`);
    return EXIT.clean;
  }
  const files = await orCannot('serve the page', () => readPage());
  for (const [name, body] of start.files) files.set(name, { type: typeOf(name), body });
  return serveUntilEnd(files, start.link, options);
}

async function serveUntilEnd(files: ReadonlyMap<string, Served>, link: string, options: Options): Promise<number> {
  const { serve } = await import('../../explorer/server.ts');
  const port = options.port === undefined ? PORT : portOf(options.port);
  const listening = serve(files, port).catch((error: NodeJS.ErrnoException) => {
    if (options.port === undefined && error.code === 'EADDRINUSE') return serve(files, 0);
    const why = error.code === 'EADDRINUSE' ? 'somebody listens there already' : error.message;
    throw new UsageError(`cannot listen on port ${port}: ${why}`);
  });
  const { url, close } = await listening;
  const address = url + link;
  await write(undefined, options.json ? `${JSON.stringify({ url: address })}\n` : `${address}\n(Ctrl-C ends it)\n`);
  await nextSignal();
  await close();
  return EXIT.clean;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65536) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not ${text}`);
}

/** A log if it is a file or kept under that name, else a model. */
async function startWith(what: string | undefined, options: Options): Promise<Start> {
  const isLog = what !== undefined && (what.endsWith('.jsonl') || (await isKept(what, options.store)));
  return isLog ? startWithLog(what, options) : startWithModel(what, options);
}

async function startWithModel(name: string | undefined, options: Options): Promise<Start> {
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const { writeLink } = await import('../../explorer/session/link.ts');
  const asked = await driverAsked(options);
  const { environment } = options;
  if (environment !== undefined) oneOf('environment', environment, ENVIRONMENTS);
  const model = asked.models.find((one) => one.name === (name ?? 'two-threads'));
  if (model === undefined)
    throw new UsageError(
      noSuch(
        'model or log',
        name ?? '',
        asked.models.map((one) => one.name),
      ),
    );
  if (name !== undefined && environment !== undefined && !model.environments.some((one) => one === environment))
    throw new UsageError(`${model.name} is asked in ${model.environments.join(', ')}, not in ${environment}`);
  const subject = subjectOf(asked, model.name, environment ?? model.environments[0]!);
  const port = await portBeside(asked);
  return { link: `#${writeLink({ subject, logs: [], on: 0, ...port.link })}`, files: port.files };
}

async function startWithLog(log: string, options: Options): Promise<Start> {
  const { linkToLog } = await import('../../explorer/session/link-to-log.ts');
  const { writeLogFile } = await import('../../explorer/session/log-file.ts');
  const { header, facts } = await readLog(log, options.store);
  const port = await portBeside(await describedDriver(header, options.config));
  const link = orUsage(() => linkToLog(header, facts, port.link));
  if (link !== undefined) return { link: `#${link}`, files: port.files };
  const fields = new URLSearchParams({ ...port.link, file: 'log.jsonl' });
  return { link: `#${fields}`, files: [...port.files, ['log.jsonl', writeLogFile(header, facts)]] };
}

/** What lies beside the page if a file describes the driver. */
async function portBeside(
  asked: DriverChoice | undefined,
): Promise<{ link: { port?: string }; files: Start['files'] }> {
  if (asked?.port === undefined) return { link: {}, files: [] };
  const { digestsOf } = await import('../../explorer/machine-digests.ts');
  const { describeDriver } = await import('../../explorer/session/drivers.ts');
  const { port, config } = asked;
  const described = { description: port.description, ...(config && { config }), digests: digestsOf(asked.name, asked) };
  orUsage(() => describeDriver(described));
  return { link: { port: PORT_FILE }, files: [[PORT_FILE, JSON.stringify(described)]] };
}

async function isKept(name: string, directory: string): Promise<boolean> {
  if (!hasStore(directory)) return false;
  const { logNamed } = await import('../named-log.ts');
  const store = await openStore(directory);
  try {
    return orStoreError(() => logNamed(store, name, directory)) !== undefined;
  } finally {
    store.close();
  }
}

async function orCannot<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new UsageError(`cannot ${what}: ${(error as Error).message}`);
  }
}
