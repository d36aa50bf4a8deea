import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type State, snapshotKey, statesAlong } from '../../src/engine/compose/index.ts';
import { readChoices } from '../../src/explorer/session/choices.ts';
import { hereOf } from '../../src/explorer/session/properties.ts';
import { Timeline } from '../../src/explorer/session/timeline.ts';
import { countsAlong } from '../../src/findings/observe.ts';
import { logVerdicts } from '../../src/replay/log-verdicts.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import { explored, THREADS, WORLDS } from './worlds.ts';

const keys = (state: State): string[] => state.map(snapshotKey);

/** A log over several of the moments that are kept. */
const LONG = (() => {
  const simulation = new Simulation(WORLDS[1]!.system);
  runAtRandom(simulation, 1000, 3);
  return simulation.log;
})();

test('every moment is what the fold says, whichever is visited first', () => {
  const timeline = new Timeline(WORLDS[1]!, LONG);
  timeline.fold();
  const states = statesAlong(WORLDS[1]!.system, LONG);
  const counts = countsAlong(WORLDS[1]!.system, LONG);
  for (const at of [1000, 0, 999, 128, 127, 129, 500, 499, 501, 640, 1000, 1]) {
    const moment = timeline.momentAt(at);
    assert.equal(keys(moment.state), keys(states[at]!), `at ${at}`);
    assert.equal(moment.counts, counts[at], `counts at ${at}`);
  }
});

test('properties break where the replay says', () => {
  fc.assert(
    fc.property(explored, ({ world, log }) => {
      const timeline = new Timeline(world, log);
      timeline.fold();
      const { breaks } = logVerdicts(world.system, log, world.properties);
      const found = [
        ...[...timeline.broken].map(([id, at]) => `${id} ${at}`),
        ...[...timeline.brokenInFlight].map(([id, at]) => `${id} ~${at}`),
      ];
      const verdicts = breaks.map(
        ({ property, position, inFlight }) => `${property} ${inFlight ? '~' : ''}${position}`,
      );
      assert.equal(found.sort(), verdicts.sort());
    }),
    { numRuns: 25 },
  );
});

test('a branch takes over what is folded, and forgets what came after the fork', () => {
  const alone = new Timeline(WORLDS[1]!, LONG);
  alone.fold();
  fc.assert(
    fc.property(fc.nat(LONG.length), fc.nat(LONG.length), (folded, cut) => {
      const whole = new Timeline(WORLDS[1]!, LONG.slice(0, folded));
      whole.fold();
      const branch = whole.branched(LONG, Math.min(cut, folded));
      branch.fold();
      assert.equal(branch.broken, alone.broken);
      assert.equal(branch.spoken, alone.spoken);
      for (const at of [0, Math.min(cut, folded), 777, LONG.length])
        assert.equal(keys(branch.momentAt(at).state), keys(alone.momentAt(at).state));
    }),
    { numRuns: 10 },
  );
});

test('it folds in slices', () => {
  const timeline = new Timeline(WORLDS[1]!, LONG);
  timeline.fold(0);
  assert.ok(timeline.folded > 0 && timeline.folded < 100);
  assert.not(timeline.isDone);
  timeline.fold();
  assert.ok(timeline.isDone);
});

test('a fact that cannot happen ends it, and what was before stays', () => {
  const log = LONG.slice(0, 300).toSpliced(200, 1, { type: 'foreign.take' });
  const refused = new Timeline(WORLDS[1]!, log);
  refused.fold();
  assert.equal([refused.stop?.at, refused.stop?.fact], [200, { type: 'foreign.take' }]);
  assert.is(refused.folded, 200);
  assert.ok(refused.isDone);
});

test('so does one with data that no machine would write', () => {
  const at = LONG.findIndex(({ type }) => type === 'active_events.inc');
  const timeline = new Timeline(WORLDS[1]!, LONG.with(at, { type: 'active_events.inc', event: 0, value: 9 }));
  timeline.fold();
  assert.is(timeline.stop?.reason, 'value is 9, but 1 in this state');
});

test('what is said of a property here', () => {
  const log = readChoices(THREADS, '26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o');
  const timeline = new Timeline(THREADS, log);
  timeline.fold();
  const here = (id: string, at: number) => hereOf(timeline, THREADS.properties.find((one) => one.id === id)!, at);
  assert.equal(here('reserved-while-live', 26), { kind: 'violated', at: 26, still: true });
  // The event is live and the PMC is not reserved, but the call that broke it has not returned.
  assert.equal(here('reserved-while-live', 25), { kind: 'in flight', at: 23, still: true });
  assert.equal(here('references-balance', 1), { kind: 'vacuous' });
  assert.equal(here('references-balance', 26), { kind: 'kept' });
  assert.equal(here('drains', 26), { kind: 'search' });
});

test.run();
