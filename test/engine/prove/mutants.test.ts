import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DECISIONS, type DecisionName, MERGED_4_18, REPAIRS } from '../../../machines/driver/decisions.ts';
import { DRIVERS, type DriverMachine, withDecisions } from '../../../machines/drivers.ts';
import { compose, type Environment, propertyOf } from '../../../models/index.ts';
import { anyOpens, anySlots, scaledTo } from '../../../models/proofs.ts';
import { check, type Property } from '../../../src/engine/check/index.ts';
import { attempt } from '../../../src/engine/prove/attempt.ts';
import { LimitReached } from '../../../src/engine/prove/closure.ts';
import { type Attribute, RISCV_BASE_PMU, scaled } from '../../../src/facts/index.ts';
import { mutant, retarget, skip } from '../../mutants.ts';

/** Every driver, kind and environment only where there is time (`HARTPROOF_LONG=1`). */
const EVERYTHING = process.env.HARTPROOF_LONG === '1';

const decided = (changes: readonly DecisionName[], from: readonly DecisionName[]): DriverMachine =>
  withDecisions([...changes.filter((name) => !from.includes(name)), ...from.filter((name) => !changes.includes(name))]);
const names = Object.keys(DECISIONS) as DecisionName[];

/** Every driver, and each of them with one decision taken otherwise; and the repaired one with one thing wrong in its charts. */
const drivers: [string, DriverMachine][] = [
  ...Object.entries(DRIVERS),
  ...names.flatMap((name): [string, DriverMachine][] => [
    [`as-posted, ${name}`, decided([name], [])],
    [`repaired, ${name}`, decided([name], REPAIRS)],
    [`merged-4.18, ${name}`, decided([name], MERGED_4_18)],
  ]),
  ['opens without the mutex', mutant(skip('event_init.reserve.lock', 'mutex.lock'))],
  ['closes without the mutex', mutant(skip('destroy.release.lock', 'mutex.lock'))],
  ['keeps the mutex after an open', mutant(skip('event_init.reserve.unlock', 'mutex.unlock'))],
  ['keeps the mutex after a close', mutant(skip('destroy.release.unlock', 'mutex.unlock'))],
  ['never takes perf_irq', mutant(skip('event_init.reserve.take', 'perf_irq.write'))],
  ['never releases perf_irq', mutant(skip('destroy.release.clear', 'perf_irq.write'))],
  ['counts no reference', mutant(skip('event_init.count', 'active_events.inc'))],
  ['gives no reference back', mutant(skip('destroy.count', 'active_events.dec'))],
  ['frees no slot', mutant(skip('del.unbind', 'slots.write'))],
  ['takes no slot', mutant(skip('add.bind', 'slots.write'))],
  ['counts no event in', mutant(skip('add.count', 'n_events.inc'))],
  ['takes any slot', mutant(retarget('add.look', 'slots.read', 'bind'))],
];

interface Question {
  readonly model: typeof anyOpens;
  readonly kinds: readonly Attribute[];
  readonly environment: Environment;
  readonly interrupt?: true;
}

const few: readonly Question[] = [{ model: anyOpens, kinds: ['cycles'], environment: '4.16' }];
const all: readonly Question[] = [
  ...few,
  { model: anyOpens, kinds: ['cycles', 'raw'], environment: '4.16', interrupt: true },
  { model: anyOpens, kinds: ['cycles', 'stalled-cycles'], environment: 'current' },
  { model: anyOpens, kinds: ['cycles'], environment: 'any-order' },
  { model: anySlots, kinds: ['cycles'], environment: '4.16' },
  { model: anySlots, kinds: ['cycles'], environment: 'current' },
];

/** The properties that are proved, and those that a scope of up to `sizes` violates. */
async function both({ model, kinds, environment, interrupt }: Question, driver: DriverMachine, sizes: number) {
  const pmu = { ...scaled(RISCV_BASE_PMU, 2), ...(interrupt && { interrupt }) };
  const asked = { ...model, scope: { ...model.scope, events: [kinds], pmu } };
  const properties = asked.properties.map(propertyOf);
  const systemOf = (size: number) => compose(scaledTo(asked, size), environment, driver);
  const violated = new Set<string>();
  for (let size = 1; size <= sizes; size++) {
    const { verdicts } = await check(systemOf(size), properties, { workers: 0, limits: { states: 100_000 } });
    for (const [id, { verdict }] of verdicts) if (verdict === 'violated') violated.add(id);
  }
  const effort = { views: 20_000, milliseconds: 60_000 };
  const { open } = attempt(
    systemOf(1) as never,
    properties as readonly Property[] as never,
    { k: 1, limit: 2 },
    effort,
  );
  return { proved: properties.filter(({ id }) => !open.has(id)).map(({ id }) => id), violated };
}

test('what is violated in a scope is never proved, whatever decision a driver takes', async () => {
  const counts = { proved: 0, open: 0, violated: 0, limits: 0 };
  for (const [number, [name, driver]] of drivers.entries()) {
    if (!EVERYTHING && number % 20 !== 0) continue;
    for (const question of EVERYTHING ? all : few) {
      try {
        const { proved, violated } = await both(question, driver, EVERYTHING ? 3 : 2);
        for (const id of proved) assert.ok(!violated.has(id), `${name}: ${id} is violated, and proved`);
        counts.proved += proved.length;
        counts.violated += violated.size;
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error;
        counts.limits++;
      }
    }
  }
  if (EVERYTHING) console.log(JSON.stringify(counts));
  assert.ok(counts.proved > 0 && counts.violated > 0, JSON.stringify(counts));
});

test.run();
