import { execFileSync, spawn } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAIN } from '../cli/run.ts';
import { CACHE_HOME, driverFile, needsCompiler } from './tiny.ts';

/** Twenty moments each where there is time (`HARTPROOF_LONG=1`): some minutes together. */
const TIMES = process.env.HARTPROOF_LONG === '1' ? 20 : 1;
const AUDIT = ['audit', 'two-of-a-kind', '--environment', '4.16', '--no-keep', '--json'];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'audit --source': [...AUDIT, '--source', driverFile('tiny')],
  audit: AUDIT,
  // In one scope: a comparison that finds a difference asks no other, and one that is cut short does.
  'conform --source': [
    ...['conform', 'two-of-a-kind', '--environment', '4.16', '--no-self-test', '--json'],
    ...['--source', driverFile('tiny')],
  ],
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

const processes = (): Process[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state!.startsWith('Z'))
    .map(([pid, parent, , name]) => ({ pid: Number(pid), parent: Number(parent), name: name! }));

interface Ended {
  readonly out: string;
  readonly milliseconds: number;
  /** The processes of the C that ran when it was interrupted. */
  readonly harnesses: readonly number[];
}

/** Runs a command, and does something to it and the processes of its C after a while. */
async function run(
  args: readonly string[],
  after = 0,
  act?: (pid: number, harnesses: number[]) => void,
): Promise<Ended> {
  const started = performance.now();
  const env = { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: CACHE_HOME };
  const child = spawn(process.execPath, [MAIN, ...args], {
    ...{ detached: true, env, stdio: ['ignore', 'pipe', 'ignore'] },
  } as const);
  let out = '';
  let harnesses: number[] = [];
  child.stdout.on('data', (data) => {
    out += data;
  });
  const timer = setTimeout(() => {
    harnesses = processes()
      .filter(({ parent, name }) => parent === child.pid && name === 'harness')
      .map(({ pid }) => pid);
    act?.(child.pid!, harnesses);
  }, after);
  if (act === undefined) clearTimeout(timer);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { out, milliseconds: performance.now() - started, harnesses };
}

/** By what was asked: the verdict. Nothing where there is no report, because nothing was searched yet. */
function verdictsIn(out: string): Map<string, string> {
  if (out.trim() === '') return new Map();
  const { results = [], scopes = [] } = JSON.parse(out) as {
    results?: { model: string; property: string; verdict: string }[];
    scopes?: { model: string; environment: string; difference?: { what: string }; covered: { exhaustive: boolean } }[];
  };
  return new Map([
    ...results.map(({ model, property, verdict }) => [`${model} ${property}`, verdict] as const),
    ...scopes.map(({ model, environment, difference, covered }) => {
      const verdict = difference?.what ?? (covered.exhaustive ? 'equal' : 'bounded');
      return [`${model} ${environment}`, verdict] as const;
    }),
  ]);
}

const isGone = (pid: number): boolean => !processes().some((one) => one.pid === pid && one.name === 'harness');

/** The process is gone, or will be in a moment. */
async function goes(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50 && !isGone(pid); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  return isGone(pid);
}

const test = suite('an end from outside');

for (const [name, args] of Object.entries(COMMANDS))
  test(`${name}: interrupted at any moment, a verdict is what it was, or bounded`, async () => {
    if (!needsCompiler()) return;
    await run(args);
    const whole = await run(args);
    const right = verdictsIn(whole.out);
    assert.ok(right.size > 0);
    const acts: ((pid: number, harnesses: number[]) => void)[] = [
      (pid) => process.kill(-pid, 'SIGINT'),
      (_, harnesses) => {
        for (const harness of harnesses) process.kill(harness, 'SIGTERM');
      },
      (pid) => process.kill(pid, 'SIGKILL'),
    ];
    for (let time = 0; time < TIMES; time++)
      for (const act of acts) {
        const after = (whole.milliseconds * (time + Math.random())) / TIMES;
        const { out, harnesses } = await run(args, after, (pid, running) => {
          try {
            act(pid, running);
          } catch {}
        });
        for (const [asked, verdict] of verdictsIn(out))
          if (verdict !== 'bounded') assert.is(verdict, right.get(asked), `${asked}, after ${Math.round(after)} ms`);
        for (const harness of harnesses) assert.ok(await goes(harness), 'no child is left');
      }
  });

test.run();
