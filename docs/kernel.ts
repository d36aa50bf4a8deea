import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { REPAIRS } from '../machines/driver/decisions.ts';
import { DRIVERS } from '../machines/drivers.ts';
import { toKunit } from '../src/paths/formats/kunit.ts';
import { rewrite } from '../src/repair/source/rewrite.ts';
import { cacheDirectory } from '../src/subject/cache-directory.ts';
import { readSource } from '../src/subject/index.ts';
import { driverIn, SETUPS } from '../src/trace/setup/index.ts';
import { parseOffsets } from '../src/trace/setup/kprobes.ts';
import { askedOf, failuresOf, pathRows, programsOf } from './kernel/asked.ts';
import { boot, type Guest, soaked } from './kernel/boot.ts';
import { buildKernel, buildModule, offsetsOf } from './kernel/build.ts';
import { missing } from './kernel/needs.ts';
import { monitorRow, parsedRow, recordingIn, recordingRow, startsInDel } from './kernel/observed.ts';
import { pageOf } from './kernel/page.ts';
import { type Row, tableOf } from './kernel/rows.ts';
import { monitorCommands } from './kernel/tree.ts';

/**
 * `npm run kernel -- PATCH --busybox FILE [--linux ARCHIVE] [--build DIRECTORY] [--soak N] [MODEL…]`: boots a RISC-V kernel in QEMU
 * with the driver of PATCH in it, runs there what Hartproof writes, and shows what came of it beside what the models say: of all
 * models in docs/kernel.md, of those that are named on the terminal. Exits with 1 if kernel and model differ, with 2 if something is
 * missing.
 */
const USAGE =
  'usage: npm run kernel -- PATCH --busybox FILE [--linux ARCHIVE] [--build DIRECTORY] [--soak N] [MODEL...]';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      busybox: { type: 'string' },
      linux: { type: 'string', default: '/usr/src/linux-source-6.12.tar.xz' },
      build: { type: 'string', default: join(cacheDirectory(), 'kernel-6.12') },
      soak: { type: 'string' },
    },
  });
  const [patch, ...models] = positionals;
  if (patch === undefined || values.busybox === undefined) throw new RangeError(USAGE);
  const soak = values.soak === undefined ? undefined : Number(values.soak);
  if (soak !== undefined && !(Number.isInteger(soak) && soak > 0))
    throw new RangeError(`--soak ${values.soak}: how many runs?`);
  const [busybox, linux, kernel] = [resolve(values.busybox), resolve(values.linux), resolve(values.build)];
  const lacks = missing(linux, busybox, kernel);
  if (lacks.length > 0) throw new RangeError(lacks.join('\n'));
  const asked = askedOf(models);
  const seed = await readSource(patch);
  const traced = await driverIn(patch);
  buildKernel(linux, kernel, seed.text, traced);

  const offsets = parseOffsets(offsetsOf(kernel, join(kernel, 'offsets')));
  const record = SETUPS.kprobes({ ...traced, module: 'pmu' }, offsets);
  const monitor = monitorCommands().booted;
  /** Where compiled programs are kept. */
  const kept = join(kernel, 'programs');
  const rows: Row[] = [];
  let underLoad: string | undefined;

  /** What the booted system has: a module, and the programs that are run with it. */
  const guestWith = (module: string, programs: Awaited<ReturnType<typeof programsOf>>): Guest => ({
    busybox,
    module,
    record,
    monitor,
    programs: new Map([...programs].map(([name, { path }]) => [name, path])),
  });

  for (const name of ['as-posted', 'repaired'] as const) {
    const directory = join(kernel, `driver-${name}`);
    const source = name === 'as-posted' ? seed : rewrite(seed, REPAIRS).source;
    const suites = asked.map((tests) => toKunit(tests));
    const module = buildModule(kernel, directory, source, suites);
    const failing = await failuresOf(DRIVERS[name], asked);
    const programs = await programsOf(asked, DRIVERS[name], kept);
    const guest = guestWith(module, programs);
    const said = boot(kernel, directory, guest);
    const recording = recordingIn(said, directory);
    const paths = pathRows(name, asked, failing, programs, said);
    rows.push(
      ...paths,
      parsedRow(name, kernel, paths, said),
      recordingRow(name, name, recording, name === 'repaired' ? 'right' : models.length > 0 ? 'faulty' : 'miscounts'),
      recordingRow(name, name === 'repaired' ? 'as-posted' : 'repaired', recording, 'another'),
      monitorRow(name, said),
    );
    if (name === 'repaired' && soak !== undefined)
      underLoad = soaked(boot(kernel, directory, guest, soak), programs.size, soak);
  }

  // The monitor reports what a driver of ours does that it must not do.
  {
    const name = 'starts-in-del';
    const directory = join(kernel, `driver-${name}`);
    const module = buildModule(kernel, directory, startsInDel(seed), []);
    const programs = await programsOf(askedOf(['context-switch']), DRIVERS['as-posted'], kept);
    const guest = guestWith(module, programs);
    rows.push(monitorRow(name, boot(kernel, directory, guest), /^event start not expected in the state /));
  }

  const different = rows.filter(({ same }) => !same).length;
  if (models.length > 0) console.log([tableOf(rows), ...(underLoad === undefined ? [] : [underLoad])].join('\n'));
  else writeFileSync(fileURLToPath(new URL('kernel.md', import.meta.url)), pageOf(rows, underLoad));
  console.log(`${rows.length} rows, ${different} differ${models.length > 0 ? '' : ': docs/kernel.md'}`);
  process.exitCode = different > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
