import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CORES, type CoreName } from '../../machines/cores.ts';
import { type LifecycleInput, lifecycle } from '../../machines/lifecycle.ts';
import type { Attribute, Fact } from '../../src/facts/index.ts';
import { contract } from './contract.ts';
import { Coverage } from './coverage.ts';
import { runPaths } from './paths.ts';

const OFFERS: readonly Attribute[] = ['cycles', 'sampling', 'cache', 'software'];
const OF_CAPABILITIES: readonly Attribute[] = ['cycles', 'sampling', 'exclude-kernel'];
const FLAGS = [0, 1, 2, 4];
const TAGS = ['live', 'opening', 'closing', 'active', 'running', 'in callback', 'final'] as const;

const facts: Fact[] = [
  ...([...OFFERS, 'exclude-kernel', 'raw'] as const).map(
    (attribute): Fact => ({ type: 'event_init.call', event: 0, attribute }),
  ),
  { type: 'event_init.return', event: 0, answer: 0, destroySet: true },
  { type: 'event_init.return', event: 0, answer: 0, destroySet: false },
  { type: 'event_init.return', event: 0, answer: 'ENOENT', destroySet: false },
  { type: 'event_init.return', event: 0, answer: 'EINVAL', destroySet: true },
  { type: 'destroy.call', event: 0 },
  { type: 'destroy.return', event: 0 },
  { type: 'event.free', event: 0 },
  { type: 'add.return', event: 0, hart: 0, answer: 'ENOSPC' },
  ...[0, 1].flatMap((hart) =>
    (['add', 'del', 'start', 'stop', 'read'] as const).flatMap((name) => [
      ...FLAGS.map((flags) => ({ type: `${name}.call`, event: 0, hart, flags }) as Fact),
      { type: `${name}.return`, event: 0, hart, answer: 0 } as Fact,
    ]),
  ),
];

function run(input: LifecycleInput, coverage: Coverage): Promise<number> {
  return runPaths(
    {
      machine: lifecycle,
      input,
      facts,
      oracle: () => contract(input),
      observe: (snapshot) => {
        const { attribute, hart } = snapshot.context;
        return { attribute, hart, ...Object.fromEntries(TAGS.map((tag) => [tag, snapshot.hasTag(tag)])) };
      },
    },
    coverage,
  );
}

const coverage = new Coverage(lifecycle);

for (const core of Object.keys(CORES) as CoreName[]) {
  test(`${core} calls a lone event as its contract says, over and over`, async () => {
    await run({ core, offers: OFFERS, oddOpens: 1, reopens: true, grouped: false }, coverage);
  });

  test(`${core} calls an event in a group as its contract says, once`, async () => {
    await run({ core, offers: OFFERS, oddOpens: 1, reopens: false, grouped: true }, coverage);
  });

  test(`${core} refuses by itself what the PMU says that it cannot do, and destroys what was opened`, async () => {
    const capabilities = { noInterrupt: true, noExclude: true };
    await run({ core, offers: OF_CAPABILITIES, oddOpens: 1, reopens: true, grouped: false, capabilities }, coverage);
  });
}

test('no transition of the lifecycle is out of reach', () => {
  assert.equal(coverage.unreached(), []);
});

test.run();
