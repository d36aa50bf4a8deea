import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What stood for a thing that has a word in the field, and that word. Names of things in code and in text, not all of English. */
const WORDS: Readonly<Record<string, RegExp>> = {
  'property; its sentence: statement': /\bpromises?\b/,
  AuditTarget: /\bauditees?\b/i,
  ConformanceResult: /\bconformed\b/i,
  'TransitionSystem, BoundPredicate, PropertySet': /\b(?:inquiry|inquiries)\b/,
  Monitor: /\b(?:judge|watch|monitor): (?:Judge|Watch)\b|\bJudged?\b/,
  'WorkerPool, StateStore': /\b(?:crew|Crew|Visited)\b/,
  'yield to the event loop': /\bbreath(?:e|es|ing)?\b/i,
  'symmetry reduction, permutation': /\b(?:merging|renamings?)\b/i,
  'probability of a miss': /\bodds\b/i,
  'path, trace, format': /\b(?:story|stories|telling|narrat\w+|retell\w*|wayTo|wayOf)\b/i,
  'instrumented, compiled machine': /\boverheard\b|learnt ?machine/i,
  'state comparison, first mismatch': /\b(?:likeness|parting)\b/i,
  stimulus: /\bdeeds?\b/i,
  'trace index, segment, bounds of a count': /\b(?:survey\w*|stretch\w*|doubted|Doubts?)\b/,
};

/** Where such a word is plain English, or somebody else's. */
const ALLOWED = [/node:[\w/]*promises/];

const FOLDERS = ['src', 'machines', 'models', 'test', 'bench', 'docs'];

const texts = [
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
].filter((name) => /\.(?:tsx?|md|c|h|css|js)$/.test(name) && name !== join('test', 'words.test.ts'));

/** The lines of a text with a word that is another thing's name. */
const wrong = (name: string, text: string): string[] =>
  text.split('\n').flatMap((line, number) =>
    ALLOWED.some((allowed) => allowed.test(line))
      ? []
      : Object.entries(WORDS)
          .filter(([, word]) => word.test(line))
          .map(([better, word]) => `${name}:${number + 1}: ${word.exec(line)![0]} (${better})`),
  );

test('one thing has one word, which is the field’s', () => {
  assert.ok(texts.length > 700);
  assert.equal(
    texts.flatMap((name) => wrong(name, readFileSync(join(ROOT, name), 'utf8'))),
    [],
  );
});

test('a word of before is found', () => {
  assert.equal(wrong('a.ts', 'const crew = 1;\nthe story of\n'), [
    'a.ts:1: crew (WorkerPool, StateStore)',
    'a.ts:2: story (path, trace, format)',
  ]);
});

test.run();
