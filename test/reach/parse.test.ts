import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readQuestion } from '../../src/reach/index.ts';
import { BadQuestion } from '../../src/reach/words.ts';

const wants = (text: string) => readQuestion(text).steps.map((step) => step.wants);

test('and binds closer than or, and brackets closest', () => {
  const [said] = wants('warn or pr_warn and not mutex.wait');
  assert.ok(said?.kind === 'or');
  assert.equal(
    said.of.map((one) => one.kind),
    ['happens', 'and'],
  );
  assert.is(wants('(warn or pr_warn) and mutex.wait')[0]!.kind, 'and');
});

test('a callback is called, or returns something, or anything, of an event, on a hart', () => {
  const of = (text: string) => {
    const [fact] = wants(text);
    assert.ok(fact?.kind === 'happens');
    return [fact.type, ...fact.fields.map(({ name, operator, value }) => `${name} ${operator} ${value}`)];
  };
  assert.equal(of('add is called'), ['add.call']);
  assert.equal(of('add returns'), ['add.return']);
  assert.equal(of('add returns -ENOSPC of event 1'), ['add.return', 'answer = ENOSPC', 'event = 1']);
  assert.equal(of('add of event 0 on hart 1 returns 0'), ['add.return', 'event = 0', 'hart = 1', 'answer = 0']);
  assert.equal(of('csr.read(counter = cycle, half != low)'), ['csr.read', 'counter = cycle', 'half != low']);
});

test('steps are joined by then, and never stands before the one until which something does not happen', () => {
  const { kind, steps } = readQuestion('mutex.wait then never warn then never pr_warn then event 0 is live');
  assert.is(kind, 'reach');
  assert.is(steps.length, 2);
  assert.is(steps[1]!.without?.kind, 'or');
  assert.is(readQuestion('never warn or pr_warn').kind, 'never');
});

test('what is in quotation marks is a name or a value, whatever it says', () => {
  assert.equal(
    wants('event 0 "ticks not in count" = "then"').map((one) => one.kind === 'seen' && [one.name, one.value]),
    [['ticks not in count', 'then']],
  );
});

/** A question that cannot be understood, what is said of it, and the column that is marked. */
const BAD: readonly (readonly [string, RegExp, number])[] = [
  ['', /missing at the end/, 0],
  ['warn and', /missing at the end/, 8],
  ['warn then', /missing at the end/, 9],
  ['(warn', /\) was expected/, 5],
  ['warn)', /\) was not expected/, 4],
  ['warn pr_warn', /pr_warn was not expected/, 5],
  ['then', /then was not expected/, 0],
  ['evnt_init returns 0', /did you mean event_init\?/, 0],
  ['event_init', /callback: say that it is called, or what it returns/, 0],
  ['mutex.lock returns', /mutex.lock is no callback/, 11],
  ['warn(sit = x)', /no field of warn sit \(did you mean site\?\)/, 5],
  ['warn(site x)', /no fact site x/, 5],
  ['hart 0 n_events >', /a value is missing/, 17],
  ['hart 0 is running', /only an event is in a state/, 10],
  ['add of any event returns 0', /event or hart, and its number/, 7],
  ['never warn then never pr_warn', /never stands alone/, 16],
  ['warn then never pr_warn', /never stands alone/, 10],
  ['mutex = "free', /quotation mark is not closed/, 8],
  ['mutex ! free', /! is no word/, 6],
  [`${'not '.repeat(60)}warn`, /stand in each other/, 200],
  [Array(22).fill('warn').join(' then '), /20 steps at the most/, 200],
];
for (const [text, says, column] of BAD)
  test(`is refused at its place: ${text.slice(0, 40) || 'nothing'}`, () => {
    assert.throws(
      () => readQuestion(text),
      (error: Error) => {
        assert.instance(error, BadQuestion);
        const [reason = '', , mark = ''] = error.message.split('\n');
        assert.match(reason, says);
        assert.is(mark.indexOf('^'), column + 2);
        return true;
      },
    );
  });

test('whatever is asked, it is read or refused, and soon', () => {
  const word = fc.constantFrom('warn', 'add', 'returns', 'is', 'in', 'event', '0', 'and', 'or', 'not', 'then', 'never');
  const anything = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc
      .array(fc.oneof(word, fc.constantFrom('(', ')', '=', '"', ',', 'mutex', 'of', 'any')), { maxLength: 30 })
      .map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        readQuestion(text);
      } catch (error) {
        assert.instance(error, BadQuestion);
      }
    }),
    { numRuns: 2000 },
  );
  assert.throws(() => readQuestion('('.repeat(3000)), /2000 characters at the most/);
});

test.run();
