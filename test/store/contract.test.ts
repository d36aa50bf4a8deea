import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fact } from '../../src/facts/index.ts';
import {
  BrokenLog,
  JsonLinesStore,
  LogExists,
  type LogHeader,
  type LogStore,
  NoSuchLog,
  VersionConflict,
} from '../../src/store/index.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';

const HEADER: LogHeader = {
  schema: 'hartproof.log/1',
  model: 'two-threads',
  environment: '4.16',
  driver: 'as-posted',
  machines: '0123456789abcdef',
};
const fact = (event: number): Fact => ({ type: 'mutex.lock', event });
const facts = (count: number): Fact[] => Array.from({ length: count }, (_, event) => fact(event));

const ADAPTERS: Record<string, (directory: string) => LogStore> = {
  'JSON Lines': (directory) => new JsonLinesStore(directory),
  SQLite: (directory) => new SqliteStore(join(directory, 'logs.db')),
};

for (const [adapter, open] of Object.entries(ADAPTERS)) {
  const contract = suite<{ directory: string; store: LogStore }>(`the log store in ${adapter}`);

  contract.before.each((context) => {
    context.directory = mkdtempSync(join(tmpdir(), 'hartproof-store-'));
    context.store = open(context.directory);
  });
  contract.after.each(({ directory, store }) => {
    store.close();
    rmSync(directory, { recursive: true });
  });

  contract('keeps facts in order, from any position', ({ store }) => {
    store.create('a', HEADER);
    assert.is(store.version('a'), 0);
    assert.is(store.append('a', 0, facts(3)), 3);
    assert.is(store.append('a', 3, [fact(9)]), 4);
    assert.equal([...store.read('a')], [...facts(3), fact(9)]);
    assert.equal([...store.read('a', 3)], [fact(9)]);
    assert.equal([...store.read('a', 4)], []);
  });

  contract('keeps logs apart, by name', ({ store }) => {
    store.create('b', HEADER);
    store.create('a', { ...HEADER, breaks: 'busy-is-true' });
    store.append('a', 0, facts(2));
    assert.equal(store.logs(), ['a', 'b']);
    assert.is(store.version('b'), 0);
    assert.equal(store.header('a'), { ...HEADER, breaks: 'busy-is-true' });
  });

  contract('survives being closed', ({ directory, store }) => {
    store.create('a', HEADER);
    store.append('a', 0, facts(5));
    store.close();
    const again = open(directory);
    assert.is(again.version('a'), 5);
    assert.is(again.append('a', 5, facts(1)), 6);
    again.close();
  });

  contract('gives one of two writers a version conflict, and loses nothing', ({ directory, store }) => {
    store.create('a', HEADER);
    const other = open(directory);
    store.append('a', 0, facts(2));
    assert.throws(
      () => other.append('a', 0, facts(1)),
      (error: Error) => error instanceof VersionConflict && error.expected === 0 && error.actual === 2,
    );
    assert.is(other.append('a', 2, facts(1)), 3);
    assert.is(store.version('a'), 3);
    other.close();
  });

  contract('refuses a log that is there, and one that is not', ({ store }) => {
    store.create('a', HEADER);
    assert.throws(
      () => store.create('a', HEADER),
      (error: Error) => error instanceof LogExists,
    );
    for (const action of [
      () => store.version('b'),
      () => store.header('b'),
      () => [...store.read('b')],
      () => store.append('b', 0, facts(1)),
    ])
      assert.throws(action, (error: Error) => error instanceof NoSuchLog);
  });

  contract('writes some together, and goes on after one that is there', ({ directory, store }) => {
    store.create('a', HEADER, facts(2));
    store.together(() => {
      store.create('b', HEADER, facts(3));
      assert.throws(
        () => store.create('a', HEADER),
        (error: Error) => error instanceof LogExists,
      );
      store.append('a', 2, facts(1));
    });
    const other = open(directory);
    assert.equal([...other.read('a')], [...facts(2), ...facts(1)]);
    assert.equal([...other.read('b')], facts(3));
    other.close();
  });

  contract('reads a long log in order, from any place', ({ store }) => {
    store.create('a', HEADER);
    store.append('a', 0, facts(5000));
    assert.equal([...store.read('a')], facts(5000));
    assert.equal([...store.read('a', 3999)], facts(5000).slice(3999));
    assert.equal([...store.read('a', 5000)], []);
  });

  contract.run();
}

const jsonLines = suite<{ directory: string }>('what JSON Lines alone can meet');
jsonLines.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-store-'));
});
jsonLines.after.each(({ directory }) => rmSync(directory, { recursive: true }));

jsonLines('a torn last line is reported and dropped, and the next append takes its place', ({ directory }) => {
  const store = new JsonLinesStore(directory);
  store.create('a', HEADER);
  store.append('a', 0, facts(2));
  appendFileSync(join(directory, 'a.jsonl'), '{"type":"mutex.lo');
  const again = new JsonLinesStore(directory);
  assert.equal([...again.read('a')], facts(2));
  assert.is(again.version('a'), 2);
  assert.is(again.dropped.length, 1);
  assert.match(again.dropped[0]!, 'mutex.lo');
  again.append('a', 2, [fact(7)]);
  assert.equal([...again.read('a')], [...facts(2), fact(7)]);
  assert.ok(readFileSync(join(directory, 'a.jsonl'), 'utf8').endsWith('"event":7}\n'));
});

jsonLines('a broken line, an empty file, another schema and an impossible name are refused', ({ directory }) => {
  const store = new JsonLinesStore(directory);
  const isBroken = (error: Error) => error instanceof BrokenLog;
  writeFileSync(join(directory, 'empty.jsonl'), '');
  assert.throws(() => store.header('empty'), isBroken);
  writeFileSync(join(directory, 'other.jsonl'), '{"schema":"hartproof.log/9"}\n');
  assert.throws(() => store.header('other'), isBroken);
  writeFileSync(join(directory, 'bad.jsonl'), `${JSON.stringify(HEADER)}\nnot json\n`);
  assert.throws(() => [...store.read('bad')], isBroken);
  assert.throws(() => store.create('../out', HEADER), isBroken);
});
jsonLines.run();

test('SQLite keeps nothing of what is written together if one of it cannot be', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-store-'));
  const store = new SqliteStore(join(directory, 'x.db'));
  const writeBoth = (): void => {
    store.create('a', HEADER, facts(2));
    store.append('a', 7, facts(1));
  };
  assert.throws(
    () => store.together(writeBoth),
    (error: Error) => error instanceof VersionConflict,
  );
  assert.equal(store.logs(), []);
  store.create('a', HEADER, facts(1));
  assert.is(store.version('a'), 1);
  store.close();
  rmSync(directory, { recursive: true });
});

test('SQLite refuses what is no database, and a fact that is no JSON', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-store-'));
  const path = join(directory, 'x.db');
  const isBroken = (error: Error) => error instanceof BrokenLog;
  writeFileSync(path, 'this is no database at all, only a text that is long enough to be looked at');
  assert.throws(() => new SqliteStore(path), isBroken);
  const store = new SqliteStore(join(directory, 'y.db'));
  store.create('a', HEADER);
  store.append('a', 0, facts(3));
  const database = new Database(join(directory, 'y.db'));
  database.exec("UPDATE facts SET fact = '{' WHERE version = 2");
  assert.throws(() => [...store.read('a')], isBroken);
  database.close();
  store.close();
  rmSync(directory, { recursive: true });
});
test.run();
