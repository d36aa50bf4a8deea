import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compose } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { BrokenLink, ChoiceWriter, readChoices, writeChoices } from '../../src/explorer/session/choices.ts';
import { type Link, readLink, writeLink } from '../../src/explorer/session/link.ts';
import { linkToLog } from '../../src/explorer/session/link-to-log.ts';
import { Timeline } from '../../src/explorer/session/timeline.ts';
import { worldOf } from '../../src/explorer/session/world.ts';
import { ATTRIBUTES, type Attribute, type Fact } from '../../src/facts/index.ts';
import { walk } from '../arbitraries/walks.ts';
import { explored, THREADS } from './worlds.ts';

test('every log is its choices', () => {
  fc.assert(
    fc.property(explored, ({ world, log }) => {
      const text = writeChoices(world, log);
      assert.match(text, /^[\w.-]+$/);
      assert.ok(text.length < log.length + 12);
      assert.equal(readChoices(world, text), log);
    }),
    { numRuns: 30 },
  );
});

test('a longer log is written from a shorter one', () => {
  fc.assert(
    fc.property(explored, fc.nat(), ({ world, log }, part) => {
      const timeline = new Timeline(world, log);
      timeline.fold();
      const cut = log.length === 0 ? 0 : part % log.length;
      const short = new ChoiceWriter(world);
      for (let at = 0; at < cut; at++) short.add(timeline.momentAt(at).state, log[at]!);
      const long = short.copy();
      for (let at = cut; at < log.length; at++) long.add(timeline.momentAt(at).state, log[at]!);
      assert.is(short.text, writeChoices(world, log.slice(0, cut)));
      assert.is(long.text, writeChoices(world, log));
    }),
    { numRuns: 15 },
  );
});

test('where more facts can happen than there are letters, a choice takes two', () => {
  const kinds = Object.keys(ATTRIBUTES) as Attribute[];
  const scope = { ...SMALLEST, events: [kinds, kinds, kinds, kinds, kinds, kinds] };
  const system = compose(scope, 'any-order', THREADS.driver);
  const world = { ...THREADS, system, bare: system.bareFacts() };
  const log = walk(system, [1001, 2003, 777, 4001, 5, 60_001]);
  const text = writeChoices(world, log);
  assert.ok(text.split('.')[1]!.length > log.length);
  assert.equal(readChoices(world, text), log);
});

const OPENED: readonly Fact[] = readChoices(THREADS, '26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o');

test('what is no log, or one of other machines, is refused', () => {
  for (const text of ['', 'x', '3.A', '-1.A.x', '26.ABBBB.EP_o', '26.ABBBBBBBBAABBBBAAAAAAAABB~.EP_o'])
    assert.throws(
      () => readChoices(THREADS, text),
      (error: unknown) => error instanceof BrokenLink,
      text,
    );
  // One choice is another one: the log would be a log, but not this one.
  assert.throws(() => readChoices(THREADS, '26.BBBBBBBBBAABBBBAAAAAAAABBA.EP_o'), /other machines/);
  // More choices than there are facts.
  assert.throws(() => readChoices(THREADS, `2.${writeChoices(THREADS, OPENED).split('.')[1]}.EP_o`), /other machines/);
  const others = worldOf({ ...THREADS.subject, driver: 'merged-4.18' });
  assert.throws(() => readChoices(others, writeChoices(THREADS, OPENED)), /other machines/);
});

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/);
const text = fc.stringMatching(/^[0-9]{1,3}\.[A-Za-z0-9_-]{0,30}\.[A-Za-z0-9_-]{4}$/);
const links: fc.Arbitrary<Link> = fc
  .record(
    {
      subject: fc.record(
        { model: name, environment: name, driver: name, wordBits: fc.integer({ min: 2, max: 64 }) },
        { requiredKeys: ['model', 'environment', 'driver'], noNullPrototype: true },
      ),
      logs: fc.array(text, { maxLength: 4 }),
      on: fc.nat(3),
      at: fc.nat(100_000),
      property: name,
      file: fc.constantFrom('log.jsonl', 'a-b_c.jsonl'),
    },
    { requiredKeys: ['subject', 'logs', 'on'], noNullPrototype: true },
  )
  .map((link) => ({ ...link, on: Math.min(link.on, Math.max(0, link.logs.length - 1)) }) as Link);

test('an address says everything, and is read as it was written', () => {
  fc.assert(
    fc.property(links, (link) => {
      const written = writeLink(link);
      assert.not.match(written, /[\s"'<>]/);
      assert.equal(readLink(`#${written}`, THREADS.subject), link);
    }),
  );
});

test('any text is an address that leads somewhere', () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const { subject, on, logs } = readLink(hash, THREADS.subject);
      assert.ok(subject.model !== '' || hash.includes('model='));
      assert.ok(on === 0 || on < logs.length);
    }),
  );
  assert.equal(readLink('', THREADS.subject), { subject: THREADS.subject, logs: [], on: 0 });
});

test('a file is one beside the page, and nothing else', () => {
  for (const file of ['../log.jsonl', 'http://a/b', '/etc/passwd', '.hidden', 'a/b'])
    assert.is(readLink(`#file=${encodeURIComponent(file)}`, THREADS.subject).file, undefined, file);
});

test('a log that is kept becomes a link; one that is too long, or that is refused, does not', () => {
  const header = { ...THREADS.subject, breaks: 'reserved-while-live' };
  const link = readLink(linkToLog(header, OPENED)!, THREADS.subject);
  assert.equal(readChoices(THREADS, link.logs[0]!), OPENED);
  assert.is(link.property, 'reserved-while-live');
  assert.is(linkToLog(header, OPENED.slice(1)), undefined);
  assert.is(
    linkToLog(
      header,
      Array.from({ length: 2001 }, () => OPENED[0]!),
    ),
    undefined,
  );
  assert.throws(() => linkToLog({ ...header, model: 'none' }, OPENED), /there is no model none/);
  const config = { file: 'hartproof.config.ts', digest: '0' };
  assert.throws(
    () => linkToLog({ ...header, driver: 'mine', config }, OPENED),
    /mine is described in hartproof\.config\.ts/,
  );
});

test.run();
