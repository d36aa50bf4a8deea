import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MACHINES } from '../../machines/index.ts';
import { dotOf } from '../../src/diagrams/dot.ts';
import { follow } from '../../src/diagrams/trail.ts';
import { graphOfView } from '../../src/diagrams/views.ts';
import type { Fact } from '../../src/facts/index.ts';
import { counterexampleOf } from './logs.ts';

let facts: readonly Fact[];
test.before(async () => {
  facts = (await counterexampleOf('context-switch', 'count-exact')).facts;
});

const strong = (view: string, log: readonly Fact[]): string[] => {
  const machine = view.startsWith('driver') ? MACHINES.driver : MACHINES.lifecycle;
  const { children, edges } = graphOfView(view, { trail: follow(machine, log) });
  const flat = (child: (typeof children)[number]): string[] =>
    'children' in child ? child.children.flatMap(flat) : child.strong ? [child.id] : [];
  return [...children.flatMap(flat), ...edges.filter((edge) => edge.strong).map(({ from, to }) => `${from} > ${to}`)];
};

test('a log shows its path through the life of its event', () => {
  assert.equal(strong('lifecycle', facts), [
    'absent',
    'initialising',
    'inactive',
    'active.running',
    'absent > initialising',
    'initialising > inactive',
    'inactive > active.running',
    'active.running > inactive',
  ]);
});

test('and through the code, with what is passed at once', () => {
  const path = strong('driver/start', facts);
  assert.ok(path.includes('start.enter > start.run'));
  assert.ok(path.includes('start.look > start.sample'));
  assert.ok(path.includes('start.look > start.out'));
  assert.not.ok(path.includes('start.enter > start.warnStale'));
  assert.match(dotOf(graphOfView('driver/start', { trail: follow(MACHINES.driver, facts) })), /penwidth=2\.2/);
});

test('every machine follows a log that it took part in', () => {
  for (const [name, entry] of Object.entries(MACHINES)) {
    if (name === 'any-order') continue;
    assert.not.throws(() => follow(entry, facts), name);
  }
});

test('a log that is no behaviour of the machine is refused at its fact', () => {
  const [first, ...rest] = facts;
  assert.throws(
    () => follow(MACHINES.lifecycle, [first!, first!, ...rest]),
    /fact 2 of the log \(event_init.call\) is refused/,
  );
});

test.run();
