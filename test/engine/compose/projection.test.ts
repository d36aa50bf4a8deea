import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fold, Projection, RefusedFact } from '../../../src/engine/compose/index.ts';
import type { Fact, System } from '../../../src/facts/index.ts';
import { SYSTEMS, walks } from '../../arbitraries/walks.ts';
import { stateKey } from '../check/interpreted.ts';

const RUNS = { numRuns: 15 };

const projected = (system: System, log: readonly Fact[]): Projection => {
  const projection = new Projection(system);
  for (const fact of log) projection.append(fact);
  return projection;
};

/** What is said of a log that is not accepted. */
function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof RefusedFact) return error.message;
    throw error;
  }
}

for (const [what, system] of Object.entries(SYSTEMS)) {
  test(`a projection comes to what the plain fold comes to, after each fact: ${what}`, () => {
    fc.assert(
      fc.property(walks(system), (log) => {
        const projection = new Projection(system);
        let plain = fold(system, []);
        for (const fact of log) {
          projection.append(fact);
          plain = fold(system, [fact], plain);
          assert.is(stateKey(projection.state), stateKey(plain));
          for (const [part, snapshot] of plain.entries()) {
            const local = projection.locals[part]!;
            assert.equal([...local.snapshot.tags].sort(), [...snapshot.tags].sort());
            assert.equal([local.snapshot.getMeta(), local.value], [snapshot.getMeta(), snapshot.value]);
            assert.is(local.snapshot.machine, snapshot.machine);
          }
        }
      }),
      RUNS,
    );
  });

  test(`and refuses what the plain fold refuses, for the same reason: ${what}`, () => {
    const broken = fc.tuple(walks(system), fc.nat(), fc.nat()).map(([log, at, other]) => {
      if (log.length === 0) return log;
      // Another fact of the log in its place, sometimes with data of the one that was there.
      const [place, from] = [at % log.length, other % log.length];
      const fact = other % 2 === 0 ? log[from]! : ({ ...log[from]!, ...log[place]!, type: log[from]!.type } as Fact);
      return log.with(place, fact);
    });
    fc.assert(
      fc.property(broken, (log) => {
        assert.is(
          refusal(() => projected(system, log)),
          refusal(() => fold(system, log)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test(`it goes on from a mark, which is not changed by what follows: ${what}`, () => {
    fc.assert(
      fc.property(walks(system), fc.nat(), (log, cut) => {
        const at = cut % (log.length + 1);
        const before = projected(system, log.slice(0, at));
        const mark = before.mark();
        for (const fact of log.slice(at)) before.append(fact);
        const again = new Projection(system, mark);
        assert.is(again.folded, at);
        for (const fact of log.slice(at)) again.append(fact);
        assert.is(stateKey(again.state), stateKey(before.state));
        assert.is(again.folded, log.length);
      }),
      RUNS,
    );
  });
}

test('a fact that is refused changes nothing', () => {
  const projection = new Projection(SYSTEMS['a real RV64 in 4.16']!);
  const mark = projection.mark();
  assert.throws(() => projection.append({ type: 'destroy.call', event: 0 }), /fact 1 .*refused by the lifecycle 0/);
  assert.equal(projection.mark(), mark);
});

const impossible: readonly [what: unknown, reason: RegExp][] = [
  [null, /fact 1 \(undefined\): there is no such fact/],
  [{ type: 'mutex.grab', event: 0 }, /fact 1 \(mutex\.grab\): there is no such fact/],
  [{ type: 'toString' }, /there is no such fact/],
  [{ type: 'pr_warn' }, /there is no event undefined/],
  [{ type: 'pr_warn', event: 7 }, /there is no event 7/],
  [{ type: 'pr_warn', event: '0' }, /there is no event "0"/],
  [{ type: 'hart.tick', hart: 2, counter: 'cycle', ticks: 1 }, /there is no hart 2/],
  [{ type: 'hart.tick', hart: 0, counter: 'hpmcounter9', ticks: 1 }, /there is no counter "hpmcounter9"/],
  [{ type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 'many' }, /there is no ticks "many"/],
  [{ type: 'hart.tick', hart: 0, counter: 'cycle', ticks: -1 }, /there is no ticks -1/],
  [{ type: 'event_init.call', event: 0, attribute: 'sunspots' }, /there is no attribute "sunspots"/],
];

for (const [what, reason] of impossible)
  test(`what is no fact of the scope is refused: ${JSON.stringify(what)}`, () => {
    const system = SYSTEMS['a real RV64 in 4.16']!;
    for (const one of [fold, projected]) assert.match(refusal(() => one(system, [what as Fact])) ?? '', reason);
  });

test.run();
