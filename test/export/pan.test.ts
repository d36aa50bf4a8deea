import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePan, Truncated } from '../../src/export/spin.ts';

const test = suite("SPIN's program");

const PRINTED = `
(Spin Version 6.5.2 -- 6 December 2019)

Full statespace search for:
	never claim         	- (none specified)

State-vector 28 byte, depth reached 99, errors: 0
      100 states, stored
`;

test('its states and violated properties are read', () => {
  const output = `pan:1: assertion violated  !(2) (at depth 7)\n${PRINTED}`;
  const { states, broken } = parsePan(output, ['one', 'two']);
  assert.is(states, 100);
  assert.equal([...broken], ['two']);
  assert.is(parsePan(PRINTED, []).broken.size, 0);
});

for (const [what, output] of [
  ['a stack that was too small, although there are "errors: 0"', `error: max search depth too small\n${PRINTED}`],
  ['a search that was not completed', PRINTED.replace('\n\nFull', '\nWarning: Search not completed\n\nFull')],
  ['a search that only samples', PRINTED.replace('Full statespace', 'Bit statespace')],
  ['a search that keeps hashes, unless it was to', PRINTED.replace('Full statespace', 'Hash-Compact 4')],
  ['too little memory', `pan: reached -DMEMLIM bound\n${PRINTED}`],
  ['silence', ''],
] as const)
  test(`${what} is not believed`, () => {
    assert.throws(
      () => parsePan(output, []),
      (error: Error) => error instanceof Truncated,
    );
  });

test('a search that was to keep hashes is read', () => {
  assert.is(parsePan(PRINTED.replace('Full statespace', 'Hash-Compact 4'), [], true).states, 100);
  assert.throws(
    () => parsePan(PRINTED.replace('Full statespace', 'Bit statespace'), [], true),
    /did not search every state/,
  );
});

test('errors of another kind, and rounded counts, are not believed', () => {
  assert.throws(() => parsePan(`pan:1: VECTORSZ is too small (at depth 0)\n${PRINTED}`, ['one']), /VECTORSZ/);
  assert.throws(() => parsePan(`pan:1: assertion violated  !(9) (at depth 7)\n${PRINTED}`, ['one']), /!\(9\)/);
  assert.throws(() => parsePan(PRINTED.replace('      100', '1.2345679e+08'), []), /rounds/);
});

test.run();
