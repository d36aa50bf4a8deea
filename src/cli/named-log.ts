import { byCause } from '../findings/finding.ts';
import { isNamed, type Named, namedIn, plain } from '../findings/token.ts';
import type { LogStore } from '../store/index.ts';
import { UsageError } from './exit.ts';
import { lastReports } from './last-report.ts';

/** What a log that an audit kept has behind the id of its finding. */
const DIGEST = /\.[0-9a-f]{6}$/;

/**
 * The log of a store that a person means: by its own name, or by the number or the name of its finding, as `show` takes them.
 * Undefined if there is none. Throws a UsageError if there are several, or if the finding has no log that machines follow.
 */
export function logNamed(store: LogStore, what: string, directory: string): string | undefined {
  const names = store.logs();
  if (names.includes(what)) return what;
  const found = findingsNamed(what, directory);
  if (found.length > 1) throw new UsageError(`${what} is the beginning of several findings: hartproof show lists them`);
  const finding = found[0]?.findings[0];
  const logs = names.filter((name) => {
    if (!DIGEST.test(name)) return false;
    const id = name.replace(DIGEST, '');
    return finding === undefined ? /^hp:[0-9a-f]+$/.test(what) && isNamed(id, what) : id === plain(finding.id);
  });
  if (finding !== undefined && logs.length === 0)
    throw new UsageError(
      `${what} (${finding.id}) is kept as no log of modelled machines: hartproof show ${what} shows it`,
    );
  if (logs.length < 2) return logs[0];
  const facts = JSON.stringify(finding?.counterexamples[0]?.facts);
  const same = logs.filter((name) => JSON.stringify([...store.read(name)]) === facts);
  if (same.length > 0) return same[0];
  throw new UsageError(`${what} is kept of several drivers: ${logs.join(', ')}`);
}

/** The findings of the last report that have such a name; none where no report can be read. */
function findingsNamed(name: string, directory: string): Named[] {
  return (lastReports(directory) ?? []).flatMap(({ findings }) => namedIn(byCause(findings), name));
}
