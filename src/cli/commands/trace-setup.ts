import type { Command } from 'commander';
import { oneOf, UsageError } from '../exit.ts';
import { write } from '../output.ts';
import { KERNELS } from '../words.ts';

interface Options {
  readonly source?: string;
  readonly tree?: string;
  readonly format: string;
  readonly offsets?: string;
  readonly module?: string;
  readonly bpftrace?: string;
}

const EXAMPLES = `
Examples:
  hartproof trace setup > hartproof.bt                        for the posted driver; run it with: bpftrace hartproof.bt
  hartproof trace setup --source driver.patch                 the callbacks that this patch's struct pmu names
  hartproof trace setup --format fentry > hartproof.bt        the same without kprobes: RISC-V from Linux 6.6 on
  hartproof trace setup --module my_pmu                       of a driver that is a module, which is loaded
  hartproof trace setup --bpftrace 0.17                       for a bpftrace before 0.22: without the slots
  hartproof trace setup --format kprobes | sh                 /sys/kernel/tracing/kprobe_events (a kernel with BTF)
  hartproof trace setup --format kprobes --offsets hw.idx=356,hw.state=416,…
                                                              without BTF: pahole -E -C perf_event vmlinux says the offsets
  hartproof trace setup --format perf                         perf probe and perf record (needs the kernel's debug information)

What each of them reaches, and on which kernels: docs/trace.md. Then, with trace import, --environment says which perf core ran:
${KERNELS}.`;

/** The first 0.x of bpftrace with `percpu_kaddr`. */
const HAS_PERCPU = 22;

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
    .option('--format <name>', 'bpftrace, fentry, kprobes or perf', 'bpftrace')
    .option('--module <name>', 'the module that the driver is, if it is not built in')
    .option('--bpftrace <version>', 'for bpftrace and fentry: which version will run it', '0.22')
    .option(
      '--offsets <list>',
      'for kprobes on a kernel without BTF: where fields of struct perf_event are, as name=bytes,…',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      await write(undefined, await setup(options));
    });
}

async function setup({ source, tree, format, offsets, module, bpftrace = '' }: Options): Promise<string> {
  const { POSTED, driverIn, parseOffsets, SETUPS, withoutSlots } = await import('../../trace/setup/index.ts');
  if (module !== undefined && !/^\w{1,55}$/.test(module)) throw new UsageError(`${module} is no name of a module`);
  const version = /^v?0\.(\d{1,4})(?:\.\d+)?$/.exec(bpftrace)?.[1];
  if (version === undefined) throw new UsageError(`--bpftrace takes a version such as 0.22, not ${bpftrace}`);
  const name = oneOf('format', format, Object.keys(SETUPS) as (keyof typeof SETUPS)[]);
  if (offsets !== undefined && name !== 'kprobes') throw new UsageError('--offsets is for --format kprobes');
  try {
    const found = source === undefined ? POSTED : await driverIn(source, tree);
    const shown = Number(version) < HAS_PERCPU ? withoutSlots(found) : found;
    const driver = module === undefined ? shown : { ...shown, module };
    return SETUPS[name](driver, offsets === undefined ? undefined : parseOffsets(offsets));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
