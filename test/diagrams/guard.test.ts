import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { and, not, or, stateIn } from 'xstate';
import { guardOf, guardText, simplify } from '../../src/diagrams/guard.ts';

const text = (guard: unknown): string => guardText(guardOf(guard));

test('compositions of guards read as words', () => {
  assert.is(text('first'), 'first');
  assert.is(text({ type: 'over', params: { limit: 2 } }), 'over');
  assert.is(text(and(['a', 'b'])), 'a and b');
  assert.is(text(and(['onItsHart', or(['withReload', 'noFlags'])])), 'onItsHart and (withReload or noFlags)');
  assert.is(text(not(and(['a', not('b')]))), 'not (a and not b)');
  assert.is(text(and(['a', stateIn({ call: 'event_init' })])), 'a and in call.event_init');
  assert.is(
    text(() => true),
    'unnamed guard',
  );
});

test('what is settled is taken out of a guard', () => {
  const left = (guard: unknown, settled: Record<string, boolean>): string | boolean => {
    const rest = simplify(guardOf(guard), (name) => settled[name]);
    return typeof rest === 'boolean' ? rest : guardText(rest);
  };
  assert.is(left(and(['a', 'b']), { a: true }), 'b');
  assert.is(left(and(['a', 'b']), { a: false }), false);
  assert.is(left(and(['a', 'b']), { a: true, b: true }), true);
  assert.is(left(or(['a', 'b']), { a: true }), true);
  assert.is(left(or(['a', 'b', 'c']), { a: false }), 'b or c');
  assert.is(left(not('a'), { a: false }), true);
  assert.is(left(and([or(['a', 'b']), not('c')]), { a: false }), 'b and not c');
  assert.is(left('a', {}), 'a');
});

test.run();
