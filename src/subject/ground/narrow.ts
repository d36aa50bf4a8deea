import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolWrites } from '../binutils.ts';
import { type Compiler, compile, NoSubject } from '../compiler.ts';
import { ownC } from '../own-c.ts';

/** What the kernel takes from the process under its own name. */
const GIVEN =
  'fact view unknown crash offset growing_region region memory pause impossible word map_at vsscanf vsnprintf strand resume reserve pointers of_driver is_driver kinds last_words'
    .split(' ')
    .map((name) => `host_${name}`);

/**
 * Links a driver, the kernel that it meets and the process into one program `process`, where the first two are objects of the ABI
 * x32: they become objects of 64 bits whose names begin with x32_, and without what would run when they are loaded. Throws
 * {@link NoSubject} where no tool here can do that.
 */
export function linkNarrow(
  compiler: Compiler,
  at: string,
  kernel: string,
  objects: readonly string[],
  sources: readonly string[],
): void {
  const converted = [kernel, ...objects].map((object, number) => {
    const [whole, name] = [`whole-${number}.o`, `${number}-${number === 0 ? 'narrow-kernel' : 'narrow-driver'}.o`];
    copyFileSync(object, join(at, whole));
    const without = ['.init_array', '.fini_array', '.preinit_array', '.ctors', '.dtors'].flatMap((name) => [
      name,
      `${name}.*`,
    ]);
    try {
      toolWrites(
        'objcopy',
        [
          '-O',
          'elf64-x86-64',
          '--prefix-symbols=x32_',
          ...[...without, '.init', '.fini', '.interp', '.dynamic'].map((section) => `--remove-section=${section}`),
          whole,
          name,
        ],
        at,
      );
    } catch {
      throw new NoSubject('to run a driver as on RV32, objcopy (binutils) is needed');
    }
    return name;
  });
  compile(
    compiler,
    [
      ...[
        '-std=gnu11',
        '-O2',
        '-DHOST_NARROW',
        '-no-pie',
        '-fno-pie',
        '-rdynamic',
        '-Wl,-z,noexecstack',
        '-o',
        'process',
      ],
      ...[`-Wl,-T,${join(ownC(), 'overlay/narrow.ld')}`, '-Wl,--unresolved-symbols=report-all'],
      ...GIVEN.map((name) => `-Wl,--defsym=x32_${name}=${name}`),
      ...[...sources, ...converted, '-ldl'],
    ],
    at,
  );
}
