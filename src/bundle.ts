import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** The program. What it loads at once, all that it loads later has loaded already. */
const MAIN = 'src/cli/main.ts';

/** What loads its commands, one for each run. */
const COMMANDS = 'src/cli/commands/index.ts';

/** What somebody imports, and the worker of a search: they load only what they need. */
const APART = ['src/index.ts', 'src/engine/index.ts', 'machines/index.ts', 'src/engine/check/worker.ts'];

/** What else is started: threads that search, and what builds the page. */
const OTHERS = ['src/subject/search-worker.ts', 'src/repair/ask-worker.ts', 'src/explorer/build.ts'];

/** Below `dist`: what several entries share, or one loads when it needs it. */
const CHUNKS = 'src/shared';

/**
 * Joins the sources to few files in `dist`, since Node takes longer to find and load hundreds than most commands run. All
 * entries share what they have in common, so that there is one of each class. Needs esbuild, which only a checkout has.
 */
export async function bundle(root: string): Promise<void> {
  const options = {
    absWorkingDir: root,
    entryPoints: [MAIN, ...APART, ...OTHERS],
    ...{ outdir: 'dist', outbase: '.', chunkNames: `${CHUNKS}/[name]-[hash]` },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external' },
    ...{ metafile: true, logLevel: 'warning' },
  } as const satisfies BuildOptions;
  const { metafile: graph } = await build({ ...options, write: false });
  const { metafile } = await build({ ...options, plugins: [asOneFile(root, graph.inputs)] });
  for (const [output, { inputs }] of Object.entries(metafile.outputs))
    for (const input of Object.keys(inputs))
      if (dirname(output) !== join('dist', CHUNKS) && textOf(root, input).includes(OWN_URL))
        throw new Error(`${input} asks where it lies, and is in ${output}: only what is in ${CHUNKS} can`);
  // Names of chunks change with what is in them: the old ones go when the new ones are there.
  const chunks = join('dist', CHUNKS);
  for (const name of readdirSync(join(root, chunks)))
    if (metafile.outputs[join(chunks, name)] === undefined) rmSync(join(root, chunks, name));
}

type Inputs = Metafile['inputs'];

const OWN_URL = 'import.meta.url';

/** What the program loads at once; and with it, what its commands load at once. */
const CORE = 'core:';
const SHARED = 'core:shared';

const textOf = (root: string, input: string): string =>
  input.startsWith(CORE) ? '' : readFileSync(join(root, input), 'utf8');

/** The files that one loads later. */
const laterOf = ({ imports }: Inputs[string]): string[] =>
  imports.filter(({ kind, external }) => kind === 'dynamic-import' && !external).map(({ path }) => path);

/** The files that are loaded with some, themselves among them. */
function loadedWith(files: readonly string[], inputs: Inputs, loaded = new Set<string>()): Set<string> {
  for (const file of files) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    const imports = inputs[file]!.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    loadedWith(
      imports.map(({ path }) => path),
      inputs,
      loaded,
    );
  }
  return loaded;
}

/**
 * esbuild puts files together that the same entries load, and each file that is loaded later is an entry. So each of those is
 * made to load all that the program has loaded at once, and what its commands load at once: few files load faster than many.
 *
 * And a file that asks where it lies is told where it would lie if it was built alone: what it looks for is beside that.
 */
function asOneFile(root: string, inputs: Inputs): Plugin {
  const core = loadedWith([MAIN], inputs);
  core.delete(MAIN);
  const commands = laterOf(inputs[COMMANDS]!);
  const shared = loadedWith(commands, inputs);
  for (const command of commands) shared.delete(command);
  const apart = loadedWith(APART, inputs);
  const later = new Set(Object.values(inputs).flatMap(laterOf));
  return {
    name: 'as one file',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^core:/ }, ({ path }) => ({ path, namespace: 'core' }));
      onLoad({ filter: /^core:/, namespace: 'core' }, ({ path }) => ({
        contents: [...core, ...(path === SHARED ? shared : [])].map((file) => `import './${file}';\n`).join(''),
        resolveDir: root,
      }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path);
        const place = relative(join(root, CHUNKS), path).replace(/\.ts$/, '.js');
        const text = textOf(root, file).replaceAll(OWN_URL, `new URL('${place}', ${OWN_URL}).href`);
        const loadsCore = file === MAIN || (later.has(file) && !apart.has(file));
        return {
          loader: 'ts',
          contents: loadsCore ? `${text}\nimport '${file === MAIN || core.has(file) ? CORE : SHARED}';\n` : text,
        };
      });
    },
  };
}
