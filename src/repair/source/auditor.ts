import { propertyOf } from '../../../models/index.ts';
import { Pool } from '../../engine/check/pool.ts';
import { type Build, type BuildOptions, build, type DriverSource, NoSubject } from '../../subject/index.ts';
import { SearchThread } from '../../subject/search-thread.ts';
import type { ScopeOfSearch } from '../ask.ts';
import { type BrokenInC, keyOf } from './broken-in-c.ts';

/** Audits C drivers in the background, as many models at once as there are processors. */
export class Auditor {
  readonly #threads = new Pool(() => new SearchThread());
  #tasks = 0;
  #done = 0;

  /** `onProgress` is called when a model was audited, with how many were and how many were asked for so far. */
  constructor(
    readonly options: BuildOptions,
    readonly onProgress: (done: number, tasks: number) => void = () => {},
  ) {}

  /**
   * Audits a driver's C. Throws `NoSubject` if it does not compile or boot, or a search stops early: what was not searched is no
   * pass.
   */
  async audit(source: DriverSource, scopes: readonly ScopeOfSearch[]): Promise<BrokenInC> {
    const compiled = build(source, this.options);
    const broken = await Promise.all(
      [...new Set(scopes.map(({ model }) => model))].map((model) =>
        this.#inTurn((thread) =>
          brokenInC(
            thread,
            compiled,
            scopes.filter((scope) => scope.model === model),
          ),
        ),
      ),
    );
    return new Map(broken.flat());
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  async #inTurn<T>(work: (thread: SearchThread) => Promise<T>): Promise<T> {
    this.#tasks++;
    try {
      return await this.#threads.with(work);
    } finally {
      this.onProgress(++this.#done, this.#tasks);
    }
  }
}

async function brokenInC(
  thread: SearchThread,
  build: Build,
  scopes: readonly ScopeOfSearch[],
): Promise<[string, ReadonlySet<string>][]> {
  const broken: [string, ReadonlySet<string>][] = [];
  for (const scope of scopes) {
    const { model, environment } = scope;
    const asked = model.properties.map(propertyOf);
    const { covered, verdicts } = await thread.decide({ build, everyAccess: false }, model, environment, asked);
    if (!covered.exhaustive) throw new NoSubject(`its audit stopped in ${keyOf(scope)}: ${covered.stoppedBy}`);
    broken.push([
      keyOf(scope),
      new Set([...verdicts].filter(([, { verdict }]) => verdict === 'violated').map(([id]) => id)),
    ]);
  }
  return broken;
}
