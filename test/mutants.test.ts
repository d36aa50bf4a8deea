import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { driver } from '../machines/driver/index.ts';
import type { DriverMachine } from '../machines/drivers.ts';
import { beginAt, mutant, retarget } from './mutants.ts';
import { throwsMessage } from './throws.ts';

test('a change touches the mutant alone', () => {
  const before = JSON.stringify(driver.config);
  const changed = mutant(beginAt('del', 'count'));
  assert.is(JSON.stringify(driver.config), before);
  const initial = ({ root }: DriverMachine): unknown => root.states.del?.config.initial;
  assert.is(initial(changed), 'count');
  assert.is(initial(driver), 'enter');
});

test('a retargeted transition keeps its guard and its actions', () => {
  const enter = mutant(retarget('read.enter', 'always', 'out')).root.states.read?.states.enter;
  const always = enter?.config.always as readonly { guard?: unknown; target: string }[];
  assert.equal(
    always.map(({ target }) => target),
    ['out', 'out'],
  );
  assert.ok(always[0]?.guard);
});

test('a change of what is not there is an error', () => {
  throwsMessage(() => mutant(retarget('del.bind', 'slots.write', 'stop')), 'the driver has no state del.bind');
  throwsMessage(() => mutant(retarget('del.unbind', 'csr.read', 'stop')), 'the driver has no csr.read in del.unbind');
  throwsMessage(() => mutant(retarget('del.unbind', 'always', 'stop')), 'the driver has no always in del.unbind');
  throwsMessage(() => mutant(beginAt('del', 'bind')), 'the driver has no state bind');
});

test.run();
