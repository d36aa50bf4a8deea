import type { LogHeader, LogStore } from '../store/index.ts';
import { EXIT, UsageError } from './exit.ts';
import { hasStore, openStore, orStoreError } from './logs.ts';
import { write } from './output.ts';
import { recordingOf } from './recording.ts';

interface Options {
  readonly store: string;
  readonly config?: string | true;
}

/** What became of a counterexample: what is `open` is for a search to say, and what is `unknown` is no pass. */
interface Again {
  readonly verdict: 'breaks' | 'mended' | 'open' | 'unknown';
  readonly said: string;
}

const MARKS = { breaks: '✗', mended: '✓', open: '·', unknown: '?' } as const satisfies Record<Again['verdict'], string>;

/** Replays every counterexample that is kept, and says which still break their promise. Returns the exit status. */
export async function replayAll({ store: directory, config }: Options): Promise<number> {
  if (!hasStore(directory))
    throw new UsageError(`nothing is kept in ${directory} yet (hartproof audit keeps its counterexamples there)`);
  const store = await openStore(directory);
  const lines: string[] = [];
  const verdicts = new Set<Again['verdict']>();
  for (const name of store.logs()) {
    const header = orStoreError(() => store.header(name));
    if (header.breaks === undefined) continue;
    const { verdict, said } = await again(store, name, header, config).catch((error: Error): Again => {
      if (!(error instanceof UsageError) && !(error instanceof RangeError)) throw error;
      return { verdict: 'unknown', said: `cannot be replayed: ${error.message}` };
    });
    verdicts.add(verdict);
    lines.push(`${MARKS[verdict]} ${name}: ${said}\n`);
  }
  store.close();
  await write(undefined, lines.join(''));
  if (verdicts.has('unknown')) return EXIT.usage;
  return verdicts.has('breaks') ? EXIT.findings : EXIT.clean;
}

async function again(
  store: LogStore,
  name: string,
  header: LogHeader,
  config: string | true | undefined,
): Promise<Again> {
  const { isAboutAllLogs, judge } = await import('../replay/judge.ts');
  const { systemOf } = await import('../replay/recorded.ts');
  const { RefusedFact } = await import('../compose/index.ts');
  const { propertyOf } = await import('../../models/index.ts');
  // A file describes what is no modelled driver.
  const { of, doubt } = await recordingOf(header, header.config && config);
  const property = propertyOf(header.breaks!);
  const since = doubt === undefined ? '' : ` (${doubt})`;
  try {
    const { breaks } = judge(systemOf(header, of), store.read(name), [property]);
    if (isAboutAllLogs(property))
      return { verdict: 'open', said: `accepted; whether it still breaks is for a search to say${since}` };
    return breaks.length > 0
      ? { verdict: 'breaks', said: `still breaks${since}` }
      : { verdict: 'mended', said: `no longer breaks${since}` };
  } catch (error) {
    if (!(error instanceof RefusedFact)) throw error;
    return { verdict: 'mended', said: `no longer possible${since}: ${error.message}` };
  }
}
