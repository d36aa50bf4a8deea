import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fold, snapshotKey } from '../../src/engine/compose/index.ts';
import type { Fact } from '../../src/facts/index.ts';
import { systemOf } from '../../src/replay/recorded.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { play } from '../../src/simulate/script.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import { kernelLog, perfStat, shownCount } from '../../src/simulate/what-a-person-saw.ts';

const subject = { model: 'context-switch', environment: '4.16', driver: 'as-posted' };

const ran = (seed: number, wordBits?: number): Simulation => {
  const simulation = new Simulation(systemOf({ ...subject, ...(wordBits !== undefined && { wordBits }) }));
  runAtRandom(simulation, 300, seed);
  return simulation;
};

test('the same seed gives the same log, another one another', () => {
  assert.equal(ran(5).log, ran(5).log);
  assert.not.equal(ran(5).log, ran(6).log);
});

for (const wordBits of [undefined, 64])
  test(`the actors end in the state to which their log folds, at ${wordBits ?? 3} bits`, () => {
    const { system, log, state } = ran(11, wordBits);
    assert.is(log.length, 300);
    assert.equal(fold(system, log).map(snapshotKey), state.map(snapshotKey));
  });

test('a fact that a machine refuses does not happen', () => {
  const simulation = new Simulation(systemOf(subject));
  assert.throws(() => simulation.append({ type: 'destroy.call', event: 0 }), /refused by the lifecycle 0/);
  assert.equal(simulation.log, []);
});

const SCRIPT: Fact[] = [
  { type: 'event_init.call', event: 0, attribute: 'cycles' },
  { type: 'add.call', event: 0, hart: 0, flags: 1 },
  { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1000 },
  { type: 'del.call', event: 0, hart: 0, flags: 0 },
  { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1000 },
  { type: 'add.call', event: 0, hart: 0, flags: 1 },
  { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1000 },
  { type: 'del.call', event: 0, hart: 0, flags: 0 },
];

test('a script of callers is played, callbacks go on by themselves, and perf stat shows what the driver counted', () => {
  const counts = ['as-posted', 'repaired'].map((driver) => {
    const simulation = new Simulation(systemOf({ ...subject, driver, wordBits: 64 }));
    play(simulation, SCRIPT);
    const [counted] = perfStat(simulation.system, simulation.log);
    return counted?.count;
  });
  // The posted driver counts what the counter did while the event was switched out.
  assert.equal(counts, [3000, 2000]);
});

test('a script names the line that cannot happen', () => {
  const simulation = new Simulation(systemOf(subject));
  assert.throws(() => play(simulation, [SCRIPT[0]!, SCRIPT[3]!]), /^line 2: .*del\.call/);
});

test('a warning shows once a site, a message each time', () => {
  const warn: Fact = { type: 'warn', event: 0, site: 'riscv_pmu_stop' };
  const log: Fact[] = [warn, { type: 'pr_warn', event: 0 }, warn, { type: 'pr_warn', event: 1 }];
  assert.is(kernelLog(log).filter((line) => line.startsWith('WARNING')).length, 1);
  assert.is(kernelLog(log).length, 3);
});

test('what ran half of the time is scaled, what never ran is not counted', () => {
  const event = { event: 0, attribute: 'cycles' as const, count: 500, enabled: 10, running: 5 };
  assert.match(shownCount(event), /^1,000 {2}\(50\.00%\)$/);
  assert.is(shownCount({ ...event, running: 10 }), '500');
  assert.is(shownCount({ ...event, running: 0 }), '<not counted>');
  assert.is(shownCount({ ...event, count: '9223372036854775809', running: 10 }), '9,223,372,036,854,775,809');
});

test.run();
