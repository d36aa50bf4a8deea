/** Appends facts to a log until it is killed, and says of each append, once it has returned, how far the log is: see kill.test.ts. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { JsonLinesStore } from '../../src/store/json-lines.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';

const [adapter, directory] = process.argv.slice(2) as [string, string];
const store = adapter === 'sqlite' ? new SqliteStore(join(directory, 'logs.db')) : new JsonLinesStore(directory);
for (let version = store.version('log'); ; ) {
  const facts = Array.from({ length: 1 + (version % 7) }, (_, offset) => ({
    type: 'mutex.lock' as const,
    event: version + offset,
  }));
  version = store.append('log', version, facts);
  writeSync(1, `${version}\n`);
}
