import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activeEvents, activeEventsAuthors } from '../../machines/active-events.ts';
import type { Fact } from '../../src/facts/index.ts';
import { Coverage } from './coverage.ts';
import { type Oracle, runPaths } from './paths.ts';

const BITS = 3;

/** An integer that wraps. */
function atomic(): Oracle {
  let value = 0;
  const after = ({ type }: Fact): number => {
    const moved = value + (type === 'active_events.inc' ? 1 : -1);
    return moved === 2 ** (BITS - 1) ? -(2 ** (BITS - 1)) : moved < -(2 ** (BITS - 1)) ? 2 ** (BITS - 1) - 1 : moved;
  };
  return {
    accepts: (fact) => (fact as Fact<'active_events.inc'>).value === after(fact),
    take: (fact) => {
      value = after(fact);
    },
    observe: () => value,
  };
}

test('riscv_active_events is an integer that wraps at its width', async () => {
  const coverage = new Coverage(activeEvents);
  const facts = (['active_events.inc', 'active_events.dec'] as const).map((type) => ({ type, event: 0 }) as Fact);
  const paths = await runPaths(
    {
      machine: activeEvents,
      input: { bits: BITS },
      authors: activeEventsAuthors,
      facts,
      oracle: atomic,
      observe: ({ context }) => context.value,
    },
    coverage,
  );
  assert.ok(paths > 0);
  assert.equal(coverage.unreached(), []);
});

test.run();
