import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLog } from '../../src/cli/logs.ts';
import type { Fact } from '../../src/facts/index.ts';
import { checkHeader } from '../../src/store/header.ts';
import { BrokenLog, type LogHeader } from '../../src/store/index.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';

const HEADER: LogHeader = {
  schema: 'hartproof.log/1',
  model: 'two-threads',
  environment: '4.16',
  driver: 'as-posted',
  machines: '0123456789abcdef',
};
const FACTS: Fact[] = Array.from({ length: 40 }, (_, event) => ({ type: 'mutex.lock', event }));
const TICK = '{"type":"hart.tick","hart":0,"counter":"cycle","ticks":1}';
const lines = (header: object, ...facts: string[]): string => `${[JSON.stringify(header), ...facts].join('\n')}\n`;
const tick = (from: string, to: string): string => lines(HEADER, TICK, TICK.replace(from, to));

/** What a file holds, and what is said of it. */
const FILES: Record<string, [content: string | Buffer, said: RegExp]> = {
  nothing: ['', /no header of a log/],
  'no header': [`${TICK}\n`, /line 1: no header of a log/],
  'a header and nothing else': [lines(HEADER), /holds no fact/],
  'a counterexample without facts': [lines({ ...HEADER, breaks: 'busy-is-true' }), /incomplete: it has no fact/],
  'fewer facts than there were': [lines({ ...HEADER, length: 3 }, TICK), /line 2: incomplete: it has 1 of its 3 facts/],
  'another schema': [lines({ ...HEADER, schema: { a: 1 } }, TICK), /line 1: a log of another schema/],
  'a path for a driver': [
    lines({ ...HEADER, driver: '../../etc/x' }, TICK),
    /line 1: driver of the header is not a name/,
  ],
  'a width that is none': [lines({ ...HEADER, wordBits: 2 ** 40 }, TICK), /wordBits of the header is not a width/],
  'a billion events': [
    lines({ ...HEADER, model: 'kernel-trace', trace: { events: 1e9, harts: 1 } }, TICK),
    /trace.events is 1000000000, but its facts are of 1/,
  ],
  'a field that is none': [lines({ ...HEADER, evil: 1 }, TICK), /line 1: this version knows no evil in the header/],
  'a field in a field': [
    lines({ ...HEADER, model: 'kernel-trace', trace: { events: 1, harts: 1, cpus: 1 } }, TICK),
    /trace of the header is not a number of events and of harts/,
  ],
  'a refusal of what is no trace': [
    lines({ ...HEADER, refused: { line: 1, callback: '', machine: '', what: '', expected: '', found: '' } }, TICK),
    /line 1: refused of the header is of a kernel's trace/,
  ],
  'a text for what is undecided': [
    lines({ ...HEADER, undecided: 'count-exact' }, TICK),
    /undecided of the header is not a list/,
  ],
  'ticks as a string': [tick('"ticks":1', '"ticks":"1"'), /line 3 is no fact: ticks of hart.tick cannot be 1/],
  'ticks without end': [tick('"ticks":1', '"ticks":1e400'), /line 3 is no fact: ticks of hart.tick cannot be Infinity/],
  'ticks of more than a word': [
    tick('"ticks":1', '"ticks":"18446744073709551616"'),
    /ticks of hart.tick cannot be 1844/,
  ],
  'a fraction of a tick': [tick('"ticks":1', '"ticks":0.5'), /ticks of hart.tick cannot be 0.5/],
  'a negative tick': [tick('"ticks":1', '"ticks":-1'), /ticks of hart.tick cannot be -1/],
  'a hart that is no index': [tick('"hart":0', '"hart":99999999999'), /hart of hart.tick cannot be 99999999999/],
  'a counter by a prototype': [tick('"cycle"', '"constructor"'), /counter of hart.tick cannot be constructor/],
  'a type by a prototype': [tick('hart.tick', 'toString'), /there is no type toString/],
  'a key that is no data': [tick('"ticks"', '"__proto__":{},"ticks"'), /line 3 has a key __proto__/],
  'a key twice': [tick('"ticks"', '"h\\u0061rt":1,"ticks"'), /line 3 has the key hart twice/],
  'a field of no fact': [tick('"ticks"', '"more":1,"ticks"'), /line 3 is no fact: hart.tick has no more/],
  'a list in place of a name': [
    lines(HEADER, '{"type":"event_init.call","event":0,"attribute":["cycles"]}'),
    /attribute of event_init.call cannot be \["cycles"\]/,
  ],
  'lists in lists': [tick('"ticks":1', `"ticks":${'['.repeat(5000)}${']'.repeat(5000)}`), /line 3 is nested too deep/],
  'an empty line': [lines(HEADER, '', TICK), /line 2 is no JSON/],
  null: [lines(HEADER, 'null'), /line 2 is no fact: it is no object/],
  'a line of megabytes': [lines(HEADER, `{"type":"${'x'.repeat(1 << 20)}"}`), /a line is longer than 65536 bytes/],
  NUL: [lines(HEADER, '\0\0\0'), /line 2 is no JSON/],
  'UTF-16': [Buffer.from(lines(HEADER, TICK), 'utf16le'), /line 1 is no JSON|not UTF-8/],
  'bytes that are no text': [
    Buffer.concat([Buffer.from(lines(HEADER, TICK)), Buffer.from([0xff, 10])]),
    /line 3 is not UTF-8/,
  ],
};

const logs = suite<{ directory: string }>('a log from a stranger');
logs.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-hostile-'));
});
logs.after.each(({ directory }) => rmSync(directory, { recursive: true }));

const saidOf = async (log: string, directory = '.'): Promise<string> => {
  try {
    await readLog(log, directory);
    return 'a log';
  } catch (error) {
    return (error as Error).message;
  }
};

for (const [name, [content, said]] of Object.entries(FILES))
  logs(`of ${name} is refused in one line, with its place`, async ({ directory }) => {
    const file = join(directory, 'log.jsonl');
    writeFileSync(file, content);
    const message = await saidOf(file);
    assert.match(message, said);
    assert.match(message, file);
    assert.is(message.split('\n').length, 1);
    assert.equal(readdirSync(directory), ['log.jsonl']);
  });

const HANDED = fileURLToPath(new URL('../../../shared/cases/hostile/logs/', import.meta.url));

logs('that was handed over is read, or refused in one line with its place', async () => {
  const names = existsSync(HANDED) ? readdirSync(HANDED) : [];
  if (names.length === 0) console.log(`(no logs in ${HANDED})`);
  for (const name of names) {
    const message = await saidOf(join(HANDED, name));
    assert.ok(message === 'a log' || message.includes(name), message);
    assert.is(message.split('\n').length, 1);
  }
});

logs('that only lacks its last newline is whole; one that is torn says so', async ({ directory }) => {
  const file = join(directory, 'log.jsonl');
  writeFileSync(file, lines(HEADER, TICK, TICK).trimEnd());
  assert.is((await readLog(file, directory)).facts.length, 2);
  writeFileSync(file, lines(HEADER, TICK, TICK).slice(0, -9));
  const { facts, isTorn } = await readLog(file, directory);
  assert.is(facts.length, 1);
  assert.ok(isTorn);
});

logs('takes no part of what a full disk cannot take', ({ directory }) => {
  if (process.platform !== 'linux') return;
  const store = new URL('../../src/store/index.ts', import.meta.url).href;
  const script = join(directory, 'append.ts');
  writeFileSync(
    script,
    `import { JsonLinesStore } from '${store}';
    const store = new JsonLinesStore(${JSON.stringify(directory)});
    const facts = Array.from({ length: 2000 }, (_, event) => ({ type: 'mutex.lock', event }));
    store.create('a', ${JSON.stringify(HEADER)}, facts.slice(0, 20));
    try { store.append('a', 20, facts); } catch (error) { console.log(error.message + ' ' + [...store.read('a')].length); }`,
  );
  const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" --import tsx "$1"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', limited, process.execPath, script], {
    encoding: 'utf8',
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  assert.match(stdout, /a\.jsonl: EFBIG.*; its first 20 facts are safe 20\n$/, stderr);
});

logs('that is no regular file is not waited for', async ({ directory }) => {
  if (process.platform !== 'linux') return;
  const path = (name: string): string => join(directory, `${name}.jsonl`);
  mkdirSync(path('directory'));
  spawnSync('mkfifo', [path('pipe')]);
  symlinkSync('/dev/zero', path('device'));
  for (const name of ['directory', 'pipe', 'device']) assert.match(await saidOf(path(name)), /is no regular file/);
  for (const name of ['directory', 'pipe', 'device']) {
    const kept = join(directory, name);
    mkdirSync(kept);
    linkOrCopy(path(name), join(kept, 'logs.db'));
    assert.match(await saidOf('a', kept), /cannot read the logs that are kept in .* is no regular file/);
    assert.throws(() => new SqliteStore(join(kept, 'logs.db')), /is no regular file/);
  }
});

/** Another name for what is no directory. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    mkdirSync(to);
  }
}
logs.run();

/** A change of a store with a log `a` of 40 facts, and what is said of it, to read and to write. */
const CHANGES: Record<string, [change: string | ((file: string) => void), said: RegExp]> = {
  'a gap': ['DELETE FROM facts WHERE version = 7', /some of its facts are missing/],
  'no facts': ['DELETE FROM facts', /incomplete: it has 0 of its 40 facts/],
  'a cut': ['DELETE FROM facts WHERE version > 20', /incomplete: it has 20 of its 40 facts/],
  'a version that is a text': ["UPDATE facts SET version = 'x' WHERE version = 40", /some of its facts are missing/],
  'a version below 1': ['UPDATE facts SET version = -3 WHERE version = 40', /some of its facts are missing/],
  'a version beyond numbers': [
    'UPDATE facts SET version = 9223372036854775807 WHERE version = 40',
    /facts are missing/,
  ],
  'a blob for a fact': ["UPDATE facts SET fact = x'7b7d' WHERE version = 2", /one is missing, no text/],
  'a fact that is not UTF-8': ["UPDATE facts SET fact = CAST(x'ff' AS TEXT) WHERE version = 2", /is not UTF-8/],
  'a fact in lines': ['UPDATE facts SET fact = fact || char(10) WHERE version = 2', /one is more than a line/],
  'a fact of megabytes': [
    "UPDATE facts SET fact = printf('%.*c', 9000000, 'x') WHERE version = 2",
    /longer than 65536 bytes/,
  ],
  'a fact that is none': [
    `UPDATE facts SET fact = '{"type":"x"}' WHERE version = 2`,
    /fact 2 is no fact: there is no type x/,
  ],
  'a header that is a blob': ["UPDATE logs SET header = x'00'", /the header is no text/],
  'a header that is none': ["UPDATE logs SET header = '[]'", /no header of a log/],
  'a name that is a path': [
    "PRAGMA foreign_keys = OFF; UPDATE logs SET name = '../a'",
    /\.\.\/a cannot be the name of a log/,
  ],
  'another version': ['PRAGMA user_version = 2', /schema version 2; this version reads 1/],
  'another application': ['PRAGMA application_id = 7', /a database of something else, and stays as it is/],
  'a table more': ['CREATE TABLE mine (a)', /a database of something else, and stays as it is/],
  'a view for a table': [
    'DROP TABLE snapshots; CREATE VIEW snapshots AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n',
    /a database of something else/,
  ],
  'a trigger': ['CREATE TRIGGER t AFTER INSERT ON logs BEGIN DELETE FROM facts; END', /a database of something else/],
  'half of the file': [(file) => truncateSync(file, 9000), /logs\.db/],
  'no more than a header': [(file) => truncateSync(file, 100), /logs\.db/],
  'a page that was overwritten': [
    (file) => {
      const bytes = readFileSync(file);
      bytes.fill(0x5a, 8192, 12288);
      writeFileSync(file, bytes);
    },
    /logs\.db/,
  ],
  'a text': [
    (file) => writeFileSync(file, 'this is no database at all, but a text'.repeat(9)),
    /is no SQLite database/,
  ],
  'a journal that names another file': [
    (file) => writeFileSync(`${file}-journal`, Buffer.from('d9d505f920a163d7', 'hex')),
    /no journal of a store/,
  ],
  'the log of another database beside it': [
    (file) => {
      const other = `${file}.other`;
      const database = new Database(other);
      database.exec('PRAGMA journal_mode = WAL; CREATE TABLE x (y); INSERT INTO x VALUES (zeroblob(9000))');
      copyFileSync(`${other}-wal`, `${file}-wal`);
      database.close();
      rmSync(other);
    },
    /logs\.db-wal is of another database/,
  ],
  'a pipe for a journal': [(file) => void spawnSync('mkfifo', [`${file}-journal`]), /is no regular file/],
};

const stores = suite<{ directory: string; file: string }>('a store from a stranger');
stores.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-hostile-'));
  context.file = join(context.directory, 'logs.db');
  const store = new SqliteStore(context.file);
  store.create('a', HEADER, FACTS);
  store.close();
});
stores.after.each(({ directory }) => rmSync(directory, { recursive: true }));

for (const [name, [change, said]] of Object.entries(CHANGES))
  stores(`with ${name} is refused, and stays as it is`, async ({ directory, file }) => {
    if (typeof change === 'string') {
      const database = new Database(file);
      database.exec(change);
      database.close();
    } else change(file);
    const before = readFileSync(file);
    const message = await saidOf('a', directory);
    assert.match(message, said);
    assert.is(message.split('\n').length, 1);
    assert.ok(readFileSync(file).equals(before));
    assert.equal(
      readdirSync(directory).filter((name) => !/-(journal|wal)$/.test(name)),
      ['logs.db'],
    );
  });

stores('is read without a change, also where only reading is allowed', async ({ directory, file }) => {
  const before = readFileSync(file);
  assert.equal((await readLog('a', directory)).facts, FACTS);
  assert.ok(readFileSync(file).equals(before));
  assert.equal(readdirSync(directory), ['logs.db']);
});

stores('of the version before it had an application is read and written', async ({ directory, file }) => {
  const database = new Database(file);
  database.exec('PRAGMA application_id = 0; PRAGMA journal_mode = WAL');
  database.close();
  assert.equal((await readLog('a', directory)).facts, FACTS);
  const store = new SqliteStore(file);
  store.append('a', 40, FACTS.slice(0, 1));
  store.close();
  assert.is((await readLog('a', directory)).facts.length, 41);
});

stores('that is another application’s gets no table of ours', ({ directory }) => {
  const file = join(directory, 'other.db');
  const other = new Database(file);
  other.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
  other.close();
  const before = readFileSync(file);
  for (const purpose of ['read', 'write'] as const)
    assert.throws(
      () => new SqliteStore(file, purpose),
      (error: Error) => error instanceof BrokenLog && /something else/.test(error.message),
    );
  assert.ok(readFileSync(file).equals(before));
  assert.not(existsSync(`${file}-journal`));
});

stores('whose header leaves more open than a recording can is believed in no more than that', () => {
  const trace = { ...HEADER, model: 'kernel-trace', trace: { events: 1, harts: 1 } };
  const undecided = ['count-exact', 'slot-owner', 'references-balance'];
  assert.equal(checkHeader({ ...trace, undecided }, 'log').undecided, ['count-exact']);
  assert.is(checkHeader({ ...trace, undecided: ['slot-owner'] }, 'log').undecided, undefined);
  assert.is(checkHeader({ ...HEADER, undecided }, 'log').undecided, undefined);
});

stores.run();
