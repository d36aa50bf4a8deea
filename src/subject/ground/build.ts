import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { toolSays } from '../binutils.ts';
import type { BuildOptions } from '../build.ts';
import { cached, cachedLater } from '../cache.ts';
import { cacheDirectory } from '../cache-directory.ts';
import { includes } from '../companions.ts';
import { type Compiler, compile, compileLater, NoSubject, needCompiler, refusal } from '../compiler.ts';
import { checkText } from '../foreign.ts';
import { ownC, textsOf } from '../own-c.ts';
import { compileStranger, type Workshop } from '../stranger.ts';
import { autoconf } from './configuration.ts';
import { explainIn } from './explain.ts';
import { flags, watched, type Xlen, zeroed } from './flags.ts';
import { linkNarrow } from './narrow.ts';
import { checkTree, overlayIn, overlayKey } from './overlay.ts';
import { namesOfCsrs, ownIncludes } from './own.ts';
import { isForBoth } from './rv32.ts';
import { besides, inTree, makes, mayBeModule, readTree, type Tree } from './tree.ts';

/** A driver, and the kernel that it meets, as objects that can be loaded and run. */
export interface GroundBuild {
  readonly tree: Tree;
  /** The driver's files; the first is the one that was asked for. Paths in the tree, or as they were given. */
  readonly files: readonly string[];
  readonly harness: string;
  readonly kernel: string;
  readonly driver: string;
  /** What the driver asks for and nobody has: reaching it ends what is known. */
  readonly missing: readonly string[];
  /** What the driver takes from the kernel, by name. */
  readonly symbols: readonly string[];
  /** What was assumed, in one sentence each. */
  readonly notes: readonly string[];
  /** What was configured for the driver, beside what every driver gets, as a `.config` says it. */
  readonly config: readonly string[];
  /** How many bits a `long` has. */
  readonly xlen: Xlen;
  /** Where the driver is for RV32, too: makes the same as it is there. */
  readonly onRv32?: () => Promise<GroundBuild>;
  /** Whether the driver may be built as a module: Kconfig says so, or it lies in no tree. */
  readonly isModule: boolean;
}

export type GroundOptions = Pick<BuildOptions, 'defines' | 'undefines' | 'cache'> & {
  /** More files of the same driver. */
  readonly files?: readonly string[];
  /** Where links lead that lie beside its files. */
  readonly reads?: readonly string[];
  /** How many bits a `long` has: 64, or 32, as on RV32. */
  readonly xlen?: Xlen;
};

/** Where a long has 32 bits, the driver is linked into the process. */
const NARROW = ['facts.c', 'main.c', 'memory.c', 'linked.c', 'narrow.c', 'strand.c'];
const PROCESS = ['facts.c', 'main.c', 'memory.c', 'objects.c', 'strand.c'];
/** What it has in common with the process of the shim: what confines it, and what it numbers. */
const COMMON = [
  ...['callnames.c', 'confine.c', 'confine.h', 'gate.c', 'object.c'],
  ...['intern.c', 'known-states.c', 'numbers.h', 'signals.c', 'stacks.c'],
].map((name) => `../${name}`);

/**
 * Compiles a driver with the headers of a kernel tree (its directory, or what a patch makes of it), together with the files that it
 * needs beside it, or finds all that in the cache. Throws {@link NoSubject} that says what the driver needs and does not get.
 */
export async function buildOnGround(
  path: string,
  kernel: string | Tree,
  options: GroundOptions = {},
): Promise<GroundBuild> {
  const compiler = needCompiler();
  if (process.arch !== 'x64') throw new NoSubject('with a kernel tree, drivers are compiled and run on x86-64 only');
  const tree = typeof kernel === 'string' ? readTree(kernel) : kernel;
  checkTree(tree);
  return new Ground(compiler, tree, options).build(path);
}

/** What makes the kernel's headers tell whether preemption is off, and who leans on that; and every unlock a call. */
const TOLD = ['CONFIG_PREEMPT_COUNT', 'CONFIG_DEBUG_PREEMPT', 'CONFIG_UNINLINE_SPIN_UNLOCK'];

class Ground {
  readonly #cache: string;
  readonly #defines: readonly string[];
  readonly #undefines: readonly string[];
  readonly #configuration: string;
  readonly #xlen: Xlen;
  readonly #key: readonly string[];
  readonly #known = new Map<string, Symbols>();

  constructor(
    readonly compiler: Compiler,
    readonly tree: Tree,
    readonly options: GroundOptions,
  ) {
    this.#cache = options.cache ?? cacheDirectory();
    this.#defines = options.defines ?? [];
    this.#undefines = options.undefines ?? [];
    this.#xlen = options.xlen ?? 64;
    this.#configuration = autoconf([...TOLD, ...this.#defines], this.#undefines, this.#xlen);
    this.#key = [...overlayKey(compiler, tree, this.#configuration), flags.toString()];
  }

  async build(path: string): Promise<GroundBuild> {
    // The kernel is made while the driver is.
    const made = this.#kernel();
    // Where the driver is no good, that is what is told.
    made.catch(() => {});
    const { first, files, objects } = this.#asked(path);
    const kernel = await made;
    const own = this.#symbols(join(kernel, this.#xlen === 32 ? 'kernel.o' : 'kernel.so')).defined;
    const notes = first === undefined ? [] : this.#gather(first, files, objects, own);
    const wanted = [...new Set(objects.flatMap((object) => [...this.#symbols(object).wanted]))];
    const defined = new Set([...own, ...objects.flatMap((object) => [...this.#symbols(object).defined]), ...LIBC]);
    const symbols = wanted.filter((name) => own.has(name));
    const missing = wanted.filter((name) => !defined.has(name)).sort();
    const built = {
      tree: this.tree,
      files,
      notes,
      symbols,
      missing,
      config: this.#configured(files),
      xlen: this.#xlen,
    };
    const isModule = first === undefined || mayBeModule(this.tree, first);
    const key = [...this.#key, ...objects, ...missing, readFileSync(join(ownC(), 'overlay/driver.ld'), 'utf8')];
    if (this.#xlen === 32) {
      // What chooses a function does so before the process has given its rights away.
      if (objects.some((object) => / i /.test(this.#names(object))))
        throw new NoSubject('it has a function that is chosen when it is loaded (ifunc), which no kernel has');
      const whole = cached(
        this.#cache,
        ['narrow', ...key, kernel, ...this.#ofProcess([...COMMON, ...NARROW])],
        (at) => {
          writeFileSync(join(at, 'missing.s'), stubs(missing, 'x32_'));
          linkNarrow(this.compiler, at, join(kernel, 'kernel.o'), objects, [
            'missing.s',
            ...this.#sources([...COMMON, ...NARROW]),
          ]);
        },
      );
      const one = join(whole, 'process');
      return { ...built, isModule, harness: one, kernel: one, driver: one };
    }
    const directory = cached(this.#cache, ['driver.so', ...key], (at) => {
      writeFileSync(join(at, 'missing.s'), stubs(missing));
      const args = [
        '-shared',
        '-nostartfiles',
        '-Wl,-z,now',
        '-Wl,-z,noexecstack',
        '-Wl,--unresolved-symbols=ignore-all',
        '-o',
        'driver.so',
      ];
      compileStranger(this.#workshop(at, objects), [
        ...args,
        ...objects,
        'missing.s',
        `-Wl,-T,${join(ownC(), 'overlay/driver.ld')}`,
      ]);
    });
    const texts = files.map((file) => readFileSync(resolve(this.tree.root, file), 'utf8'));
    const onRv32 = () => new Ground(this.compiler, this.tree, { ...this.options, xlen: 32 }).build(path);
    return {
      ...built,
      ...(isForBoth(texts) && { onRv32 }),
      isModule,
      harness: join(this.#harness(), 'harness'),
      kernel: join(kernel, 'kernel.so'),
      driver: join(directory, 'driver.so'),
    };
  }

  #symbolOf(file: string): string | undefined {
    return makes(this.tree, file).symbol;
  }

  #configured(files: readonly string[]): string[] {
    const own = files.flatMap((file) => this.#symbolOf(file) ?? []).filter((name) => !this.#undefines.includes(name));
    const names = [...new Set([...own, ...this.#defines.filter((define) => define.startsWith('CONFIG_'))])];
    return [
      ...names.map((define) => (define.includes('=') ? define.replace(/=1$/, '=y') : `${define}=y`)),
      ...this.#undefines.map((name) => `# ${name} is not set`),
    ];
  }

  /** The driver's files as they are asked for, with what its Makefile puts together; `first` is the path in the tree. */
  #asked(path: string): { first: string | undefined; files: string[]; objects: string[] } {
    const first = inTree(this.tree, path);
    const files = first === undefined ? [resolve(path)] : [...new Set([first, ...makes(this.tree, first).together])];
    files.push(...(this.options.files ?? []).map((file) => inTree(this.tree, file) ?? resolve(file)));
    return { first, files, objects: files.map((file) => this.#object(file)) };
  }

  /** Adds the files beside it that use it, or define what it wants. Returns what was taken, and why. */
  #gather(first: string, files: string[], objects: string[], own: ReadonlySet<string>): string[] {
    const notes: string[] = [];
    const others = besides(this.tree, first).filter((file) => !files.includes(file));
    const take = (file: string, why: string): void => {
      if (files.includes(file)) return;
      try {
        objects.push(this.#object(file));
        files.push(file);
        notes.push(`with ${file}, which ${why}`);
      } catch (error) {
        // What it would define is missing then, and told where it is reached.
        if (!(error instanceof NoSubject)) throw error;
      }
    };
    // What registers no driver is there for others: one that uses it comes along, and so on.
    const registers = (): boolean =>
      objects.some((object) => [...this.#symbols(object).wanted].some((name) => REGISTERS.test(name)));
    for (let step = 0; step < objects.length && !registers(); step++) {
      const exported = [...this.#symbols(objects[step]!).defined];
      const isUser = (path: string): boolean => exported.some((name) => uses(path, name) && !defines(path, name));
      const user = others.find((other) => !files.includes(other) && isUser(join(this.tree.root, other)));
      if (user !== undefined) take(user, `uses ${files[step]}`);
    }
    for (let round = 0; round < objects.length; round++) {
      const has = new Set(objects.flatMap((object) => [...this.#symbols(object).defined]));
      for (const name of this.#symbols(objects[round]!).wanted) {
        if (own.has(name) || has.has(name)) continue;
        const file = others.find((other) => defines(join(this.tree.root, other), name));
        if (file !== undefined) take(file, `defines ${name}`);
      }
    }
    return notes;
  }

  /** One file of a driver, compiled. */
  #object(file: string): string {
    const path = resolve(this.tree.root, file);
    const text = readFileSync(path, 'utf8');
    const symbol = this.#symbolOf(file);
    // What is set to no is not there.
    const asked = this.#defines.filter((define) => !/^CONFIG_\w+=n$/.test(define));
    const own = symbol === undefined || this.#undefines.includes(symbol) ? [] : [`${symbol}=1`];
    const preprocessor = [
      ...[...own, ...asked].map((define) => `-D${define}`),
      ...this.#undefines.map((name) => `-U${name}`),
    ];
    const overlay = join(this.#overlay(), 'overlay');
    const name = basename(file, '.c').replace(/\W/g, '_');
    const headers = inTree(this.tree, file) === undefined ? ownIncludes(path, text) : [];
    const before = [...headers.map((directory) => `-I${directory}`), ...namesOfCsrs(text, overlay)];
    const directory = cached(
      this.#cache,
      [
        'object',
        ...this.#key,
        path,
        text,
        ...headerTexts([dirname(path), ...headers], text),
        ...watched(this.compiler, this.tree, this.#xlen),
        ...zeroed(this.compiler),
        ...preprocessor,
      ],
      (at) => {
        checkText(file, text);
        compileStranger(
          this.#workshop(at, [this.#overlay(), dirname(path), ...headers]),
          [
            ...[
              ...before,
              ...flags(this.tree, overlay, name, this.#xlen),
              ...watched(this.compiler, this.tree, this.#xlen),
            ],
            ...zeroed(this.compiler),
            ...[...preprocessor, '-c', '-o', join(at, 'driver.o'), path],
          ],
          (complaint) => refusal(complaint) ?? explainIn(this.tree, file, complaint),
        );
      },
    );
    return join(directory, 'driver.o');
  }

  /** Where what is a stranger's is compiled. */
  #workshop(directory: string, reads: readonly string[]): Workshop {
    const harness = join(this.#harness(), 'harness');
    return {
      compiler: this.compiler,
      harness,
      directory,
      reads: [this.tree.root, this.tree.original, ownC(), ...(this.options.reads ?? []), ...reads],
    };
  }

  /** The names of an object, kept as it is. */
  #symbols(object: string): Symbols {
    const known = this.#known.get(object) ?? symbolsOf(this.#names(object));
    this.#known.set(object, known);
    return known;
  }

  #names(object: string): string {
    const directory = cached(this.#cache, ['names', object], (at) =>
      writeFileSync(join(at, 'names'), toolSays('nm', ['--format=posix', object])),
    );
    return readFileSync(join(directory, 'names'), 'utf8');
  }

  #overlay(): string {
    return overlayIn(this.#cache, this.compiler, this.tree, this.#configuration);
  }

  /** The kernel that drivers of this tree meet. */
  #kernel(): Promise<string> {
    const sources = join(ownC(), 'kernel');
    const overlay = join(this.#overlay(), 'overlay');
    const key = ['kernel', ...this.#key, ...textsOf(sources), ...textsOf(join(ownC(), 'ground'))];
    return cachedLater(this.#cache, key, async (at) => {
      const include = [`-I${sources}`, `-I${join(ownC(), 'ground')}`];
      const without = this.#undefines.length === 0 ? '' : `, without ${this.#undefines.join(' and ')},`;
      await compileLater(
        this.compiler,
        // Places are looked up in the driver alone.
        [
          ...flags(this.tree, overlay, 'kernel', this.#xlen),
          '-g0',
          ...include,
          '-c',
          '-o',
          'kernel.o',
          join(sources, 'kernel.c'),
        ],
        at,
        (complaint) => explainIn(this.tree, `the kernel that drivers meet${without}`, complaint),
      );
      if (this.#xlen === 32) return;
      const script = `-Wl,-T,${join(ownC(), 'overlay/driver.ld')}`;
      const link = ['-shared', '-Wl,-z,noexecstack', '-Wl,--unresolved-symbols=ignore-all', '-o', 'kernel.so'];
      await compileLater(this.compiler, [...link, 'kernel.o', script], at);
    });
  }

  #harness(): string {
    const files = [...PROCESS, ...COMMON];
    return cached(this.#cache, ['process', ...this.#ofProcess(files)], (at) =>
      compile(this.compiler, ['-std=gnu11', '-O2', '-rdynamic', '-o', 'harness', ...this.#sources(files), '-ldl'], at),
    );
  }

  #sources(files: readonly string[]): string[] {
    return files.filter((file) => file.endsWith('.c')).map((file) => join(ownC(), 'ground', file));
  }

  #ofProcess(files: readonly string[]): string[] {
    const texts = files.map((file) => readFileSync(join(ownC(), 'ground', file), 'utf8'));
    return [this.compiler.version, ...textsOf(join(ownC(), 'ground')), ...texts];
  }
}

/** What the process's own libc gives a driver. */
const LIBC =
  'memcpy memset memmove memcmp memchr strlen strcmp strncmp strchr strrchr strstr strcpy strncpy strcat strnlen strcasecmp strncasecmp strsep strspn strcspn strpbrk _GLOBAL_OFFSET_TABLE_'.split(
    ' ',
  );

/** Names in a page that nobody may touch: a call or a look ends the step, and the process tells the name. */
const stubs = (names: readonly string[], prefix = ''): string =>
  [
    '.section .hp_missing, "aw", @progbits',
    '.balign 4096',
    '.globl hp_missing_start, hp_missing_end',
    'hp_missing_start:',
    // So that the first name is the only one at its address.
    '.skip 1024',
    ...names.flatMap((name) => [
      `.globl ${prefix}${name}`,
      `.type ${prefix}${name}, @object`,
      `.size ${prefix}${name}, 1024`,
      `${prefix}${name}:`,
      '.skip 1024',
    ]),
    '.balign 4096',
    'hp_missing_end:',
    '.section .note.GNU-stack, "", @progbits',
    '',
  ].join('\n');

/** What an object gives to others, and what it wants of them. */
interface Symbols {
  readonly defined: ReadonlySet<string>;
  readonly wanted: ReadonlySet<string>;
}

/** Names that only the file itself knows are small letters, but for what is weak. */
function symbolsOf(told: string): Symbols {
  const lines = told.split('\n').map((line) => line.split(' '));
  const named = (pattern: RegExp) =>
    new Set(lines.filter(([, kind]) => kind !== undefined && pattern.test(kind)).map(([name]) => name!));
  return { defined: named(/[A-TV-Z]/), wanted: named(/[Uvw]/) };
}

/** The texts of the headers that a file includes from some directories. */
const headerTexts = (directories: readonly string[], text: string): string[] =>
  includes(text)
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .filter((header) => existsSync(header) && header.endsWith('.h'))
    .map((header) => readFileSync(header, 'utf8'));

/** How a file makes itself known to a bus: one that does not is there for others. */
const REGISTERS =
  /^(__platform_driver_(register|probe)|__pci_register_driver|__cxl_driver_register|__auxiliary_driver_register)$/;

/** Whether a file calls a function of a name. */
const uses = (path: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(readFileSync(path, 'utf8'));

/** Whether a file seems to define a name for others. */
const defines = (path: string, name: string): boolean =>
  new RegExp(`EXPORT_SYMBOL\\w*\\(${name}\\b|^[\\w \\t*]*\\b${name}\\([^;]*\\n\\{`, 'm').test(
    readFileSync(path, 'utf8'),
  );
