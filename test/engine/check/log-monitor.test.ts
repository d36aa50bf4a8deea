import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PROPERTIES } from '../../../models/index.ts';
import { isQuiescent, LogMonitor, violatedByFact, violatedInState } from '../../../src/engine/check/index.ts';
import { Projection, type State, statesAlong } from '../../../src/engine/compose/index.ts';
import type { Fact, Property, System } from '../../../src/facts/index.ts';
import { canBeAsked, logVerdicts } from '../../../src/replay/log-verdicts.ts';
import { SYSTEMS, walks } from '../../arbitraries/walks.ts';
import { OPEN } from '../../fixtures/logs.ts';

/** Each property with the fact (from 1) that breaks it first, in flight (`~`) and when no call is, as the monitor says. */
function watched(system: System, log: readonly Fact[], properties: readonly Property[]): string[] {
  const monitor = new LogMonitor(new Projection(system), properties);
  return log
    .flatMap((fact, at) =>
      monitor.append(fact).map(({ property, inFlight }) => `${property} ${inFlight ? '~' : ''}${at + 1}`),
    )
    .sort();
}

/** Whether a fact, or the state after it once no call is in flight, violates the property. */
const violatedAt = (system: System, property: Property, before: State, fact: Fact, after: State): boolean =>
  violatedByFact(system, property, before, fact) ||
  (isQuiescent(system, after) && violatedInState(system, property, after));

/** The same, with every property asked about every fact and every state. */
function asked(system: System, log: readonly Fact[], properties: readonly Property[]): string[] {
  const states = statesAlong(system, log);
  return properties
    .flatMap((property) => {
      const at = log.findIndex((fact, at) => violatedAt(system, property, states[at]!, fact, states[at + 1]!));
      const before = at < 0 ? log.length : at;
      const brief = states.slice(1, before + 1).findIndex((state) => violatedInState(system, property, state));
      return [...(at < 0 ? [] : [`${property.id} ${at + 1}`]), ...(brief < 0 ? [] : [`${property.id} ~${brief + 1}`])];
    })
    .sort();
}

const broken = new Set<string>();

for (const [what, system] of Object.entries(SYSTEMS))
  test(`a monitor finds the breaks that asking everything everywhere finds: ${what}`, () => {
    const properties = PROPERTIES.filter((property) => canBeAsked(property, system));
    assert.ok(properties.length > 8);
    fc.assert(
      fc.property(walks(system), (log) => {
        const found = watched(system, log, properties);
        for (const one of found) broken.add(one.split(' ')[0]!);
        assert.equal(found, asked(system, log, properties));
      }),
      { numRuns: 25 },
    );
  });

test('a property that no fact speaks of is not called held', () => {
  const system = SYSTEMS['two threads in 5.10']!;
  const properties = PROPERTIES.filter((property) => canBeAsked(property, system));
  const { held, vacuous, breaks, undecided } = logVerdicts(system, OPEN, properties);
  assert.ok(held.includes('references-balance') && vacuous.includes('busy-is-true'));
  assert.is(held.length + vacuous.length + breaks.length + undecided.length, properties.length);
  assert.equal(logVerdicts(system, [], properties).held, []);
});

test('a property is not called held when a log cannot ask all that it says', () => {
  const system = SYSTEMS['two threads in 5.10']!;
  const { undecided, held } = logVerdicts(
    system,
    OPEN,
    PROPERTIES.filter((property) => canBeAsked(property, system)),
  );
  assert.equal(undecided, ['mutex-discipline', 'recovers', 'drains', 'no-deadlock']);
  assert.ok(undecided.every((id) => !held.includes(id)));
});

test('the walks violate properties about facts and about states', () => {
  assert.ok(broken.size >= 6, [...broken].join());
});

test('a property that reads what it does not declare is found out', () => {
  const system = SYSTEMS['two threads in 5.10']!;
  const [property] = PROPERTIES.filter(({ id }) => id === 'references-balance');
  const [clause] = property!.clauses;
  const wrong = { ...property!, clauses: [{ ...clause, every: [] }] } as Property;
  assert.throws(() => watched(system, OPEN, [wrong]), /reads a lifecycle that it does not declare/);
});

test.run();
