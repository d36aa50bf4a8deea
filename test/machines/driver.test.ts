import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DECISIONS, type DecisionName, MERGED_4_18, REPAIRS } from '../../machines/driver/decisions.ts';
import { driver, driverAuthors } from '../../machines/driver/index.ts';
import { withDecisions } from '../../machines/drivers.ts';
import { ATTRIBUTES, type Attribute, type Fact, type Pmu, RISCV_BASE_PMU, scaled } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { OF_DECISIONS } from './driver-decided.ts';
import { calls, closes, ofPorts, onHart, onSharedData, opens, unfitOpen } from './driver-facts.ts';
import { driverOracle } from './driver-oracle.ts';
import { runPaths } from './paths.ts';

/** RV32, so that a counter has two halves. */
const PMU = scaled(RISCV_BASE_PMU, 4, true);
const RV64 = scaled(RISCV_BASE_PMU, 4);
/** A PMU with a counter that `read_counter` does not know. */
const THREE_COUNTERS: Pmu = { ...PMU, numCounters: 3, maxCounters: 3, hwEvents: [0, 2] };

const everyKind = Object.keys(ATTRIBUTES) as Attribute[];
const eachWayOut: readonly Attribute[] = ['cycles', 'stalled-cycles', 'raw', 'software', 'sampling', 'exclude-idle'];

/** Opens and closes, alone in the world. */
const opening = (kinds: readonly Attribute[]): Fact[] => [...opens(kinds), unfitOpen, ...closes, ...onSharedData];
/** Any callbacks in any order, while the PMC is reserved for another event. */
const onOneHart: Fact[] = [
  ...opens(['instructions']),
  { type: 'active_events.inc', event: 0, value: 2 },
  { type: 'event.free', event: 0 },
  ...calls,
  ...onHart,
  ...ofPorts,
];

const asPosted = new Coverage(driver);
const otherwise = new Coverage(driver);

async function run(facts: readonly Fact[], decisions: readonly DecisionName[] = [], pmu = PMU): Promise<void> {
  const machine = decisions.length === 0 ? driver : withDecisions(decisions);
  const subject = {
    machine,
    input: { pmu },
    authors: driverAuthors,
    facts,
    oracle: () => driverOracle(pmu, decisions),
    observe: ({ context }: { context: Record<string, unknown> }) => {
      const { hwState: state, idx, config, destroySet: destroy } = context;
      return { state, idx, config, destroy };
    },
  };
  await runPaths(subject, decisions.length === 0 ? asPosted : otherwise);
}

test('event_init and destroy are the C step by step, for every kind of event', async () => {
  await run(opening(everyKind));
});

test('add, del, start, stop and read are the C step by step, in any order', async () => {
  await run(onOneHart);
  await run(onOneHart, [], THREE_COUNTERS);
});

test('nothing of the posted driver is out of reach, but what belongs to decisions that it does not take', () => {
  assert.equal(asPosted.unreached(), [...OF_DECISIONS].sort());
});

/** The C functions whose decisions concern opening an event; the others concern what runs on a hart. */
const OPENING = ['riscv_event_init', 'reserve_pmc_hardware', 'riscv_map_hw_event'];

for (const name of Object.keys(DECISIONS) as DecisionName[])
  test(`the driver that differs in ${name} alone is the C with that change`, async () => {
    await run(OPENING.includes(DECISIONS[name].function) ? opening(eachWayOut) : onOneHart, [name]);
  });

test('the merged driver is the C with those changes, also where there is an interrupt', async () => {
  const withInterrupt: Pmu = { ...PMU, interrupt: true };
  await run(opening(eachWayOut), MERGED_4_18);
  await run(opening(eachWayOut), MERGED_4_18, withInterrupt);
  await run(opening(eachWayOut), [...MERGED_4_18, 'countsUnderMutex'], withInterrupt);
  await run(onOneHart, MERGED_4_18);
});

test('a driver that reads every counter does so with the ones beyond cycle and instret', async () => {
  await run(onOneHart, ['readsEveryCounter', 'readsBothHalves'], THREE_COUNTERS);
});

test('a driver that counts raw events opens them, and closes what it opened', async () => {
  await run(opening(eachWayOut), [], { ...THREE_COUNTERS, rawEvents: 2 });
  await run(opening(eachWayOut), ['mapsFirst'], { ...PMU, rawEvents: 'EINVAL' });
});

const OF_PORTS: readonly DecisionName[] = ['givesOutCounters', 'writesCounter', 'handlesOverflow'];

test('a driver that gives counters out, writes them and handles their overflow is the C that does', async () => {
  await run(onOneHart, OF_PORTS);
  await run(onOneHart, [...REPAIRS, ...OF_PORTS]);
  await run(onOneHart, ['writesCounter', 'handlesOverflow'], RV64);
  // Three counters, of which an event can have the last two.
  await run(onOneHart, OF_PORTS, { ...THREE_COUNTERS, hwEvents: [0, [1, 2]] });
});

test('the repaired driver is the C with all repairs, and everything is reached by one driver or another', async () => {
  await run(opening(eachWayOut), REPAIRS);
  await run(onOneHart, REPAIRS);
  const byOthers = otherwise.unreached();
  assert.equal(
    asPosted.unreached().filter((name) => byOthers.includes(name)),
    [],
  );
});

test.run();
