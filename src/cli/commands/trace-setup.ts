import type { Command } from 'commander';
import { oneOf, UsageError } from '../exit.ts';
import { write } from '../output.ts';

interface Options {
  readonly source?: string;
  readonly tree?: string;
  readonly format: string;
  readonly offsets?: string;
}

const EXAMPLES = `
Examples:
  hartproof trace setup > hartproof.bt                        for the posted driver; run it with: bpftrace hartproof.bt
  hartproof trace setup --source driver.patch                 the callbacks that this patch's struct pmu names
  hartproof trace setup --format kprobes | sh                 /sys/kernel/tracing/kprobe_events (a kernel with BTF)
  hartproof trace setup --format kprobes --offsets hw.idx=356,hw.state=416,…
                                                              without BTF: pahole -C perf_event vmlinux says the offsets
  hartproof trace setup --format perf                         perf probe and perf record (needs the kernel's debug information)

What each of them reaches, and on which kernels: docs/trace.md.`;

/** Adds `trace setup` to `trace`. */
export function register(trace: Command): void {
  trace
    .command('setup')
    .description("print what records a driver's callbacks on a running kernel")
    .option(
      '--source <path>',
      "the driver's patch, kernel tree or .c file (default: the posted driver's function names)",
    )
    .option('--tree <directory>', 'for a patch: the tree to which it applies')
    .option('--format <name>', 'bpftrace, kprobes or perf', 'bpftrace')
    .option(
      '--offsets <list>',
      'for kprobes on a kernel without BTF: where fields of struct perf_event are, as name=bytes,…',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      await write(undefined, await setup(options));
    });
}

async function setup({ source, tree, format, offsets }: Options): Promise<string> {
  const { POSTED, driverIn, parseOffsets, SETUPS } = await import('../../trace/setup/index.ts');
  const name = oneOf('format', format, Object.keys(SETUPS) as (keyof typeof SETUPS)[]);
  if (offsets !== undefined && name !== 'kprobes') throw new UsageError('--offsets is for --format kprobes');
  try {
    const driver = source === undefined ? POSTED : await driverIn(source, tree);
    return SETUPS[name](driver, offsets === undefined ? undefined : parseOffsets(offsets));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
