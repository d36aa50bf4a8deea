import type { LogHeader, LogStore } from '../store/index.ts';
import { EXIT, UsageError } from './exit.ts';
import { hasStore, openStore, readWhole } from './logs.ts';
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

/** Replays every counterexample that is kept, and says which still violate their property. Returns the exit status. */
export async function replayAll({ store: directory, config }: Options): Promise<number> {
  if (!hasStore(directory))
    throw new UsageError(`nothing is kept in ${directory} yet (hartproof audit keeps its counterexamples there)`);
  const store = await openStore(directory);
  const lines: string[] = [];
  const verdicts = new Set<Again['verdict']>();
  try {
    for (const name of names(store)) {
      const result = await again(store, name, config).catch((error: Error): Again => {
        if (!(error instanceof UsageError) && !(error instanceof RangeError)) throw error;
        return { verdict: 'unknown', said: `cannot be replayed: ${error.message}` };
      });
      if (result === undefined) continue;
      verdicts.add(result.verdict);
      lines.push(`${MARKS[result.verdict]} ${name}: ${result.said}\n`);
    }
  } finally {
    store.close();
  }
  // An audit that was killed as it began to keep its first leaves a store without any.
  if (lines.length === 0) throw new UsageError(`no counterexample is kept in ${directory}: nothing was replayed`);
  await write(undefined, lines.join(''));
  if (verdicts.has('unknown')) return EXIT.usage;
  return verdicts.has('breaks') ? EXIT.findings : EXIT.clean;
}

function names(store: LogStore): string[] {
  try {
    return store.logs();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What became of a log; undefined if it is no counterexample. */
async function again(store: LogStore, name: string, config: string | true | undefined): Promise<Again | undefined> {
  const { isAboutAllLogs, logVerdicts } = await import('../replay/log-verdicts.ts');
  const { systemOf } = await import('../replay/recorded.ts');
  const { RefusedFact } = await import('../engine/compose/index.ts');
  const { propertyOf } = await import('../../models/index.ts');
  const { header, facts, placeOf } = readWhole(store, name);
  if (header.breaks === undefined) return undefined;
  // A file describes what is no modelled driver.
  const { of, doubt } = await recordingOf(header, isDescribed(header) ? config : undefined);
  const property = propertyOf(header.breaks);
  const since = doubt === undefined ? '' : ` (${doubt})`;
  try {
    const { breaks } = logVerdicts(systemOf(header, of), facts, [property]);
    if (isAboutAllLogs(property))
      return { verdict: 'open', said: `accepted; whether it still breaks is for a search to say${since}` };
    if (breaks.length > 0) return { verdict: 'breaks', said: `still breaks${since}` };
    // By the same machines it can only be that facts are lost, or that the property asks for less now.
    if (doubt === undefined && header.length === undefined)
      return {
        verdict: 'unknown',
        said: 'does not break, but does not say either how many facts it had: hartproof audit keeps it anew',
      };
    return { verdict: 'mended', said: `no longer breaks${since}` };
  } catch (error) {
    if (!(error instanceof RefusedFact)) throw error;
    if (doubt !== undefined) return { verdict: 'mended', said: `no longer possible${since}: ${error.message}` };
    throw new UsageError(
      `${placeOf(error.position)}: the machines that wrote the log do not accept it: ${error.reason}`,
    );
  }
}

const isDescribed = ({ config, port }: LogHeader): boolean => config !== undefined || port !== undefined;
