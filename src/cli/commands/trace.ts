import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { EXIT, oneOf, UsageError } from '../exit.ts';

import { write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options {
  readonly driver: string;
  readonly environment: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof trace check trace.jsonl                       is it what the posted driver does under a perf core of Linux 4.16?
  hartproof trace check trace.jsonl --environment 5.10    a later perf core
  hartproof trace check trace.jsonl --json                for a script

The format of a trace, and what is inferred from it: docs/trace.md.

Exit status: 0 accepted and no promise broken, 1 refused or a promise broken, 2 unreadable.`;

/** Milliseconds of work between two looks at the terminal. */
const SLICE = 100;

export function register(program: Command): void {
  program
    .command('trace')
    .description('hold a kernel that really ran against the machines')
    .command('check')
    .description(
      'fold a log of callbacks through the perf core, the driver, the slots and the harts, and find what differs',
    )
    .argument('<file>', 'the log: one JSON object a line')
    .option('--driver <name>', 'the driver that ran', 'as-posted')
    .option('--environment <name>', 'the perf core that called it: 4.16 (4.19 behaves alike), 5.10, current', '4.16')
    .option('--json', 'write the outcome as JSON to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: Options) => {
      process.exitCode = await check(file, options);
    });
}

async function check(file: string, options: Options): Promise<number> {
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { foldTrace, TRACED } = await import('../../trace/check.ts');
  const driver = oneOf('driver', options.driver, Object.keys(DRIVERS) as (keyof typeof DRIVERS)[]);
  const environment = oneOf('perf core', options.environment, TRACED);
  const { lines, torn } = await linesOf(file);

  const status = statusLine();
  const folding = foldTrace(lines, { driver, environment });
  let looked = performance.now();
  let step = folding.next();
  for (; !step.done; step = folding.next()) {
    if (performance.now() - looked < SLICE) continue;
    status.show(`line ${step.value.toLocaleString('en')} of ${lines.length.toLocaleString('en')}`);
    await setImmediate();
    looked = performance.now();
  }
  status.clear();
  const report = step.value;

  if (options.json) {
    const { toJson } = await import('../../trace/json.ts');
    await write(undefined, `${JSON.stringify(toJson(file, torn, report), null, 2)}\n`);
  } else {
    const { traceReport } = await import('../../trace/report.ts');
    await write(undefined, traceReport(file, report));
  }
  if (torn) process.stderr.write(`hartproof: ${file}: the last line was cut off, and is left out\n`);
  return report.accepted && report.broken.length === 0 ? EXIT.clean : EXIT.findings;
}

async function linesOf(file: string) {
  const { BrokenLine, parseTrace } = await import('../../trace/line.ts');
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`cannot read ${file}: ${error.message}`);
  });
  try {
    const trace = parseTrace(text);
    if (trace.lines.every(({ cb }) => cb === 'mark')) throw new UsageError(`${file} holds no callback`);
    return trace;
  } catch (error) {
    if (error instanceof BrokenLine) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}
