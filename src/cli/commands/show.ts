import type { Command } from 'commander';
import { tokenOf } from '../../findings/token.ts';
import { EXIT } from '../exit.ts';
import { findingNamed, lastReports } from '../last-report.ts';
import { LOGS } from '../logs.ts';
import { write } from '../output.ts';
import { page } from '../pager.ts';

interface Options {
  readonly steps?: true;
  readonly all?: true;
  readonly store: string;
}

const EXAMPLES = `
Examples:
  hartproof show                  the last report again
  hartproof show 3                its third finding, whole, with the driver's own lines beside the steps
  hartproof show hp:3f9a1c        the finding of that name; its beginning is enough
  hartproof show busy-is-true     by the id of the property, if that names one finding
  hartproof show 3 --steps        fact by fact

The last audit, conformance, check or trace is kept in ${LOGS}, of the directory that it ran in.`;

export function register(command: Command): void {
  command
    .argument('[finding]', 'its number, its name (hp:3f9a1c), or the beginning of one')
    .option('--steps', 'show the counterexample fact by fact')
    .option('--all', 'show every finding')
    .option('--store <directory>', 'where the report is kept', LOGS)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: Options) => {
      process.exitCode = await run(name, options);
    });
}

async function run(name: string | undefined, { steps, all, store }: Options): Promise<number> {
  const detail = steps ? 'facts' : 'callbacks';
  if (name === undefined) {
    const { toText } = await import('../../reports/terminal.ts');
    const reports = lastReports(store) ?? [];
    await write(
      undefined,
      reports.length === 0
        ? `No report is kept in ${store}.\n`
        : reports.map((report) => toText(report, { detail, all: all === true })).join('\n\n'),
    );
    return EXIT.clean;
  }
  const { number, findings, report } = findingNamed(name, store);
  const { causeText } = await import('../../reports/terminal/whole.ts');
  const { columns } = await import('../../reports/terminal/table.ts');
  const first = findings[0]!;
  const token = tokenOf(first.id);
  const isLog = first.counterexamples[0]?.facts !== undefined;
  const follow = isLog
    ? `
   Follow it: hartproof explore ${token}, or hartproof replay ${token}.
`
    : '';
  await page(`${causeText(number, findings, report, { detail, width: columns(), lines: true })}\n${follow}`);
  return EXIT.clean;
}
