import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sideBySide } from '../../../src/engine/check/side-by-side.ts';

test('whoever is ready takes what comes next, and the answers are in the order of the work', async () => {
  const taken: string[] = [];
  // The first is done with its first work only when all other work is.
  let release!: () => void;
  const rest = new Promise<void>((resolve) => {
    release = resolve;
  });
  const answers = await sideBySide(['a', 'b'], [10, 20, 30, 40], async (one, work, place) => {
    taken.push(`${one}${work}`);
    if (place === 3) release();
    if (one === 'a') await rest;
    return work + place;
  });
  assert.equal(taken, ['a10', 'b20', 'b30', 'b40']);
  assert.equal(answers, [10, 21, 32, 43]);
});

test('what goes wrong with one work is told', async () => {
  const fails = sideBySide([1, 2], ['x', 'y', 'z'], async (_, work) => {
    if (work === 'y') throw new Error('no y');
  });
  assert.is(await fails.catch((error: Error) => error.message), 'no y');
});

test.run();
