import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replayedOn, switchesOf, violatedInEither } from '../../src/explorer/session/changed-driver.ts';
import { readChoices } from '../../src/explorer/session/choices.ts';
import { driverOf } from '../../src/explorer/session/drivers.ts';
import { Timeline } from '../../src/explorer/session/timeline.ts';
import { worldOf } from '../../src/explorer/session/world.ts';
import { THREADS } from './worlds.ts';

const RACE = readChoices(THREADS, '26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o');

test('the same calls on a driver that decides otherwise make another log, which keeps the property', () => {
  const here = new Timeline(THREADS, RACE);
  here.fold();
  const { timeline, shared, leftOut } = replayedOn(THREADS, RACE, ['countsUnderMutex']);
  assert.is(shared, 1);
  assert.is(timeline.stop, null);
  assert.is(timeline.world.subject.driver, 'as-posted+countsUnderMutex');
  const told = violatedInEither(here, timeline).find(({ id }) => id === 'busy-is-true');
  assert.equal(told, { id: 'busy-is-true', here: 26, there: undefined });
  assert.type(leftOut, 'number');
});

test('a decision that the calls never meet changes nothing', () => {
  assert.equal(replayedOn(THREADS, RACE, ['readsBothHalves']).timeline.facts.slice(0, 26), RACE);
});

test('the decisions come with those first on which the property hangs, and say which are taken already', () => {
  const [first] = switchesOf(THREADS, 'busy-is-true');
  assert.ok(first!.matters && !first!.isTaken);
  const changed = worldOf({ ...THREADS.subject, driver: 'as-posted+countsUnderMutex' });
  assert.ok(switchesOf(changed, undefined).find(({ name }) => name === 'countsUnderMutex')!.isTaken);
  assert.throws(() => driverOf({ driver: 'as-posted+nonsense' }), /there is no driver/);
});

test.run();
