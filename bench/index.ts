import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Table from 'cli-table3';

/** What `run.ts` and `spin.ts` print. */
interface Measured {
  readonly states: number;
  readonly transitions?: number;
  readonly bytes?: number;
  readonly milliseconds: number;
  readonly peak?: number;
  readonly failed?: string;
}

/** What is measured: the default audit's models, a large one, how it grows, and sizes that XState itself can search. */
const OURS = ['one thread', 'two workers'] as const;
const GROWTH = ['2 threads', '3 threads', '4 threads', '5 threads'] as const;
const SMALL = ['two-threads', 'foreign-owner-two-threads', '3 threads'] as const;

const FOLDED = ['context-switch', 'two-counting', 'two-threads'] as const;

const quick = process.argv.includes('--quick');
const run = promisify(execFile);

/** Runs a file of this folder in a process of its own, so that its memory is its own too; with the time from the shell. */
async function measure(file: string, ...args: string[]): Promise<Measured & { readonly wall: number }> {
  process.stderr.write(`${[file, ...args].join(' ')} …\n`);
  const started = performance.now();
  const url = new URL(file, import.meta.url).pathname;
  try {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', url, ...args], { maxBuffer: 1 << 24 });
    return { ...(JSON.parse(stdout) as Measured), wall: performance.now() - started };
  } catch (error) {
    return { states: 0, milliseconds: 0, wall: 0, failed: (error as Error).message.split('\n')[0]! };
  }
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const ratio = (value: number, to: number): string => (value > 0 && to > 0 ? `${(value / to).toFixed(1)} ×` : '');

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const shown = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column < 2 ? 'left' : 'right')),
    style: { head: [], border: [] },
  });
  shown.push(...rows.map((row) => [...row]));
  process.stdout.write(`\n${title}\n${shown.toString()}\n`);
}

const HEAD = [
  'model',
  'search',
  'states',
  'transitions/s',
  'search',
  'from the shell',
  'peak MB',
  'bytes a state',
  'against the first',
];

async function compare(name: string, spin: boolean): Promise<string[][]> {
  const rows: string[][] = [];
  let first = 0;
  let states = 10_000;
  const add = (engine: string, measured: Measured & { wall: number }): void => {
    const { transitions = 0, bytes = 0, milliseconds, peak = 0, wall, failed } = measured;
    if (first === 0) first = milliseconds;
    const rate = transitions > 0 ? count((transitions / milliseconds) * 1000) : '';
    rows.push(
      failed === undefined
        ? [
            name,
            engine,
            count(measured.states),
            rate,
            seconds(milliseconds),
            seconds(wall),
            peak > 0 ? count(peak / 2 ** 20) : '',
            bytes > 0 ? (bytes / measured.states).toFixed(1) : '',
            ratio(milliseconds, first),
          ]
        : [name, engine, failed],
    );
  };
  for (const engine of OURS) {
    const measured = await measure('run.ts', engine, name);
    if (measured.states > 0) states = measured.states;
    add(engine, measured);
  }
  if (spin) {
    add('SPIN, no reduction', await measure('spin.ts', name, String(states)));
    add('SPIN, its defaults', await measure('spin.ts', name, String(states), 'reduced'));
  }
  return rows;
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
    rows.push([model, 'with all promises', count(facts), count(judged), ratio(judged, plain)]);
  }
  table('Logs at 64 bits', ['model', 'folded by', 'facts', 'facts/s', 'against the first'], rows);
}

async function main(): Promise<void> {
  if (process.argv.includes('--fold')) return await folds();
  const rows = await compare('default', false);
  for (const name of quick ? ['4 threads'] : ['4 threads', 'large']) rows.push(...(await compare(name, true)));
  table('Searches with properties and counterexamples', HEAD, rows);

  const small: string[][] = [];
  for (const name of SMALL) {
    const ours = await measure('run.ts', 'one thread', name);
    small.push([name, 'tabulated', count(ours.states), seconds(ours.milliseconds), '']);
    for (const engine of ['interpreted', 'getAdjacencyMap', 'getShortestPaths']) {
      if (engine === 'getShortestPaths' && ours.states > 2000) continue;
      const { states, milliseconds } = await measure('run.ts', engine, name);
      small.push([name, engine, count(states), seconds(milliseconds), ratio(milliseconds, ours.milliseconds)]);
    }
  }
  table('XState itself, without properties', ['model', 'search', 'states', 'search', 'against ours'], small);

  const growth: string[][] = [];
  for (const name of GROWTH) {
    const { states, transitions = 0, milliseconds, bytes = 0 } = await measure('run.ts', 'one thread', name);
    growth.push([
      name,
      'one thread',
      count(states),
      count((transitions / milliseconds) * 1000),
      seconds(milliseconds),
      (bytes / states).toFixed(1),
    ]);
  }
  table('Growth with the scope', ['model', 'search', 'states', 'transitions/s', 'search', 'bytes a state'], growth);
  await folds();
}

await main();
