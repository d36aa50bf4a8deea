import { readFileSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Graph } from '../../diagrams/graph.ts';
import type { ReadLog } from '../../diagrams/log.ts';
import { orUsage, UsageError } from '../exit.ts';
import type { Register } from './index.ts';

interface Options {
  format: 'svg' | 'mermaid' | 'dot' | 'rv';
  driver: string;
  environment?: string;
  allDecisions?: true;
  sequential?: true;
  highlight?: string;
  sequence?: string;
  breaks?: string;
  output?: string;
}

/** `hartproof graph`: pictures of machines, of small models, and of logs. */
export const graph: Register = (program: Command) => {
  program
    .command('graph')
    .description('draw a machine, a small model, or a log; without a name, list what can be drawn')
    .argument('[name]', 'a machine, a part of one after a slash, a C function of the driver, or a model')
    .addOption(
      new Option('-f, --format <format>', 'what to write').choices(['svg', 'mermaid', 'dot', 'rv']).default('svg'),
    )
    .option('-d, --driver <name>', 'the driver to draw', 'as-posted')
    .option('-e, --environment <name>', 'whose calls: a perf core by its kernel, for a model or for rv')
    .option('--all-decisions', 'draw also what this driver never does, because another variant of it would')
    .option('--sequential', 'of a model, draw only what happens while calls do not overlap')
    .option('--highlight <log>', 'draw stronger what the facts of a log went through')
    .option('--sequence <log>', 'draw the facts of a log as a sequence diagram (svg or mermaid)')
    .option('--breaks <property>', 'in a sequence diagram, mark the last step as the one that breaks this promise')
    .option('-o, --output <file>', 'write to a file, not to standard output')
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, options: Options) => {
      const drawn = await draw(name, options);
      if (options.output === undefined) process.stdout.write(drawn);
      else write(options.output, drawn);
    });
};

const HELP = `
A log is a file of facts: JSON Lines, a JSON array, or a JSON object with the array as "facts"; - is standard input.
rv is the dialect of Linux's runtime verification (tools/verification): the lifecycle as an in-kernel monitor.

Examples:
  hartproof graph lifecycle -o lifecycle.svg
  hartproof graph riscv_pmu_add --format mermaid
  hartproof graph driver/add --driver repaired
  hartproof graph foreign-owner --sequential
  hartproof graph lifecycle --format rv --environment 5.10 -o perf_event_life.dot
  hartproof graph --sequence counterexample.json -o counterexample.svg`;

async function draw(name: string | undefined, options: Options): Promise<string> {
  if (options.sequence !== undefined) return drawSequence(options.sequence, name, options);
  if (name === undefined) return listing();
  if (options.format === 'rv') return drawMonitor(name, options);
  const graph = await graphOf(name, options);
  if (options.format === 'mermaid') return (await import('../../diagrams/mermaid.ts')).mermaidOf(graph);
  const { dotOf } = await import('../../diagrams/dot.ts');
  if (options.format === 'dot') return dotOf(graph);
  return (await import('../../diagrams/svg.ts')).svgOf(dotOf(graph));
}

async function drawSequence(path: string, name: string | undefined, { format, breaks }: Options): Promise<string> {
  if (format !== 'svg' && format !== 'mermaid')
    throw new UsageError(`a sequence diagram is svg or mermaid, not ${format}`);
  const log = await readLogFile(path);
  const { sequenceDiagram } = await import('../../diagrams/sequence.ts');
  const marked = breaks === undefined ? log : { breaks: 'state' as const, ...log, property: breaks };
  const sequence = sequenceDiagram(log.facts, { ...marked, ...(name === undefined ? {} : { title: name }) });
  if (format === 'mermaid') return (await import('../../diagrams/sequence-mermaid.ts')).mermaidOfSequence(sequence);
  return (await import('../../diagrams/sequence-svg.ts')).svgOfSequence(sequence);
}

async function drawMonitor(name: string, { environment = '4.16' }: Options): Promise<string> {
  if (name.split('/')[0] !== 'lifecycle')
    throw new UsageError(`rv writes the lifecycle, which is a monitor of its own; ${name} is none`);
  const { CORES } = await import('../../../machines/cores.ts');
  if (!Object.hasOwn(CORES, environment)) throw unknown('perf core', environment, Object.keys(CORES));
  const { lifecycleAutomaton, rvOf } = await import('../../diagrams/rv.ts');
  return rvOf(lifecycleAutomaton(environment as keyof typeof CORES));
}

async function graphOf(name: string, options: Options): Promise<Graph> {
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  if (!Object.hasOwn(DRIVERS, options.driver)) throw unknown('driver', options.driver, Object.keys(DRIVERS));
  const driver = DRIVERS[options.driver as keyof typeof DRIVERS];
  const log = options.highlight === undefined ? undefined : await readLogFile(options.highlight);
  const { machineOfView, viewOf } = await import('../../diagrams/views.ts');
  const machine = machineOfView(name);
  const { MODELS, modelOf, compose } = await import('../../../models/index.ts');
  if (machine === undefined && MODELS.some((model) => model.name === name)) {
    const { stateSpace } = await import('../../diagrams/state-space.ts');
    const { graphOfSpace } = await import('../../diagrams/space-graph.ts');
    const { scope, environments } = modelOf(name);
    const environment = environments.find((known) => known === (options.environment ?? environments[0]));
    if (environment === undefined) throw unknown('environment of this model', options.environment!, environments);
    return orUsage(() => {
      const system = compose(scope, environment, driver);
      return graphOfSpace(name, stateSpace(system, { sequential: options.sequential === true }), log?.facts);
    });
  }
  const { MACHINES } = await import('../../../machines/index.ts');
  const { follow } = await import('../../diagrams/trail.ts');
  return orUsage(() => {
    const entry = machine && { ...MACHINES[machine], ...(machine === 'driver' ? { machine: driver } : {}) };
    const trail = log && entry ? { trail: follow(entry, log.facts) } : {};
    return viewOf(name, { driver, allDecisions: options.allDecisions === true, ...trail });
  });
}

async function listing(): Promise<string> {
  const { MACHINES } = await import('../../../machines/index.ts');
  const { viewNames } = await import('../../diagrams/views.ts');
  const { MODELS } = await import('../../../models/index.ts');
  const names = viewNames();
  const lines = Object.entries(MACHINES).flatMap(([machine, { about }]) => [
    `  ${machine.padEnd(16)}${about}`,
    ...names.filter((view) => view.startsWith(`${machine}/`)).map((view) => `  ${view}`),
  ]);
  const models = MODELS.map(({ name, asks }) => `  ${name.padEnd(32)}${asks}`);
  return `Machines, and parts of them:\n${lines.join('\n')}\n\nModels, as far as they are small:\n${models.join('\n')}\n`;
}

async function readLogFile(path: string): Promise<ReadLog> {
  const { readLog } = await import('../../diagrams/log.ts');
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
  try {
    return readLog(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`);
  }
}

const unknown = (what: string, name: string, known: readonly string[]): UsageError =>
  new UsageError(`there is no ${what} ${name}; there are ${known.join(', ')}`);
