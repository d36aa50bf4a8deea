import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Served } from '../../explorer/files.ts';
import { noSuch } from '../../outside/no-such.ts';
import type { LogStore } from '../../store/index.ts';
import { CONFIG_OPTION, type DriverChoice, driverAsked, subjectOf } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, UsageError } from '../exit.ts';
import type { Start } from '../explored-finding.ts';
import { nextSignal } from '../interrupt.ts';
import { findingNamed } from '../last-report.ts';
import { hasStore, LOGS, openStore, orStoreError, readLog } from '../logs.ts';
import { logNamed } from '../named-log.ts';
import { write } from '../output.ts';
import { describedDriver } from '../recording.ts';

interface Options {
  readonly driver: string;
  readonly config?: string | true;
  readonly environment?: string;
  readonly port?: string;
  readonly build?: string;
  readonly source?: string;
  readonly withLines?: true;
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
  hartproof explore report.txt                      a kernel's trace: what trace-cmd, perf or bpftrace recorded
  hartproof explore 3                               the third finding of the last audit; or by its name, hp:1c3cdf
  hartproof explore audit.json#1                    a finding of what hartproof audit --json wrote, by number or name
  hartproof explore 3 --source perf_event.c         with the text of the driver beside the steps
  hartproof explore --build public/explorer         the same as static files, for any web server`;

export function register(command: Command): void {
  command
    .argument(
      '[model|log|trace|finding]',
      "a model, a .jsonl file, a kernel's trace, a log that is kept, a finding (3, hp:1c3cdf), or one of a JSON file (audit.json#1, audit.json#hp:1c3cdf)",
    )
    .option('--driver <name>', 'the driver', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name>', "who calls the driver (default: the model's first)")
    .option('--port <n>', `the port to listen on (default: ${PORT}, or any that is free)`)
    .option(
      '--source <file>',
      "the driver's C, to be shown beside the steps: read when the page is served, and never written",
    )
    .option('--build <directory>', 'write the page as static files, and serve nothing')
    .option('--with-lines', 'with --build: write the lines of the C, too, that the report of the findings names')
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('--json', 'print the address as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string | undefined, options: Options) => {
      process.exitCode = await run(what, options);
    });
}

async function run(what: string | undefined, options: Options): Promise<number> {
  const { copyPage, readPage, typeOf } = await import('../../explorer/files.ts');
  checkOptions(options);
  const start = await withCode(await startWith(what, options), options);
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

/** Throws a UsageError at options that do not go together. */
function checkOptions({ build, source, withLines }: Options): void {
  if (build === undefined && withLines)
    throw new UsageError('--with-lines goes with --build: a page that is served shows the whole file (--source)');
  if (build !== undefined && source !== undefined)
    throw new UsageError(
      'a page that others are given holds no C but the lines of a report: --with-lines, not --source',
    );
}

/** A kernel's trace or a log if it is a file of one, a log that is kept, a finding of a JSON file or of the last report; else a model. */
async function startWith(what: string | undefined, options: Options): Promise<Start> {
  if (what === undefined) return startWithModel(what, options);
  const { startWithFinding, startWithJson } = await import('../explored-finding.ts');
  const { traceIn } = await import('../trace-log.ts');
  const trace = await traceIn(what);
  if (/\.json(#|$)/.test(what) && trace === undefined) return startWithJson(what, options);
  if (trace !== undefined) return startWithTrace(what, trace, options);
  if (what.endsWith('.jsonl') || (await isKept(what, options.store, isNameOf))) return startWithLog(what, options);
  const finding = startWithFinding(what, options);
  if (finding !== undefined) return finding;
  if (await isKept(what, options.store, isFindingOf)) return startWithLog(what, options);
  // Whoever says a number or a token means a finding.
  if (/^\d{1,3}$|^hp:/.test(what)) findingNamed(what, options.store);
  return startWithModel(what, options);
}

/** The same with the C that the user names. */
async function withCode(start: Start, { source }: Options): Promise<Start> {
  if (source === undefined) return start;
  const { CODE_FILE } = await import('../../explorer/session/code.ts');
  const { codeIn } = await import('../explored-finding.ts');
  const text = JSON.stringify({ files: await codeIn(source) });
  const link = start.link === '#' ? `#code=${CODE_FILE}` : `${start.link}&code=${CODE_FILE}`;
  return { link, files: [...start.files, [CODE_FILE, text]] };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The page judges a trace itself, as one that is dropped on it: by a modelled driver. Throws a UsageError at a file that is none. */
async function startWithTrace(
  name: string,
  text: string,
  { driver, environment = '4.16', config }: Options,
): Promise<Start> {
  if (config !== undefined)
    throw new UsageError(
      'the page judges a trace by a modelled driver: hartproof trace import --config FILE --log run.jsonl makes a log to open',
    );
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { TRACED } = await import('../../trace/check.ts');
  oneOf('driver', driver, Object.keys(DRIVERS));
  oneOf('perf core', environment, TRACED);
  const { checkBegins } = await import('../../trace/any-format.ts');
  const { orTraceError } = await import('../trace-file.ts');
  await orTraceError(name, async () => checkBegins(text));
  const fields = new URLSearchParams({ model: 'kernel-trace', environment, driver, file: 'trace.txt' });
  return { link: `#${fields}`, files: [['trace.txt', text]] };
}

async function startWithModel(name: string | undefined, options: Options): Promise<Start> {
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const { writeLink } = await import('../../explorer/session/link.ts');
  const asked = await driverAsked(options);
  const { environment } = options;
  if (environment !== undefined) oneOf('environment', environment, ENVIRONMENTS);
  const model = asked.models.find((one) => one.name === (name ?? 'two-threads'));
  if (model === undefined && isFile(name ?? ''))
    throw new UsageError(`${name} is no kernel's trace that is known, and a log's name ends in .jsonl`);
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

type IsKept = (store: LogStore, name: string, directory: string) => boolean;
/** Whether a log is kept under that very name. */
const isNameOf: IsKept = (store, name) => store.logs().includes(name);
/** Whether a log is kept of a finding that has that name. */
const isFindingOf: IsKept = (store, name, directory) => logNamed(store, name, directory) !== undefined;

async function isKept(name: string, directory: string, is: IsKept): Promise<boolean> {
  if (!hasStore(directory)) return false;
  const store = await openStore(directory);
  try {
    return orStoreError(() => is(store, name, directory));
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
