import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CFile } from '../../src/repair/source/c-file.ts';
import { withoutComments } from '../../src/subject/comments.ts';
import { probe } from '../../src/subject/probe.ts';
import { countedNames, unreadNames } from '../../src/subject/text-uses.ts';

const SIZE = 300_000;
const filled = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length));
const numbered = (piece: string): string =>
  Array.from({ length: SIZE / (piece.length + 4) }, (_, number) => piece.replaceAll('#', `${number}`)).join('');

/** Texts on which a pattern that goes back takes minutes. */
const LONG: Readonly<Record<string, string>> = {
  'comments that do not end': filled('/*'),
  'a comment of stars': `/${filled('*')}`,
  'strings that do not end': filled('"\\"'),
  'line feeds': filled('\n'),
  blanks: filled(' '),
  'calls that do not end': filled('atomic_dec('),
  'locks that do not end': filled('mutex_lock(,'),
  'one long name': `atomic_${filled('dec')}`,
  'one long word': filled('a'),
  'structures in one another': filled('struct a {'),
  'structures beside one another': filled('struct a { struct perf_event *e[2]; };'),
  'structures of many names': numbered('struct s# { struct perf_event *e[2]; };'),
  dashes: filled('-'),
  'arrows that lead nowhere': filled('--a->'),
  'brackets that do not end': filled('a['),
  'many counts': numbered('a#++;'),
  'many statements with one name': filled('a++;b=c;'),
  'one long statement': filled('word '),
  'conditions on conditions': filled('if (a) '),
  'else after else': filled('else '),
  'a path of many steps': filled('a->'),
  'pointers of destroy': filled('->destroy='),
};

for (const [what, text] of Object.entries(LONG))
  test(`300 kB of ${what} are read in seconds`, () => {
    const before = process.cpuUsage();
    for (const whole of [text, `static int n;\nint f(void)\n{\n${text}\n}\n`]) {
      probe({ text: whole, headers: new Map() } as never);
      unreadNames(whole);
      countedNames(whole);
      withoutComments(whole);
      withoutComments(whole, { strings: true });
    }
    const { user } = process.cpuUsage(before);
    assert.ok(user < 5e6, `${user / 1e6} s`);
  });

test('a comment that does not end is no statement, and one that ends is a blank', () => {
  assert.is(withoutComments('a/* b */c // d\ne/* f'), 'a c  \ne ');
  assert.is(withoutComments('"/* a */" b', { strings: true }), '  b');
  const file = new CFile('int a /* b */ ;');
  assert.is(file.tight({ from: 0, to: file.text.length }), 'int a;');
});

test.run();
