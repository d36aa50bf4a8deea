import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnyStateMachine } from 'xstate';
import { DECISIONS } from '../../machines/driver/decisions.ts';
import { driver } from '../../machines/driver/index.ts';
import type { Source } from '../../machines/driver/setup.ts';
import { PROPERTIES } from '../../models/index.ts';
import type { FactType } from '../../src/facts/index.ts';
import { needsShared } from '../needs.ts';
import { POSTED_PATCH, postedLines, spanOf } from './posted-source.ts';

/** How the C spells each access; a call, a return and a branch have no spelling of their own. */
const SPELLING: { readonly [T in FactType]?: RegExp } = {
  'active_events.inc': /atomic_inc/,
  'active_events.dec': /atomic_dec/,
  'mutex.lock': /mutex_lock/,
  'mutex.wait': /mutex_lock/,
  'mutex.unlock': /mutex_unlock/,
  'perf_irq.read': /= perf_irq/,
  'perf_irq.write': /perf_irq =/,
  'slots.read': /n_events ==/,
  'slots.write': /events\[/,
  'n_events.inc': /n_events\+\+/,
  'n_events.dec': /n_events--/,
  'csr.read': /csr_read/,
  'prev_count.read': /local64_read\(&hwc->prev_count/,
  'prev_count.set': /local64_set\(&hwc->prev_count/,
  'prev_count.cmpxchg': /local64_cmpxchg\(&hwc->prev_count/,
  'count.add': /local64_add\(.*count/,
  'userpage.update': /update_userpage/,
  warn: /WARN_ON_ONCE/,
  pr_warn: /pr_warn/,
  'read_counter.default': /return -EINVAL/,
};

type Node = AnyStateMachine['root'];

function* statesOf(node: Node): Generator<readonly [Node, Source]> {
  for (const child of Object.values(node.states)) {
    if (child.meta?.function) yield [child, child.meta as Source];
    yield* statesOf(child);
  }
}

const within = ([from, to]: readonly [number, number], [first, last]: readonly [number, number]): boolean =>
  first <= from && from <= to && to <= last;

test('every state of the driver but the idle one names where in the C it stands', () => {
  const named = new Set([...statesOf(driver.root)].map(([node]) => node.id));
  const visit = (node: Node): string[] =>
    Object.values(node.states).flatMap((child) => [...(named.has(child.id) ? [] : [child.id]), ...visit(child)]);
  assert.equal(visit(driver.root), ['idle']);
});

test('the lines of each state and of each decision lie in the function that it names', () => {
  if (!needsShared(POSTED_PATCH)) return;
  const lines = postedLines();
  assert.is(lines.length, 470);
  for (const [{ id }, { function: name, lines: claimed }] of statesOf(driver.root))
    assert.ok(within(claimed, spanOf(lines, name)), `${id}: ${claimed} in ${name}`);
  for (const [id, { function: name, lines: claimed }] of Object.entries(DECISIONS))
    assert.ok(within(claimed, spanOf(lines, name)), `${id}: ${claimed} in ${name}`);
});

test('each access that a state waits for is spelt at the lines that it names', () => {
  if (!needsShared(POSTED_PATCH)) return;
  const lines = postedLines();
  let compared = 0;
  for (const [
    { id, transitions },
    {
      lines: [from, to],
    },
  ] of statesOf(driver.root))
    for (const type of transitions.keys()) {
      const spelling = SPELLING[type as FactType];
      if (spelling === undefined) continue;
      assert.match(lines.slice(from, to + 1).join('\n'), spelling, `${id}: ${type}`);
      compared++;
    }
  assert.ok(compared >= 25);
});

test('the lines that a property gives as its source lie in the functions that it names', () => {
  if (!needsShared(POSTED_PATCH)) return;
  const lines = postedLines();
  let compared = 0;
  for (const { id, source } of PROPERTIES)
    for (const [, names, ranges] of source.matchAll(/((?:\w+(?:, | and )?)+), perf_event\.c:([\d, -]+)/g)) {
      const spans = names!.split(/, | and /).map((name) => spanOf(lines, name));
      const span = [Math.min(...spans.map(([first]) => first)), Math.max(...spans.map(([, last]) => last))] as const;
      for (const range of ranges!.split(', ')) {
        const [from, to = from] = range.split('-').map(Number) as [number, number?];
        assert.ok(within([from, to], span), `${id}: ${range} in ${names}`);
        compared++;
      }
    }
  assert.ok(compared >= 10);
});

test.run();
