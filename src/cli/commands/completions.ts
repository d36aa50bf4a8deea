import type { Command } from 'commander';
import { EXIT, oneOf, UsageError } from '../exit.ts';
import { LOGS } from '../logs.ts';
import { write } from '../output.ts';

interface Options {
  readonly findings?: true;
  readonly tokens?: true;
}

const SHELLS = ['bash', 'zsh', 'fish'] as const;

const EXAMPLES = `
Examples:
  source <(hartproof completions bash)        in ~/.bashrc
  source <(hartproof completions zsh)         in ~/.zshrc, after compinit
  hartproof completions fish | source         in ~/.config/fish/config.fish
  hartproof completions --findings            the findings of the last report in ${LOGS}, as completions name them

It completes commands, options, models, properties, drivers, environments, and the findings of the last report.`;

export function register(command: Command): void {
  command
    .argument('[shell]', SHELLS.join(', '))
    .option('--findings', 'print the findings of the last report, one a line, without hp:')
    .option('--tokens', 'with hp:')
    .addHelpText('after', EXAMPLES)
    .action(async (shell: string | undefined, options: Options) => {
      process.exitCode = options.findings ? await findings(options) : await run(command.parent!, shell);
    });
}

async function run(program: Command, shell: string | undefined): Promise<number> {
  if (shell === undefined) throw new UsageError(`name a shell: ${SHELLS.join(', ')}`);
  const name = oneOf('shell', shell, SHELLS);
  const { rowsOf } = await import('../completions/table.ts');
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { ENVIRONMENTS, MODELS } = await import('../../../models/index.ts');
  const { KNOWN } = await import('../explained.ts');
  const { WORDS } = await import('../words.ts');
  const words = Object.keys(WORDS).filter((word) => !word.includes(' '));
  const values = {
    driver: Object.keys(DRIVERS),
    environment: ENVIRONMENTS,
    model: MODELS.map((model) => model.name),
    property: KNOWN.filter((id) => !(id in WORDS)),
    word: words,
    shell: SHELLS,
  };
  const rows = rowsOf(program);
  const script = {
    bash: async () => (await import('../completions/bash.ts')).bashScript,
    zsh: async () => (await import('../completions/zsh.ts')).zshScript,
    fish: async () => (await import('../completions/fish.ts')).fishScript,
  };
  await write(undefined, (await script[name]())(rows, values));
  return EXIT.clean;
}

/** The names of the findings, for a shell to complete; none where there is no report. */
async function findings({ tokens }: Options): Promise<number> {
  const { lastReports } = await import('../last-report.ts');
  const { tokenOf } = await import('../../findings/token.ts');
  const { byCause } = await import('../../findings/finding.ts');
  const names = (lastReports(LOGS) ?? []).flatMap((report) =>
    byCause(report.findings).map(([first]) => tokenOf(first!.id).slice(tokens ? 0 : 'hp:'.length)),
  );
  await write(undefined, names.map((name) => `${name}\n`).join(''));
  return EXIT.clean;
}
