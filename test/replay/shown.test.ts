import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PROPERTIES } from '../../models/index.ts';
import { outcomeOf, verdictLines } from '../../src/cli/replay-text.ts';
import { Timeline } from '../../src/explorer/session/timeline.ts';
import { worldOf } from '../../src/explorer/session/world.ts';
import { canBeAsked, logVerdicts } from '../../src/replay/log-verdicts.ts';
import { headerOf, KERNEL_TRACE, systemOf } from '../../src/replay/recorded.ts';
import { askedWhereShown, INFERRED, inferredFacts } from '../../src/replay/shown.ts';
import { type LogHeader, Origins, sizeOf } from '../../src/store/index.ts';
import { imported } from '../trace/recorded-text.ts';

const text = readFileSync(new URL('../../docs/samples/bpftrace.txt', import.meta.url), 'utf8');
const [log] = imported(text).logs;
const { facts, origins } = log!;
const subject = { model: KERNEL_TRACE, environment: '4.16', driver: 'as-posted', trace: sizeOf(facts) };
const system = systemOf(subject);
const properties = PROPERTIES.filter((property) => canBeAsked(property, system));

/** What a replay says of the sample with such a header and such marks. */
function replayed(header: LogHeader, marked: Origins) {
  const inferred = inferredFacts(header, facts, marked);
  const verdicts = logVerdicts(system, facts, askedWhereShown(properties, inferred));
  return { system, header, facts, inferred, total: facts.length, verdicts, rows: 5, detail: 'callbacks' as const };
}

/** The origins of the sample's facts, with a mark on those of each callback that updates a count. */
function allMarked(): Origins {
  const marked = new Origins();
  for (const [from, origin, to = facts.length] of origins.runs())
    for (const [index, { type }] of facts.slice(from, to).entries())
      marked.add(from + index, { ...origin, ...(/^(read|stop|del)\.return$/.test(type) && { inferred: true }) });
  return marked;
}

test('an import marks the facts in which a count rests on values that no line shows, and no other', () => {
  const marked = [...origins.runs()].filter(([, { inferred }]) => inferred);
  assert.equal(
    marked.map(([from, { line }]) => [line, facts[from]?.type]),
    [[49, 'del.return']],
  );
});

test('what is violated where all values are shown stays violated, whatever is marked elsewhere', () => {
  const header = headerOf(subject);
  const with1 = outcomeOf(replayed(header, origins));
  const without = outcomeOf(replayed(header, new Origins()));
  assert.equal(with1.violated, without.violated);
  assert.ok(with1.violated.some(({ property }) => property === INFERRED));
});

test('a count that rests on such values wherever it is wrong is undecided, and no violation', () => {
  const told = replayed(headerOf(subject), allMarked());
  const { violated, held, hidden } = outcomeOf(told);
  assert.not(violated.some(({ property }) => property === INFERRED));
  assert.not(held.includes(INFERRED));
  assert.equal(hidden, [INFERRED]);
  assert.ok(verdictLines(told).some((line) => /^\? count-exact: undecided, .* at \d+ facts, the first/.test(line)));
});

test('a header alone makes no violation undecided, and in the log of a model there is no such mark', () => {
  const said = { ...headerOf(subject), undecided: [INFERRED] };
  assert.ok(outcomeOf(replayed(said, origins)).violated.some(({ property }) => property === INFERRED));
  assert.is(inferredFacts({}, facts, allMarked()).size, 0);
});

test('the page says the same of them as a replay', () => {
  const at = (marked: Origins) => {
    const world = worldOf(subject, inferredFacts(headerOf(subject), facts, marked));
    const timeline = new Timeline(world, facts);
    timeline.fold();
    return { broken: timeline.broken.get(INFERRED), undecided: world.subject.undecided };
  };
  assert.type(at(origins).broken, 'number');
  assert.equal(at(allMarked()), { broken: undefined, undecided: [INFERRED] });
});

test.run();
