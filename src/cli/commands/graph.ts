import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { Graph } from '../../diagrams/graph.ts';
import type { ReadLog } from '../../diagrams/log.ts';
import { BrokenLog } from '../../store/log-store.ts';
import { CONFIG_OPTION, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { oneOf, orUsage, UsageError } from '../exit.ts';
import { readInput } from '../input.ts';
import { hasStore, LOGS, openStore, orStoreError, readWhole } from '../logs.ts';
import { write } from '../output.ts';
import { KERNELS } from '../words.ts';

const FORMATS = ['svg', 'mermaid', 'dot', 'rv', 'rv-handlers'] as const;

interface Options extends DriverOptions {
  readonly format: (typeof FORMATS)[number];
  readonly environment?: string;
  readonly allDecisions?: true;
  readonly sequential?: true;
  readonly highlight?: string;
  readonly sequence?: string;
  readonly everyFact?: true;
  readonly narrow?: true;
  readonly source?: string;
  readonly tree?: string;
  readonly finding?: string;
  readonly store: string;
  readonly output?: string;
}

const EXAMPLES = `
A log is the name of a kept one, or a file of facts: JSON Lines, a JSON array, an object with "facts", or the JSON of
an audit; - is standard input.
rv is the dialect of Linux's runtime verification (tools/verification): the lifecycle as an in-kernel monitor, and
rv-handlers the C that feeds it with a driver's calls. docs/rv.md leads from both to a monitor in a kernel.

Examples:
  hartproof graph                                            what can be drawn
  hartproof graph lifecycle -o lifecycle.svg                 the life of an event, at a glance
  hartproof graph lifecycle --narrow -o telephone.svg        the same as a list
  hartproof graph riscv_pmu_add --format mermaid             one C function, for a page on GitHub
  hartproof graph driver/add --driver repaired               the same function of another driver
  hartproof graph driver/add --config                        and of your own (see hartproof init)
  hartproof graph foreign-owner --sequential                 the states of a small model
  hartproof graph lifecycle --format rv --environment current -o lifecycle.dot
                                                             a monitor for a kernel, and its handlers:
  hartproof graph lifecycle --format rv-handlers --environment current --source driver.c -o lifecycle_handlers.h
  hartproof graph --sequence audit.json --finding ID         the counterexample of a finding, step by step
  hartproof graph lifecycle --highlight log.jsonl            where a log went`;

export function register(command: Command): void {
  command
    .argument('[name]', 'a machine, a part of one, a C function of the driver, or a model (default: list them)')
    .addOption(new Option('-f, --format <format>', 'what to write').choices(FORMATS).default('svg'))
    .option('--driver <name>', 'the driver to draw', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name>', `who calls the driver, for a model or for rv: ${KERNELS}; any-order`)
    .option(
      '--source <path>',
      "for rv-handlers: the driver's patch, kernel tree or .c file (default: the posted driver's names)",
    )
    .option('--tree <directory>', 'with a patch: the tree to which it applies')
    .option('--all-decisions', 'draw also what this driver never does, because another variant of it would')
    .option('--sequential', 'of a model, draw only what happens while calls do not overlap')
    .option('--highlight <log>', 'draw stronger what a log went through')
    .option('--sequence <log>', 'draw a log as a sequence diagram, as svg or mermaid')
    .option('--every-fact', 'of a sequence diagram, fold no calls and no ticks')
    .option('--narrow', 'of svg, draw a list that is as wide as a telephone, in place of boxes and arrows')
    .option('--finding <id>', 'where the log is an audit: the finding whose counterexample to take')
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('-o, --output <file>', 'write to a file (default: standard output)')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: Options) => {
      await write(options.output, await draw(name, options));
    });
}

async function draw(name: string | undefined, options: Options): Promise<string> {
  if (options.narrow && options.format !== 'svg') throw new UsageError(`--narrow is of svg, not of ${options.format}`);
  if (options.sequence !== undefined) return sequence(options.sequence, name, options);
  if (name === undefined) return list(options);
  if (options.source !== undefined && options.format !== 'rv-handlers')
    throw new UsageError('--source names the functions that rv-handlers probes');
  if (options.format === 'rv' || options.format === 'rv-handlers') return monitor(name, options);
  const graph = await graphOf(name, options);
  if (options.format === 'mermaid') return (await import('../../diagrams/mermaid.ts')).mermaidOf(graph);
  const { dotForTools, dotOf } = await import('../../diagrams/dot.ts');
  if (options.format === 'dot') return dotForTools(graph);
  if (options.narrow) {
    const { listOfGraph } = await import('../../diagrams/list.ts');
    return (await import('../../diagrams/list-svg.ts')).svgOfList(listOfGraph(graph), graph.name);
  }
  return (await import('../../diagrams/svg.ts')).svgOf(dotOf(graph));
}

/** The name, if there is one, is the title. */
async function sequence(path: string, title: string | undefined, options: Options): Promise<string> {
  const { format } = options;
  if (format !== 'svg' && format !== 'mermaid')
    throw new UsageError(`a sequence diagram is svg or mermaid, not ${format}`);
  const { facts, ...end } = await readLogFile(path, options);
  const { DRAWABLE, sequenceDiagram } = await import('../../diagrams/sequence.ts');
  const diagram = sequenceDiagram(facts, {
    ...end,
    everyFact: options.everyFact === true,
    ...(title !== undefined && { title }),
  });
  const { length } = diagram.steps;
  if (length > DRAWABLE)
    throw new UsageError(
      `a sequence diagram of ${length} steps (${facts.length} facts) cannot be looked at: hartproof replay ${path} --format sequence draws ${DRAWABLE} facts of them, the last ones or those from --from to --at`,
    );
  if (format === 'mermaid') return (await import('../../diagrams/sequence-mermaid.ts')).mermaidOfSequence(diagram);
  if (options.narrow) {
    const { listOfSequence } = await import('../../diagrams/list.ts');
    return (await import('../../diagrams/list-svg.ts')).svgOfList(
      listOfSequence(diagram),
      title ?? 'Sequence of facts',
    );
  }
  return (await import('../../diagrams/sequence-svg.ts')).svgOfSequence(diagram);
}

/** The names that a file of an automaton may have: the kernel's generators make enums and files of it. */
const MONITOR_FILE = /^[A-Za-z_]\w{0,22}\.(?:dot|gv)$/;

async function monitor(name: string, options: Options): Promise<string> {
  // Monitors are newer than the other cores.
  const { format, environment = 'current', output, source, tree } = options;
  if (name !== 'lifecycle')
    throw new UsageError(`${format} writes the lifecycle, which can be a monitor; ${name} cannot`);
  const { CORES } = await import('../../../machines/cores.ts');
  const core = oneOf('perf core', environment, Object.keys(CORES) as (keyof typeof CORES)[]);
  const { handlersOf, lifecycleAutomaton, MONITOR, rvOf } = await import('../../diagrams/index.ts');
  if (format === 'rv') {
    if (output !== undefined && !MONITOR_FILE.test(basename(output)))
      throw new UsageError(
        `${basename(output)} is no name for a monitor: dot2k makes enums of it (at most 23 letters, digits and _, then .dot); the handlers are for ${MONITOR}.dot`,
      );
    return rvOf(lifecycleAutomaton(core));
  }
  const { driverIn, POSTED } = await import('../../trace/setup/index.ts');
  try {
    const { functions } = source === undefined ? POSTED : await driverIn(source, tree);
    return handlersOf(
      lifecycleAutomaton(core),
      functions,
      `hartproof graph ${name} --format ${format} --environment ${core}`,
    );
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

async function graphOf(name: string, options: Options): Promise<Graph> {
  const { machineOfView, graphOfView } = await import('../../diagrams/views.ts');
  const { machine: driver, models, pmu } = await driverAsked(options);
  const log = options.highlight === undefined ? [] : (await readLogFile(options.highlight, options)).facts;
  const machine = machineOfView(name);
  if (machine === undefined && models.some((model) => model.name === name)) {
    const { compose, modelIn } = await import('../../../models/index.ts');
    const { stateSpace } = await import('../../diagrams/state-space.ts');
    const { graphOfSpace } = await import('../../diagrams/space-graph.ts');
    const { scope, environments } = modelIn(models, name);
    const environment = oneOf('environment of this model', options.environment ?? environments[0]!, environments);
    return orUsage(() => {
      const space = stateSpace(compose(scope, environment, driver), { sequential: options.sequential === true });
      return graphOfSpace(name, space, log);
    });
  }
  const { MACHINES } = await import('../../../machines/index.ts');
  const { follow } = await import('../../diagrams/trail.ts');
  return orUsage(() => {
    const entry =
      machine &&
      (machine === 'driver' ? { ...MACHINES.driver, machine: driver, inputs: [{ pmu }] } : MACHINES[machine]);
    const trail = entry && log.length > 0 ? { trail: follow(entry, log) } : {};
    return graphOfView(name, {
      ...{ driver, allDecisions: options.allDecisions === true, models: models.map((model) => model.name) },
      ...trail,
    });
  });
}

async function list(options: Options): Promise<string> {
  const { AROUND } = await import('../../../machines/core/index.ts');
  const { MACHINES } = await import('../../../machines/index.ts');
  const { aroundOf, viewNames } = await import('../../diagrams/views.ts');
  const { columns } = await import('../../reports/terminal/table.ts');
  const { entry } = await import('../../reports/wrap.ts');
  const { models } = await driverAsked(options);
  const views = viewNames();
  const width = Math.max(...[...views, ...models.map(({ name }) => name)].map(({ length }) => length));
  const lines = [
    'Machines, and parts of them',
    ...Object.entries(MACHINES).flatMap(([machine, { about }]) => [
      entry(machine, about, width, columns()),
      ...views.filter((view) => view.startsWith(`${machine}/`)).map((view) => `  ${view}`),
    ]),
    '',
    'The life around a driver',
    ...[...Object.keys(AROUND).map((name) => `core/${name}`), 'device'].map((view) =>
      entry(view, aroundOf(view)!.about, width, columns()),
    ),
    '',
    'Models, where they are small',
    ...models.map(({ name, asks }) => entry(name, asks, width, columns())),
  ];
  return `${lines.join('\n')}\n`;
}

async function readLogFile(path: string, { finding, store: directory }: Options): Promise<ReadLog> {
  const { endingIn, readLog } = await import('../../diagrams/log.ts');
  if (path !== '-' && !existsSync(path) && hasStore(directory)) {
    const store = await openStore(directory);
    try {
      const { logNamed } = await import('../named-log.ts');
      const name = orStoreError(() => logNamed(store, path, directory));
      if (name !== undefined) {
        const { header, facts } = readWhole(store, name);
        return { facts, ...endingIn(header.breaks) };
      }
    } finally {
      store.close();
    }
  }
  const { traceAsLog, traceIn } = await import('../trace-log.ts');
  const trace = await traceIn(path);
  if (trace !== undefined) return await traceAsLog(path, trace);
  try {
    const text = path === '-' ? readFileSync(0, 'utf8') : readInput(path);
    return readLog(text, finding);
  } catch (error) {
    if (error instanceof RangeError || error instanceof BrokenLog) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}
