import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Fact } from '../../facts/index.ts';
import { CONFIG_OPTION, type DriverOptions, driverAsked, subjectOf } from '../driver-asked.ts';
import { EXIT, orUsage, UsageError } from '../exit.ts';
import { readInput } from '../input.ts';
import { checkIsNew, orStoreError, writeLog } from '../logs.ts';
import { write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options extends DriverOptions {
  readonly environment: string;
  readonly seed: string;
  readonly steps: string;
  readonly width?: string;
  readonly script?: string;
  readonly log?: string;
  readonly json?: true;
}

/** After how many facts the progress is shown. */
const SHOWN_EVERY = 5000;
/** How many events are shown. */
const SHOWN = 20;

const EXAMPLES = `
Examples:
  hartproof simulate two-threads --seed 7
  hartproof simulate context-switch --width 64 --steps 2000 --log run.jsonl
  hartproof simulate group-of-two --environment current --script calls.jsonl
  hartproof simulate context-switch --config --log run.jsonl     your own PMU and driver (see hartproof init)

A script has one fact a line, as plain JSON: the calls, ticks and other owners in their order. Callbacks go on by themselves.
  {"type":"event_init.call","event":0,"attribute":"cycles"}
  {"type":"add.call","event":0,"hart":0,"flags":1}
  {"type":"hart.tick","hart":0,"counter":"cycle","ticks":1000}`;

export function register(command: Command): void {
  command
    .argument('<model>', 'the model whose machines run')
    .option('--driver <name>', 'the driver', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name>', 'who calls the driver', '4.16')
    .option('--seed <n>', 'the random choices: the same seed gives the same run', '1')
    .option('--steps <n>', 'how many facts happen', '1000')
    .option('--width <bits>', 'the width of a machine word, up to 64 (default: the small one of the search)')
    .option('--script <file>', 'what callers do, in place of random choices')
    .option('--log <file>', 'write the log of facts, as JSON Lines (a .jsonl file that is not there yet)')
    .option('--json', 'print what was seen as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, options: Options) => {
      process.exitCode = await run(model, options);
    });
}

async function run(model: string, options: Options): Promise<number> {
  const { headerOf, systemOf } = await import('../../replay/recorded.ts');
  const { Simulation } = await import('../../simulate/simulation.ts');
  const { kernelLog, perfStat, shownCount } = await import('../../simulate/what-a-person-saw.ts');
  const wordBits = options.width === undefined ? undefined : whole('width', options.width, 2, 64);
  const asked = await driverAsked(options);
  const subject = {
    ...subjectOf(asked, model, options.environment),
    ...(wordBits !== undefined && { wordBits }),
  };
  const system = orUsage(() => systemOf(subject, asked));
  if (options.log !== undefined) checkIsNew('log', options.log);
  const simulation = new Simulation(system);
  if (options.script !== undefined) {
    const { play } = await import('../../simulate/script.ts');
    const script = await readScript(options.script);
    try {
      play(simulation, script);
    } catch (error) {
      throw new UsageError(`${options.script}: ${(error as Error).message}`);
    }
  } else {
    const { stepsAtRandom } = await import('../../simulate/random.ts');
    const status = statusLine();
    const steps = whole('steps', options.steps, 1);
    for (const done of stepsAtRandom(simulation, steps, whole('seed', options.seed, 0))) {
      if (done % SHOWN_EVERY !== 0) continue;
      status.show(`${done.toLocaleString('en')} of ${steps.toLocaleString('en')} facts`);
      await setImmediate();
    }
    status.clear();
  }
  const { log } = simulation;
  if (options.log !== undefined) await writeLog(options.log, headerOf(subject, undefined, asked), log);
  const messages = kernelLog(log);
  const counted = perfStat(system, log);
  if (options.json) {
    await write(undefined, `${JSON.stringify({ facts: log.length, dmesg: messages, events: counted }, null, 2)}\n`);
  } else {
    const lines = [
      `${log.length.toLocaleString('en')} facts of ${model}, ${options.environment}, ${asked.name}${options.script === undefined ? `, seed ${options.seed}` : ''}`,
      '',
      'dmesg:',
      ...(messages.length === 0 ? ['  (nothing)'] : messages.map((message) => `  ${message}`)),
      '',
      'perf stat:',
      ...(counted.length === 0
        ? ['  (no event was opened)']
        : counted
            .slice(0, SHOWN)
            .map((event) => `  ${shownCount(event).padStart(30)}  ${event.attribute}  (event ${event.event})`)),
      ...(counted.length > SHOWN ? [`  … and ${counted.length - SHOWN} more (--json shows all)`] : []),
    ];
    await write(undefined, `${lines.join('\n')}\n`);
  }
  return messages.some((message) => message.startsWith('WARNING')) ? EXIT.findings : EXIT.clean;
}

async function readScript(file: string): Promise<Fact[]> {
  const { readFact } = await import('../../store/entry.ts');
  return readInput(file)
    .split('\n')
    .flatMap((line, number) =>
      line.trim() === '' ? [] : [orStoreError(() => readFact(line, `${file}: line ${number + 1}`))],
    );
}

function whole(what: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new UsageError(
      `--${what} takes a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}, not ${text}`,
    );
  return value;
}
