import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyStateMachine, assign, createMachine } from 'xstate';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../../models/index.ts';
import { type Covered, check, type SearchOptions } from '../../../src/engine/check/index.ts';
import { Product } from '../../../src/engine/check/product.ts';
import { search } from '../../../src/engine/check/search.ts';
import { fold } from '../../../src/engine/compose/index.ts';
import type { Outcome, Property, System } from '../../../src/facts/index.ts';
import { atomic, counters, dining, leak, once, part, patient, systemOf, trap } from './fixtures.ts';
import { inShort } from './in-short.ts';
import { property } from './property.ts';

const inside = mkdtempSync(join(tmpdir(), 'hartproof-disk-'));
let made = 0;
const fresh = (): string => join(inside, String(made++));
test.after(() => rmSync(inside, { recursive: true }));

/** A search with so little memory that a level takes several runs and ranges; a checkpoint at the end of each level. */
const tiny = (directory: string, together = 64): SearchOptions => ({
  disk: { directory, together, checkpointEvery: 0 },
});

/** What an outcome comes to, but for time and bytes. */
function essence({ covered, verdicts }: Outcome) {
  const { states, transitions, depth, exhaustive }: Covered = covered;
  return { states, transitions, depth, exhaustive, verdicts: [...verdicts].map(([id, one]) => [id, inShort(one)]) };
}

async function agree(system: System, properties: readonly Property[], options: SearchOptions, name: string) {
  const directory = fresh();
  const onDisk = await check(system, properties, { ...options, ...tiny(directory) });
  assert.equal(essence(onDisk), essence(await check(system, properties, options)), name);
  for (const verdict of onDisk.verdicts.values())
    if (verdict.verdict === 'violated') fold(system, verdict.counterexample.facts);
  assert.not(readdirSync(inside).includes(directory.split('/').at(-1)!), 'what is done is removed');
}

/** Two threads that open what is refused, too. */
const { scope, properties: asked } = modelOf('foreign-owner-two-threads');
const system = compose(scope, '4.16', DRIVERS['as-posted']);
const properties = asked.map(propertyOf);

test('finds the same states, verdicts and shortest lengths as in memory', async () => {
  for (const { name, scope, properties, environments } of [
    'two-threads',
    'group-that-cannot-fit',
    'stop-and-start',
  ].map(modelOf))
    await agree(compose(scope, environments.at(-1)!, DRIVERS['as-posted']), properties.map(propertyOf), {}, name);
});

test('also of the repaired driver, with every callback interleaved, and with alike events taken as one', async () => {
  for (const name of ['two-threads', 'foreign-owner-two-threads']) {
    const { scope, properties, environments } = modelOf(name);
    const asked = properties.map(propertyOf);
    const posted = compose(scope, environments[0]!, DRIVERS['as-posted']);
    await agree(compose(scope, environments[0]!, DRIVERS.repaired), asked, {}, `${name}, repaired`);
    await agree(posted, asked, { reduce: false }, `${name}, interleaved`);
    await agree(posted, asked, { symmetry: true }, `${name}, symmetry`);
  }
});

test('also of tiny systems: what is stuck, what is out of reach, more goals than a byte has bits', async () => {
  const deadlock = property([{ kind: 'no deadlock' }], { id: 'deadlock' });
  const goals = [...Array(11).keys()].map((value) =>
    property(
      [
        {
          kind: 'can reach',
          own: ['activeEvents'],
          goal: (view) => view.own('activeEvents').context.value === value - 1,
        },
      ],
      { id: `reaches ${value - 1}` },
    ),
  );
  const back = property([
    { kind: 'can reach', own: ['driver'], each: 'event', goal: (view) => view.own('driver').hasTag('idle') },
  ]);
  await agree(counters(), goals, {}, 'counters');
  await agree(leak(6), goals, {}, 'leak');
  await agree(trap(), [back, deadlock], {}, 'trap');
  for (const [name, one] of Object.entries({
    dining: dining(),
    patient: patient(),
    kept: once(true),
    lost: once(false),
  }))
    await agree(one, [deadlock], {}, name);
});

test('a search that is stopped at any level goes on from there, to the same end', async () => {
  const whole = essence(await check(system, properties));
  for (const states of [2, 40, 300, 900]) {
    const directory = fresh();
    const first = await check(system, properties, { ...tiny(directory), limits: { states } });
    assert.is(first.covered.stoppedBy, `limit of ${states} states`);
    assert.ok(readdirSync(directory).includes('checkpoint.json'));
    const again = await check(system, properties, { ...tiny(directory), limits: { states: states + 100 } });
    assert.ok(again.covered.states >= first.covered.states);
    const last = await check(system, properties, tiny(directory));
    assert.equal(essence(last), whole, `from ${states}`);
    assert.ok(last.covered.resumedFrom! > (first.covered.resumedFrom ?? 0));
    assert.ok(last.covered.resumedFrom! <= again.covered.states);
    assert.not.ok(readdirSync(inside).includes(directory.split('/').at(-1)!));
  }
});

/** The number of a process that never was. */
const NOBODY = '4194304999';

test('so does one that takes alike events as one, and its counterexamples are logs of the system', async () => {
  const { scope } = modelOf('three-threads');
  const alike = compose(scope, '4.16', DRIVERS['as-posted']);
  const directory = fresh();
  const options = { ...tiny(directory, 1 << 10), symmetry: true };
  await check(alike, properties, { ...options, limits: { states: 700 } });
  const outcome = await check(alike, properties, options);
  assert.ok(outcome.covered.resumedFrom! > 300, String(outcome.covered.resumedFrom));
  assert.ok(outcome.covered.permutations! > 1);
  assert.equal(essence(outcome), essence(await check(alike, properties, { symmetry: true })));
  for (const verdict of outcome.verdicts.values())
    if (verdict.verdict === 'violated') fold(alike, verdict.counterexample.facts);
});

/** What a search leaves that was stopped, with `states` of it. */
async function stopped(states = 300): Promise<string> {
  const directory = fresh();
  await check(system, properties, { ...tiny(directory), limits: { states } });
  return directory;
}

async function refusal(directory: string, search = { system, properties }, more: SearchOptions = {}): Promise<string> {
  try {
    await check(search.system, search.properties, { ...tiny(directory), ...more });
  } catch (error) {
    assert.is((error as Error).name, 'DiskError');
    assert.ok(readdirSync(directory).includes('checkpoint.json'), 'what was refused is still there');
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

/** Starts the program that kills itself, as this process was started: what a property is is told by its source, as it was translated. */
const KILLED = fileURLToPath(new URL('killed.ts', import.meta.url));
const STARTS =
  typeof require === 'function'
    ? ['--require', 'tsx', '--eval', `require(${JSON.stringify(KILLED)})`, '--']
    : ['--import', 'tsx', KILLED];

test('a process that is killed in the middle of a level loses no more than that level', async () => {
  const whole = essence(await check(system, properties));
  const directory = fresh();
  const killed = spawnSync(
    process.execPath,
    // As this process: what the properties are is told by their source, as it was translated.
    [...STARTS, directory, '400'],
    {
      encoding: 'utf8',
    },
  );
  assert.is(killed.signal, 'SIGKILL', killed.stderr);
  const { levels } = JSON.parse(readFileSync(join(directory, 'checkpoint.json'), 'utf8').split('\n')[1]!) as {
    levels: number[];
  };
  assert.ok(levels.length > 10 && levels.at(-1)! <= 400);
  // What was written after it is still there, and does no harm.
  assert.equal(essence(await check(system, properties, tiny(directory))), whole);
});

test('a search of something else is refused, with what differs', async () => {
  const directory = await stopped();
  const repaired = compose(scope, '4.16', DRIVERS.repaired);
  assert.match(await refusal(directory, { system: repaired, properties }), /^the driver 0 .*than it did$/);
  assert.match(
    await refusal(directory, { system, properties: properties.slice(1) }),
    /is of something else: other properties$/,
  );
  const other = compose(modelOf('two-threads').scope, '4.16', DRIVERS['as-posted']);
  assert.match(await refusal(directory, { system: other, properties }), /something else: other machines/);
  assert.match(
    await refusal(directory, undefined, { reduce: false }),
    /something else: reduction true there, false here$/,
  );
  const disk = { directory, identity: { version: '2' } };
  assert.match(await refusal(directory, undefined, { disk }), /something else: version not said there, 2 here$/);
  assert.equal(essence(await check(system, properties, tiny(directory))), essence(await check(system, properties)));
});

test('a machine that would do more, is something else, or writes other data is refused, though all it did it does', async () => {
  const driver = (more: object, tags = 'idle') =>
    createMachine({ initial: 'at', states: { at: { on: { 'active_events.inc': {}, ...more }, tags } } } as never);
  const counting = (machine: AnyStateMachine, add = 0): System => {
    const { authors, ...rest } = atomic(6);
    const written = Object.fromEntries(
      Object.entries(authors).map(([type, write]) => [
        type,
        (present: never, fact: never) => {
          const data = write!(present, fact) as { value?: number };
          return data.value === undefined || add === 0 ? data : { ...data, value: data.value + add };
        },
      ]),
    );
    return systemOf(part('driver', 0, machine), { ...rest, authors: written });
  };
  const kept = property([{ kind: 'always', own: ['activeEvents'], holds: () => true }]);
  const directory = fresh();
  const { covered } = await check(counting(driver({})), [kept], { ...tiny(directory), limits: { states: 9 } });
  assert.is(covered.exhaustive, false);
  for (const [other, why] of [
    [counting(driver({ 'mutex.lock': {} })), /^the driver 0 has other states than it had$/],
    [counting(driver({}, 'busy')), /^the driver 0 has other states than it had$/],
    [counting(driver({}), 1), /^the data of active_events.inc is other than it was$/],
  ] as const)
    assert.match(await refusal(directory, { system: other, properties: [kept] }), why);
  assert.ok((await check(counting(driver({})), [kept], tiny(directory))).covered.exhaustive);
});

test('what properties looked at before is known to a search that goes on', async () => {
  const looksOf = async (options: SearchOptions) => {
    const product = new Product(system);
    await search(product, properties, options);
    return product.looks.map((seen) => [...seen].sort());
  };
  assert.equal(await looksOf(tiny(await stopped(900))), await looksOf({}));
});

test('a file that is cut off or damaged is refused by its name', async () => {
  const directory = await stopped();
  const names = readdirSync(directory).filter((name) => readFileSync(join(directory, name)).length > 0);
  assert.equal(
    names.map((name) => name.replace(/\d$/, '')),
    ['checkpoint.json', 'goals-', 'parts', 'states-', 'transitions'],
  );
  for (const name of names) {
    const path = join(directory, name);
    const content = readFileSync(path);
    truncateSync(path, content.length - 4);
    assert.match(await refusal(directory), new RegExp(`${name} is cut off`));
    const damaged = Buffer.from(content);
    damaged[content.length >> 1]! ^= 1;
    writeFileSync(path, damaged);
    assert.match(await refusal(directory), new RegExp(`${name} is (?:cut off or )?damaged`));
    writeFileSync(path, content);
  }
  assert.equal(essence(await check(system, properties, tiny(directory))), essence(await check(system, properties)));
});

test('a full disk bounds a search, and is no finding', async () => {
  const directory = fresh();
  mkdirSync(directory);
  symlinkSync('/dev/full', join(directory, 'successors'));
  writeFileSync(join(directory, 'lock'), NOBODY);
  const { covered, verdicts } = await check(system, properties, tiny(directory));
  assert.is(covered.stoppedBy, `the disk of ${directory} is full`);
  for (const verdict of verdicts.values())
    assert.equal(verdict, { verdict: 'bounded', reason: `the disk of ${directory} is full` });
  // Where there is room again, it goes on.
  rmSync(join(directory, 'successors'));
  assert.equal(essence(await check(system, properties, tiny(directory))), essence(await check(system, properties)));
});

test('bytes on disk are a limit, and a signal ends a search that can go on', async () => {
  const whole = essence(await check(system, properties));
  const directory = fresh();
  const { covered } = await check(system, properties, { ...tiny(directory), limits: { bytes: 20_000 } });
  assert.is(covered.stoppedBy, 'limit of 20000 bytes');
  const interrupt = new AbortController();
  const onProgress = ({ states }: { states: number }): void => {
    if (states > 900) interrupt.abort();
  };
  const second = await check(system, properties, { ...tiny(directory), signal: interrupt.signal, onProgress });
  assert.is(second.covered.stoppedBy, 'interrupted');
  assert.ok(second.covered.states > covered.states);
  assert.equal(essence(await check(system, properties, tiny(directory))), whole);
});

test('a directory that another process searches in, or that cannot be made, is refused', async () => {
  const directory = await stopped();
  writeFileSync(join(directory, 'lock'), String(process.ppid));
  assert.match(await refusal(directory), new RegExp(`^process ${process.ppid} searches in .* already$`));
  // One that was killed left its lock.
  writeFileSync(join(directory, 'lock'), NOBODY);
  await check(system, properties, tiny(directory));
  // What is not ours stays.
  mkdirSync(directory);
  writeFileSync(join(directory, 'parts'), 'of somebody else');
  try {
    await check(system, properties, tiny(directory));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /is not empty, and holds no search that was stopped$/);
  }
  writeFileSync(join(directory, 'lock'), NOBODY);
  writeFileSync(join(directory, 'notes'), '');
  await check(system, properties, tiny(directory));
  assert.equal(readdirSync(directory), ['notes']);
  rmSync(directory, { recursive: true });
  writeFileSync(directory, '');
  try {
    await check(system, properties, tiny(join(directory, 'within')));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).name, 'DiskError');
    assert.match((error as Error).message, /cannot hold a search: ENOTDIR/);
  }
});

test('states are laid out anew while they are on disk, and found again afterwards', async () => {
  // Many states of one machine in few levels, so that its field becomes too narrow.
  const times = (add: number) =>
    assign({ number: ({ context }: { context: { number: number } }) => (2 * context.number + add) % 6007 });
  const doubling = createMachine({
    context: { number: 0 },
    on: { 'mutex.lock': { actions: times(0) }, 'mutex.unlock': { actions: times(1) } },
  } as never);
  const many = systemOf(part('driver', 0, doubling));
  const stays = property([
    { kind: 'can reach', own: ['driver'], each: 'event', goal: (view) => view.own('driver').context.number === 6006 },
  ]);
  const directory = fresh();
  const files = new Set<string>();
  const onProgress = (): void => {
    for (const name of readdirSync(directory)) if (name.startsWith('states-')) files.add(name);
  };
  const options = { ...tiny(directory, 1 << 10), onProgress };
  const outcome = await check(many, [stays], { ...options, limits: { states: 5500 } });
  assert.is(outcome.covered.exhaustive, false);
  assert.equal([...files], ['states-0', 'states-1']);
  assert.equal(essence(await check(many, [stays], options)), essence(await check(many, [stays])));
});

test.run();
