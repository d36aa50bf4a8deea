import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fold } from '../../src/engine/compose/index.ts';
import { SYSTEMS, walk, walks } from './walks.ts';

for (const [what, system] of Object.entries(SYSTEMS))
  test(`a walk is a log that the system accepts, as JSON: ${what}`, () => {
    fc.assert(
      fc.property(walks(system), (log) => {
        fold(system, JSON.parse(JSON.stringify(log)));
      }),
      { numRuns: 10 },
    );
  });

test('the same numbers go the same way, and fewer of them less far', () => {
  const system = SYSTEMS['two threads in 5.10']!;
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 30 }), (picks) => {
      const log = walk(system, picks);
      assert.is(log.length, picks.length);
      assert.equal(walk(system, picks), log);
      assert.equal(walk(system, picks.slice(0, 10)), log.slice(0, 10));
    }),
    { numRuns: 10 },
  );
});

test('walks are long enough to open, run and close an event', () => {
  const types = new Set<string>();
  for (const log of fc.sample(walks(SYSTEMS['a real RV64 in 4.16']!), { numRuns: 40, seed: 1 }))
    for (const { type } of log) types.add(type);
  for (const type of ['event_init.return', 'destroy.return', 'add.return', 'del.return', 'count.add', 'foreign.take'])
    assert.ok(types.has(type), type);
});

test.run();
