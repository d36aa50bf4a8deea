import { availableParallelism } from 'node:os';
import { type Model, propertyOf } from '../../../models/index.ts';
import { type Build, type BuildOptions, build, type DriverSource, NoSubject } from '../../subject/index.ts';
import { SearchThread } from '../../subject/search-thread.ts';
import type { ScopeOfSearch } from '../ask.ts';
import { type BrokenInC, checkAudited, keyOf } from './broken-in-c.ts';

/** A driver's C that is to be audited. */
interface Copy {
  readonly source: DriverSource;
  /** Made by the thread that begins with it. */
  build?: Build;
  /** The scopes of each model that nobody has taken. */
  left: (readonly ScopeOfSearch[])[];
  /** How many models are not done, and what the others came to. */
  open: number;
  readonly broken: Map<string, ReadonlySet<string>>;
  readonly resolve: (broken: BrokenInC) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Audits C drivers in the background, as many at once as there are processors: what ran of one is known to the thread that
 * audits it, so that others help only where there is none left to begin with.
 */
export class Auditor {
  readonly #threads = Array.from({ length: availableParallelism() }, () => new SearchThread());
  readonly #idle = new Set(this.#threads);
  readonly #copies = new Set<Copy>();
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
    const byModel = new Map<Model, ScopeOfSearch[]>();
    for (const scope of scopes) byModel.set(scope.model, [...(byModel.get(scope.model) ?? []), scope]);
    const left = [...byModel.values()];
    if (left.length === 0) return new Map();
    this.#tasks += left.length;
    return new Promise((resolve, reject) => {
      this.#copies.add({ source, left, open: left.length, broken: new Map(), resolve, reject });
      for (const thread of [...this.#idle]) void this.#work(thread);
    });
  }

  /** Ends the threads: what is not audited yet will not be. */
  async close(): Promise<void> {
    for (const copy of this.#copies) this.#giveUp(copy, new NoSubject('its audit was interrupted'));
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** Has a thread audit until nothing is left. */
  async #work(thread: SearchThread): Promise<void> {
    this.#idle.delete(thread);
    // It loads its code while the C is compiled.
    thread.start();
    let copy: Copy | undefined;
    for (;;) {
      if (copy === undefined || copy.left.length === 0) copy = this.#next();
      if (copy === undefined) break;
      await this.#auditModel(thread, copy);
    }
    this.#idle.add(thread);
  }

  /** A copy with which nobody has begun, or else one of which most is left. */
  #next(): Copy | undefined {
    const waiting = [...this.#copies].filter(({ left }) => left.length > 0);
    const most = Math.max(...waiting.map(({ left }) => left.length));
    return waiting.find((copy) => copy.build === undefined) ?? waiting.find(({ left }) => left.length === most);
  }

  /** Audits the next model of a copy. */
  async #auditModel(thread: SearchThread, copy: Copy): Promise<void> {
    const scopes = copy.left.shift()!;
    try {
      copy.build ??= build(copy.source, this.options);
      for (const scope of scopes) copy.broken.set(keyOf(scope), await brokenInC(thread, copy.build, scope));
      if (--copy.open === 0) copy.resolve(copy.broken);
    } catch (error) {
      this.#giveUp(copy, error);
    }
    if (copy.left.length === 0) this.#copies.delete(copy);
    this.onProgress(++this.#done, this.#tasks);
  }

  #giveUp(copy: Copy, why: unknown): void {
    copy.reject(why);
    this.#done += copy.left.length;
    copy.left = [];
  }
}

async function brokenInC(thread: SearchThread, build: Build, scope: ScopeOfSearch): Promise<ReadonlySet<string>> {
  const { model, environment } = scope;
  const asked = model.properties.map(propertyOf);
  const { covered, verdicts } = await thread.decide({ build, everyAccess: false }, model, environment, asked);
  checkAudited(scope, covered);
  return new Set([...verdicts].filter(([, { verdict }]) => verdict === 'violated').map(([id]) => id));
}
