import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { measureCheck } from './check.ts';

/** What `run.ts`, `spin.ts` and `rumur.ts` print. */
interface Measured {
  readonly states: number;
  readonly transitions: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** From the start to the end: for us from the shell, for SPIN with the compilation. */
  readonly wall: number;
  /** Processor time of all that. */
  readonly cpu: number;
  readonly peak: number;
  readonly failed?: string;
}

const quick = process.argv.includes('--quick');
/** Seconds after which a run is stopped, and said to have been. */
const LIMIT = quick ? 60 : 500;

/** The models: those of the default audit, and how a search grows with the scope, up to a large one. */
const COMPARED = quick ? ['default', '4 threads'] : ['default', '4 threads', 'large'];
const OURS = ['one thread', 'two workers'] as const;
const ON_DISK = 'one thread, on disk';
const GROWTH = ['2 threads', '3 threads', '4 threads', '5 threads'] as const;
/** The sizes that XState itself can search; its shortest paths take quadratic time. */
const SMALL = ['two-threads', 'foreign-owner-two-threads', '3 threads'] as const;
const FOLDED = ['context-switch', 'two-counting', 'two-threads'] as const;
/** How many tasks open and close events all the time. */
const OVERLAPPING = ['1', '2', '4', '8'];
const VARIED = ['refused-open-cache', 'group-of-two', 'stop-and-start', 'rv32'];
const SHORTEST = ['two-threads', 'foreign-owner-two-threads'];

const run = promisify(execFile);

/** Runs a file of this folder in a process of its own, so that its memory is its own too. */
async function measure(file: string, ...args: string[]): Promise<Measured> {
  process.stderr.write(`${[file, ...args].join(' ')} …\n`);
  const started = performance.now();
  const url = new URL(file, import.meta.url).pathname;
  const isOurs = file === 'run.ts';
  const options = { maxBuffer: 1 << 24, ...(isOurs && { timeout: LIMIT * 1000 }) };
  try {
    const limit = isOurs ? [] : [String(LIMIT)];
    const { stdout } = await run(process.execPath, ['--import', 'tsx', url, ...args, ...limit], options);
    return { ...(JSON.parse(stdout) as Measured), ...(isOurs && { wall: performance.now() - started }) };
  } catch (error) {
    const { killed, message } = error as Error & { killed?: boolean };
    const failed = killed ? `did not end in ${LIMIT} s` : message.split('\n')[0]!;
    return { states: 0, transitions: 0, bytes: 0, milliseconds: 0, wall: 0, cpu: 0, peak: 0, failed };
  }
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const percent = (value: number, of: number): string => `${((100 * value) / of).toFixed(0)} %`;
const ratio = (value: number, to: number): string => `${(value / to).toFixed(value < to * 10 ? 1 : 0)} ×`;

/** Prints a Markdown table, as it is shown in the README. */
function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((text, column) => Math.max(text.length, 4, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  process.stdout.write(`\n${title}\n\n${[head, rule, ...rows].map(line).join('\n')}\n`);
}

const HEAD = [
  'model',
  'search',
  'states',
  'transitions/s',
  'search',
  'all in all',
  'against',
  'processor',
  'against',
  'peak MB',
  'bytes/state',
];

/**
 * A row for each way to search. Rumur compiles too long for the many models of the default audit, and SPIN's reduction finds
 * nothing to leave out, so that the large model is searched once by each. What follows a time holds it against our search
 * on one thread.
 */
async function compare(name: string): Promise<string[][]> {
  const rows: string[][] = [];
  let first: Measured | undefined;
  const add = (engine: string, { failed, ...measured }: Measured): void => {
    const { states, transitions, bytes, milliseconds, wall, cpu, peak } = measured;
    if (failed !== undefined) {
      rows.push([name, `${engine}: ${failed}`, ...HEAD.slice(2).map(() => '')]);
      return;
    }
    first ??= measured;
    rows.push([
      name,
      engine,
      count(states),
      count((transitions / milliseconds) * 1000),
      seconds(milliseconds),
      seconds(wall),
      ratio(wall, first.wall),
      cpu > 0 ? seconds(cpu) : '',
      cpu > 0 ? ratio(cpu, first.cpu) : '',
      peak > 0 ? count(peak / 2 ** 20) : '',
      bytes > 0 ? (bytes / states).toFixed(1) : '',
    ]);
  };
  for (const engine of OURS) add(engine, await measure('run.ts', engine, name));
  if (name !== 'default') add(ON_DISK, await measure('run.ts', ON_DISK, name));
  if (name === 'default' && quick) return rows;
  add('SPIN, no reduction', await measure('spin.ts', name, 'whole'));
  if (name === 'default') return rows;
  add('SPIN, 2 processors', await measure('spin.ts', name, 'parallel'));
  add('Rumur, 1 thread', await measure('rumur.ts', name, '1'));
  if (name === 'large') return rows;
  add('SPIN, its defaults', await measure('spin.ts', name, 'reduced'));
  add('Rumur, 2 threads', await measure('rumur.ts', name, '2'));
  return rows;
}

/** What a partial order saves where one property is asked, by how much that sees. */
async function partialOrders(): Promise<void> {
  const rows: string[][] = [];
  for (const id of ['no-deadlock', 'busy-is-true', 'recovers']) {
    const name = `${quick ? '4 threads' : 'large'}: ${id}`;
    const all = await measure('run.ts', 'one thread', name);
    const kept = await measure('run.ts', 'one thread, partial order', name);
    for (const [search, { states, milliseconds, bytes }] of [['all', all] as const, ['partial order', kept] as const])
      rows.push([
        name,
        search,
        count(states),
        percent(states, all.states),
        seconds(milliseconds),
        percent(milliseconds, all.milliseconds),
        percent(bytes, all.bytes),
      ]);
  }
  table('One property, on one thread', ['model', 'search', 'states kept', 'of all', 'time', 'of that', 'bytes'], rows);
}

/** What `fold.ts` prints, in facts a second. */
interface Folded {
  readonly facts: number;
  readonly plain: number;
  readonly projection: number;
  readonly judged: number;
}

async function folds(): Promise<void> {
  const rows: string[][] = [];
  for (const model of FOLDED) {
    process.stderr.write(`fold.ts ${model} …\n`);
    const url = new URL('fold.ts', import.meta.url).pathname;
    const { stdout } = await run(process.execPath, ['--import', 'tsx', url, model, '50000']);
    const { facts, plain, projection, judged } = JSON.parse(stdout) as Folded;
    rows.push([model, 'the plain fold', count(facts), count(plain), '']);
    rows.push([model, 'a projection', count(facts), count(projection), ratio(projection, plain)]);
    rows.push([model, 'with all properties', count(facts), count(judged), ratio(judged, plain)]);
  }
  table('Logs at 64 bits', ['model', 'folded by', 'facts', 'facts/s', 'against the first'], rows);
}

/** What `trace.ts` prints of each number of tasks that open and close all the time. */
interface Traced {
  readonly tasks: number;
  readonly accepted: boolean;
  readonly tried: number;
  readonly milliseconds: number;
  /** What `JSON.parse` alone takes of the same lines. */
  readonly parsing: number;
}

async function traces(): Promise<void> {
  const callbacks = quick ? 5_000 : 20_000;
  process.stderr.write(`trace.ts ${callbacks} …\n`);
  const url = new URL('trace.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--import', 'tsx', url, String(callbacks), ...OVERLAPPING]);
  const [first, ...others] = JSON.parse(stdout) as [Traced, ...Traced[]];
  const rows = [first, ...others].map(({ tasks, accepted, tried, milliseconds, parsing }) => [
    `${count(callbacks)} callbacks`,
    `${tasks} at once${accepted ? '' : ': not accepted'}`,
    (tried / callbacks).toFixed(1),
    count(callbacks / (milliseconds / 1000)),
    ratio(milliseconds, first.milliseconds),
    ratio(milliseconds, parsing),
  ]);
  table(
    'Traces by how many callbacks overlap',
    ['trace', 'overlapping', 'steps tried', 'callbacks/s', 'against', 'against JSON.parse'],
    rows,
  );
}

/** What `recording.ts` prints. */
interface Imported {
  readonly accepted: boolean;
  readonly milliseconds: number;
  /** What it takes to split the same file into rows. */
  readonly splitting: number;
  readonly peak: number;
}

/** Recordings of two sizes: what each callback costs, and how the memory grows with the recording. */
async function recordings(): Promise<void> {
  const url = new URL('recording.ts', import.meta.url).pathname;
  const rows: string[][] = [];
  let before: { readonly callbacks: number; readonly peak: number } | undefined;
  for (const callbacks of quick ? [2_000, 10_000] : [20_000, 100_000]) {
    process.stderr.write(`recording.ts ${callbacks} …\n`);
    const { stdout } = await run(process.execPath, ['--import', 'tsx', url, String(callbacks)]);
    const { accepted, milliseconds, splitting, peak } = JSON.parse(stdout) as Imported;
    rows.push([
      `${count(callbacks)} callbacks${accepted ? '' : ': not accepted'}`,
      ((1000 * milliseconds) / callbacks).toFixed(1),
      ratio(milliseconds, splitting),
      count(peak / 2 ** 20),
      before === undefined ? '' : count((peak - before.peak) / (callbacks - before.callbacks)),
    ]);
    before = { callbacks, peak };
  }
  table(
    'Recordings, imported',
    ['recording', 'µs a callback', 'against splitting its rows', 'peak MB', 'bytes more for each callback more'],
    rows,
  );
}

/** Proofs for any number of events and harts, and how long the second opinion takes. */
async function proofs(): Promise<void> {
  const rows: string[][] = [];
  for (const name of quick ? ['any-opens'] : ['any-opens', 'any-kinds', 'any-slots']) {
    const url = new URL('prove.ts', import.meta.url).pathname;
    const { stdout } = await run(process.execPath, ['--import', 'tsx', url, name], { maxBuffer: 1 << 24 });
    const { proved, views, windows, steps, milliseconds, checking } = JSON.parse(stdout) as Record<string, number>;
    const counts = [proved!, views!, windows!, steps!].map(count);
    rows.push([name, 'repaired, 4.16', ...counts, seconds(milliseconds!), seconds(checking!)]);
  }
  table('Proofs for any number', ['model', 'driver', 'proved', 'views', 'windows', 'steps', 'prove', 'check'], rows);
}

/** One change after another in the same model, as `repair` asks them: from common tables, and each for itself. */
async function variants(): Promise<void> {
  const rows: string[][] = [];
  for (const name of VARIED) {
    process.stderr.write(`variants.ts ${name} …\n`);
    const url = new URL('variants.ts', import.meta.url).pathname;
    const { stdout } = await run(process.execPath, ['--import', 'tsx', url, name]);
    const { variants, states, together, apart } = JSON.parse(stdout) as Record<string, number>;
    rows.push([
      name,
      `${variants} changes`,
      count(states!),
      seconds(together!),
      seconds(apart!),
      ratio(apart!, together!),
    ]);
  }
  const head = ['model', 'each alone', 'states', 'from common tables', 'each for itself', 'against'];
  table('Variants of a driver, by processor time', head, rows);
}

/** `check` of StarLink as a patch on standard input: the aims are three seconds, ten, and half a second. */
async function checks(): Promise<void> {
  const times = await measureCheck(process.env.HARTPROOF_TREE);
  if (times === undefined) {
    process.stdout.write('\nHARTPROOF_TREE names no tree with StarLink in it: `check` is not measured.\n');
    return;
  }
  const { cold, first, whole, cached } = times;
  table(
    '`check` of StarLink as a patch on standard input, from the shell',
    ['first error, nothing built', 'first error', 'all', 'again, from the cache', 'against the first run'],
    [[seconds(cold), seconds(first), seconds(whole), seconds(cached), ratio(cached, whole)]],
  );
}

async function main(): Promise<void> {
  if (process.argv.includes('--fold')) return await folds();
  if (process.argv.includes('--trace')) {
    await traces();
    return await recordings();
  }
  if (process.argv.includes('--prove')) return await proofs();
  if (process.argv.includes('--partial-order')) return await partialOrders();
  if (process.argv.includes('--variants')) return await variants();
  if (process.argv.includes('--check')) return await checks();
  process.stdout.write(`Node ${process.version}, ${availableParallelism()} processors\n`);
  if (quick) process.stdout.write('--quick leaves out the large model, and the others on the default audit.\n');
  const rows: string[][] = [];
  for (const name of COMPARED) rows.push(...(await compare(name)));
  table('Searches: ours with all properties and counterexamples, SPIN and Rumur without any', HEAD, rows);
  await partialOrders();

  const small: string[][] = [];
  for (const name of SMALL) {
    const ours = await measure('run.ts', 'one thread', name);
    small.push([name, 'tabulated', count(ours.states), seconds(ours.milliseconds), '']);
    for (const engine of ['explore', 'interpreted', 'getAdjacencyMap', 'getShortestPaths']) {
      if (engine === 'getShortestPaths' && !SHORTEST.includes(name)) continue;
      const { states, milliseconds, failed } = await measure('run.ts', engine, name);
      const row = [count(states), seconds(milliseconds), ratio(milliseconds, ours.milliseconds)];
      small.push([name, failed === undefined ? engine : `${engine}: ${failed}`, ...row]);
    }
  }
  table('XState itself, without properties', ['model', 'by', 'states', 'time', 'against'], small);

  const growth: string[][] = [];
  for (const name of GROWTH) {
    const { states, transitions, milliseconds, bytes } = await measure('run.ts', 'one thread', name);
    const rate = count((transitions / milliseconds) * 1000);
    growth.push([name, 'one thread', count(states), rate, seconds(milliseconds), (bytes / states).toFixed(1)]);
  }
  table('Growth with the scope', ['model', 'by', 'states', 'transitions/s', 'time', 'bytes/state'], growth);
  await folds();
  await traces();
  await proofs();
  await variants();
  await checks();
}

await main();
