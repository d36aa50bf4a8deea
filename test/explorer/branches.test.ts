import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  adopt,
  currentBranch,
  drop,
  goTo,
  type Session,
  sharedLength,
  startSession,
  switchTo,
  take,
} from '../../src/explorer/session/branches.ts';
import type { Fact } from '../../src/facts/index.ts';

const lock = (event: number): Fact => ({ type: 'mutex.lock', event });
const log = (...events: number[]): Fact[] => events.map(lock);
const shape = ({ branches, current, at }: Session) => ({
  logs: branches.map(({ facts }) => facts.map((fact) => (fact as Fact<'mutex.lock'>).event).join('')),
  current,
  at,
});

test('a fact at the end makes the branch longer', () => {
  const session = take(take(startSession(), lock(1)), lock(2));
  assert.equal(shape(session), { logs: ['12'], current: 0, at: 2 });
});

test('the fact that comes next anyway is a step, and no branch', () => {
  const session = take(goTo(startSession(log(1, 2, 3)), 1), { ...lock(2) });
  assert.equal(shape(session), { logs: ['123'], current: 0, at: 2 });
});

test('any other fact forks, and the old branch is kept', () => {
  const forked = take(goTo(startSession(log(1, 2, 3)), 1), lock(9));
  assert.equal(shape(forked), { logs: ['123', '19'], current: 1, at: 2 });
  assert.is(currentBranch(forked).name, 'fork at 1');
  const again = take(goTo(switchTo(forked, 0), 1), lock(8));
  assert.equal(shape(again), { logs: ['123', '19', '18'], current: 2, at: 2 });
  assert.is(currentBranch(again).name, 'fork at 1 (2)');
});

test('a fork that was taken before is gone to, not made twice', () => {
  const forked = take(goTo(startSession(log(1, 2, 3)), 1), lock(9));
  const twice = take(goTo(switchTo(forked, 0), 1), lock(9));
  assert.equal(shape(twice), { logs: ['123', '19'], current: 1, at: 2 });
});

test('a position outside of the log is its nearest end', () => {
  const session = startSession(log(1, 2));
  assert.is(goTo(session, -5).at, 0);
  assert.is(goTo(session, Infinity).at, 2);
  assert.is(goTo(session, 1.7).at, 1);
  assert.is(goTo(session, Number.NaN).at, 0);
});

test('another branch is entered where share their path, else at its end', () => {
  const forked = take(goTo(startSession(log(1, 2, 3)), 1), lock(9));
  assert.equal(shape(switchTo(forked, 0)).at, 3);
  assert.equal(shape(switchTo(goTo(forked, 1), 0)).at, 1);
  assert.is(switchTo(forked, 7), forked);
});

test('a log that is opened becomes a branch; one that is there already is gone to', () => {
  const opened = adopt(startSession(log(1)), log(2, 3), 'found', 1);
  assert.equal(shape(opened), { logs: ['1', '23'], current: 1, at: 1 });
  assert.equal(shape(adopt(opened, log(1), 'again')), { logs: ['1', '23'], current: 0, at: 1 });
  assert.equal(shape(adopt(startSession(), log(4), 'first')), { logs: ['4'], current: 0, at: 1 });
});

test('a branch can be dropped, never the last one', () => {
  const three = adopt(adopt(startSession(log(1)), log(2), 'b'), log(3), 'c');
  assert.equal(shape(drop(three, 2)), { logs: ['1', '2'], current: 1, at: 1 });
  assert.equal(shape(drop(three, 0)), { logs: ['2', '3'], current: 1, at: 1 });
  assert.equal(shape(drop(startSession(log(1)), 0)), { logs: [''], current: 0, at: 0 });
});

test('two logs are alike as far as they say the same, in whatever order of fields', () => {
  const other = [{ event: 1, type: 'mutex.lock' } as Fact, lock(5)];
  assert.is(sharedLength(log(1, 2), other), 1);
});

test.run();
