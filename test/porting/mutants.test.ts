import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assign } from 'xstate';
import six from '../../docs/examples/six-general.ts';
import { type DecisionName, REPAIRS } from '../../machines/driver/decisions.ts';
import type { DriverContext } from '../../machines/driver/setup.ts';
import { type DriverMachine, withDecisions } from '../../machines/drivers.ts';
import { compose, modelIn, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import { COUNTERS, choices, type Fact, type FactType, type Property } from '../../src/facts/index.ts';
import { modelsFor } from '../../src/porting/index.ts';
import { type Change, leaveOut, mutant, retarget, skip } from '../mutants.ts';

const DECISIONS: readonly DecisionName[] = [...REPAIRS, ...six.decisions];
const right = withDecisions(DECISIONS);

/** What becomes of properties about the six-general PMU. Some wrong drivers count without end: the search is cut. */
async function verdicts(driver: DriverMachine, model: string, asked: readonly Property[]): Promise<unknown[]> {
  const { scope } = modelIn(modelsFor(six.pmu), model);
  const { verdicts } = await check(compose(scope, '4.16', driver), asked, { limits: { states: 1_000_000 } });
  return asked.map(({ id }) => verdicts.get(id)?.verdict);
}

/** What this wrong driver breaks in a model, the right one keeps. */
function isCaught(what: string, wrong: DriverMachine, model: string, broken: readonly string[], kept = right): void {
  test(`${what} breaks ${broken.join(', ')}`, async () => {
    const asked = broken.map(propertyOf);
    assert.equal(
      await verdicts(wrong, model, asked),
      broken.map(() => 'violated'),
    );
    assert.equal(
      await verdicts(kept, model, asked),
      broken.map(() => 'holds'),
    );
  });
}

const changed = (change: Change): DriverMachine => mutant(change, DECISIONS);

/** A driver that chooses among the counters otherwise. */
function choosing(choose: (able: readonly number[], used: readonly boolean[]) => number | undefined): DriverMachine {
  const chosen = ({ context, event }: { context: DriverContext; event: unknown }) =>
    choose(choices(context.config), (event as Fact<'used_mask.read'>).used);
  return right.provide({
    guards: { noneFree: (seen) => chosen(seen) === undefined },
    actions: { takeFirstFree: assign({ idx: (seen: never) => chosen(seen) ?? -1 }) as never },
  }) as DriverMachine;
}

isCaught(
  'an add that does not look at the bits',
  choosing(([first]) => first),
  'counters-given-out',
  ['slot-owner', 'slots-match-count', 'enospc-iff-full'],
);
isCaught(
  'an add that does not look which counters can count the event',
  choosing((_, used) => used.findIndex((is, idx) => !is && idx >= COUNTERS.length)),
  'counters-in-turn',
  ['count-exact'],
);
isCaught('an add that forgets to set the bit', changed(skip('add.claim', 'used_mask.set')), 'counters-given-out', [
  'slot-owner',
  'slots-match-count',
  'enospc-iff-full',
]);
isCaught(
  'a del that forgets to clear the bit',
  changed(retarget('del.count', 'n_events.dec', 'stop')),
  'counters-given-out',
  ['enospc-iff-full'],
);
isCaught('a del that leaves the event in its slot', changed(skip('del.unbind', 'slots.write')), 'context-switch', [
  'slot-owner',
  'slots-match-count',
]);

isCaught(
  'a start that writes the counter and leaves prev_count as it was',
  changed(retarget('start.sample', 'always', 'write')),
  'context-switch',
  ['count-exact'],
);
isCaught(
  'a handler that does not start the counter anew',
  changed(retarget('handle_irq.updated', 'always', 'out')),
  'context-switch',
  ['count-exact'],
);
isCaught(
  'a handler that starts anew what it has not counted',
  changed(retarget('handle_irq.enter', 'always', 'updated')),
  'context-switch',
  ['count-exact'],
);
isCaught(
  'a counter of few bits whose overflow nobody hears of',
  withDecisions(DECISIONS.filter((name) => name !== 'handlesOverflow')),
  'context-switch',
  ['count-exact'],
);

// Where read does not look either whether the event is stopped.
const looking = DECISIONS.filter((name) => name !== 'readsOnlyRunning');
isCaught(
  'a handler that counts for an event that is stopped',
  mutant(leaveOut('handle_irq.enter', 'always', 0), looking),
  'stop-and-start',
  ['count-exact'],
  withDecisions(looking),
);
isCaught(
  'a handler that counts for an event that was just deleted',
  mutant((chart) => {
    skip('del.unbind', 'slots.write')(chart);
    leaveOut('handle_irq.enter', 'always', 0)(chart);
  }, looking),
  'context-switch',
  ['count-exact'],
  withDecisions(looking),
);

/** A property that no such fact ever happens. */
const never = (type: FactType): Property => ({
  ...propertyOf('no-warning'),
  clauses: [{ kind: 'whenever', facts: [type], holds: () => false }],
});

for (const [type, model] of [
  ['overflow.call', 'context-switch'],
  ['overflow.stray', 'context-switch'],
  ['overflow.call', 'counters-in-turn'],
  ['used_mask.clear', 'counters-given-out'],
  ['csr.write', 'migration'],
] as const)
  test(`the right driver meets ${type} in ${model}`, async () => {
    assert.equal(await verdicts(right, model, [never(type)]), ['violated']);
  });

test.run();
