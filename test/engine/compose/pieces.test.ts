import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fold, initialState } from '../../../src/engine/compose/index.ts';
import type { Fact } from '../../../src/facts/index.ts';
import { SYSTEMS, walks } from '../../arbitraries/walks.ts';
import { stateKey } from '../check/interpreted.ts';

const RUNS = { numRuns: 12 };

for (const [what, system] of Object.entries(SYSTEMS)) {
  const cut = walks(system).chain((log) =>
    fc.tuple(fc.constant(log), fc.array(fc.nat({ max: log.length }), { maxLength: 5 })),
  );

  test(`a log folds to the same state in one go and in pieces: ${what}`, () => {
    fc.assert(
      fc.property(cut, ([log, cuts]) => {
        const ends = [...cuts.sort((a, b) => a - b), log.length];
        let state = initialState(system);
        let from = 0;
        for (const end of ends) {
          state = fold(system, log.slice(from, end), state);
          from = end;
        }
        assert.is(stateKey(state), stateKey(fold(system, log)));
      }),
      RUNS,
    );
  });

  test(`a prefix of a log is a log, and a state is not changed by what follows it: ${what}`, () => {
    fc.assert(
      fc.property(cut, ([log, [end = 0]]) => {
        const before = fold(system, log.slice(0, end));
        const key = stateKey(before);
        fold(system, log.slice(end), before);
        assert.is(stateKey(before), key);
      }),
      RUNS,
    );
  });
}

test('folding the empty log leaves every state as it is', () => {
  for (const system of Object.values(SYSTEMS)) {
    const state = initialState(system);
    assert.is(fold(system, [] as Fact[], state), state);
  }
});

test.run();
