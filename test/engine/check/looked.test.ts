import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Looked } from '../../../src/engine/check/looked.ts';
import type { Present } from '../../../src/engine/check/property.ts';

const test = suite('what an answer rests on');

const present = (): Present => ({ context: {}, value: 'idle', hasTag: () => false, matches: () => false });

test('only what was looked at can change an answer, and all can as long as there is none', () => {
  const parts = Array.from({ length: 5 }, present);
  const looked = new Looked((part) => parts[part]!, new Map());
  const seen = () => parts.map((_, part) => looked.seesAny([part]));
  assert.equal(seen(), [true, true, true, true, true]);
  looked.at(1);
  looked.atAll([3, 4]);
  looked.note(true);
  assert.equal(seen(), [false, true, false, true, true]);
  assert.ok(looked.seesAny([0, 4]));
  assert.not(looked.seesAny([0, 2]));
  parts[1] = present();
  assert.is(looked.answer, undefined);
  looked.at(2);
  looked.note(false);
  assert.equal(seen(), [false, false, true, false, false]);
});

test.run();
