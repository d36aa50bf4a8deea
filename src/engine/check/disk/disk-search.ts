import { FIRST_GUESS } from '../bfs-search.ts';
import type { Found } from '../breaks.ts';
import { type Component, componentsOf } from '../component.ts';
import { Engine } from '../engine.ts';
import { yieldToEventLoop } from '../event-loop.ts';
import { LARGE_HEADROOM, Layout, layoutFor } from '../layout.ts';
import { reached, type Stops } from '../limits.ts';
import type { Product } from '../product.ts';
import type { OfProperty } from '../property-set.ts';
import type { Progress, SearchOptions } from '../search.ts';
import { Sorter } from '../sorter.ts';
import { Space } from '../space.ts';
import { StateStore } from '../state-store.ts';
import { PARTS } from '../store.ts';
import type { Break } from '../table-monitor.ts';
import { Candidates, MOST_NUMBERED } from './candidates.ts';
import {
  type Checkpoint,
  hasCheckpoint,
  identityOf,
  type KeptBreak,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';
import { Directory } from './directory.ts';
import { DiskFile } from './disk-file.ts';
import type { DiskOptions } from './disk-options.ts';
import { DiskReachability } from './disk-reach.ts';
import { type GrowingFile, keptOf, type Mark } from './growing-file.ts';
import { TablesText } from './kept-tables.ts';
import { CHUNK, LevelsOnDisk } from './levels-on-disk.ts';
import { pathsTo } from './paths.ts';
import { SuccessorRuns } from './successor-runs.ts';

/** Successors of which it is found out together which are new: few, so that a table of them fits the cache. */
const TOGETHER = 1 << 17;
/** So many times more where much of what is known lies in no order of parts, and is read again for each range of them. */
const UNSORTED = 8;
/** Known states that are read between two looks at what could stop the search. */
const SLICE = 1 << 22;
/** Milliseconds between two checkpoints. */
const OFTEN = 1000;

/** Said when a level is to begin again. */
const AGAIN = 'again';

/**
 * A search that keeps its states on disk. In memory are a batch of successors, and at the end, if it is asked what can be reached, a
 * byte for each state. It is exact: states are compared word by word.
 *
 * The successors of a level are written in sorted runs; which of them are new is found out when all are there (delayed duplicate
 * detection). The end of a level is a checkpoint, from which a search that was stopped goes on.
 */
export class DiskSearch {
  engine!: Engine;
  transitions: number;
  /** States are compared word by word: none is missed. */
  readonly missProbability = undefined;
  /** How many states were found before the search was stopped; undefined where it begins at the beginning. */
  readonly resumedFrom: number | undefined;
  readonly #components: readonly Component[];
  readonly #tables: TablesText;
  readonly #identity: Checkpoint['identity'];
  readonly #directory: Directory;
  readonly #levels: LevelsOnDisk;
  readonly #reach: DiskReachability | null;
  readonly #successors: DiskFile;
  #runs!: SuccessorRuns;
  #sorter!: Sorter;
  #candidates!: Candidates;
  /** What was complete at the end of the last level. */
  #complete!: Pick<Checkpoint, 'levels' | 'unsorted' | 'statesFile' | 'transitions'>;
  #marks!: ReadonlyMap<GrowingFile, Mark>;
  #writtenAt = performance.now();
  /** How many states of the level are expanded. */
  #expanded = 0;
  /** The numbers of the states of breaks: the engine knows a state by its place among those that were read. */
  readonly #numberOf = new Map<Break, number>();
  readonly #paths = new Map<Break, number[]>();
  #isKept = false;
  readonly #stops: Stops;
  readonly #started = performance.now();

  /** Throws a `DiskError` if the directory cannot be used, or holds what is no search of this. */
  constructor(
    readonly product: Product,
    readonly clauses: readonly OfProperty[],
    readonly options: SearchOptions,
    readonly disk: DiskOptions,
  ) {
    const { limits, watch } = options;
    this.#components = componentsOf(product.system);
    this.#tables = new TablesText(product, this.#components);
    this.#identity = identityOf(product, clauses, options.reduce !== false, disk.identity);
    this.#directory = new Directory(disk.directory);
    this.#stops = {
      ...options,
      limits: { ...limits, states: Math.min(limits?.states ?? Infinity, MOST_NUMBERED) },
      watch: () => watch?.() ?? this.#directory.shortage,
    };
    try {
      const kept = readCheckpoint(disk.directory, this.#identity);
      if (kept !== undefined) this.#tables.restore(kept.tables);
      const layout = kept === undefined ? this.#roomyLayout() : new Layout(kept.bits);
      this.#levels = new LevelsOnDisk(this.#directory, layout.words, kept);
      this.#successors = new DiskFile(this.#directory.file('successors'));
      this.#useLayout(layout);
      const goals = this.engine.propertySet.goals.length;
      this.#reach = goals > 0 ? new DiskReachability(this.#directory, goals, kept) : null;
      this.transitions = kept?.transitions ?? 0;
      this.resumedFrom = kept?.levels.at(-1);
      if (kept === undefined) this.#begin(layout);
      else this.#recall(kept);
      this.#noteComplete();
    } catch (error) {
      this.#directory.release();
      throw error;
    }
  }

  /** Searches until every property is decided or a limit is reached; says which. */
  async run(): Promise<string | undefined> {
    let stoppedBy: string | undefined;
    try {
      stoppedBy = (await this.#findStates()) ?? (await this.#decide());
    } catch (error) {
      if (!isOfFullDisk(error)) throw error;
      stoppedBy = `the disk of ${this.#directory.path} is full`;
    }
    // What is asymmetric is searched otherwise, and not kept.
    this.product.symmetry?.verify();
    if (stoppedBy !== undefined) this.#keep();
    const breaks = [...this.#numberOf.keys()];
    const paths = pathsTo(
      this.engine,
      this.#levels,
      breaks.map((one) => this.#numberOf.get(one)!),
    );
    for (const [place, one] of breaks.entries()) this.#paths.set(one, paths[place]!);
    return stoppedBy;
  }

  /** The numbers of the facts on a shortest path to the state of each break. */
  waysTo(breaks: readonly Break[]): number[][] {
    return breaks.map((one) => this.#paths.get(one)!);
  }

  /** Removes what is on disk, or leaves it to a search that goes on. */
  async close(): Promise<void> {
    for (const file of [...this.#files, this.#successors]) file.close();
    if (this.#isKept) this.#directory.release();
    else this.#directory.remove();
  }

  /** Writes the first state. */
  #begin(layout: Layout): void {
    const first = new Int32Array(layout.words);
    layout.write(
      this.#components.map(() => 0),
      first,
      0,
    );
    this.#append(first, new Int32Array(PARTS));
    this.#levels.endLevel();
  }

  /** Takes over what was found before the search was stopped. */
  #recall({ facts, happened, breaks }: Checkpoint): void {
    const numbers = facts.map((fact) => this.product.numberOf(fact));
    this.engine.recall(numbers.filter((_, place) => happened[place]));
    const known = new Map<string, Break>();
    const breakOf = (kept: KeptBreak | null): Break | null => {
      if (kept === null) return null;
      const key = `${kept.state} ${kept.fact}`;
      const one = known.get(key) ?? { state: kept.state, fact: kept.fact < 0 ? -1 : numbers[kept.fact]! };
      known.set(key, one);
      this.#numberOf.set(one, kept.state);
      return one;
    };
    this.engine.monitor.learnBreaks({ first: breaks.first.map(breakOf), lasting: breaks.lasting.map(breakOf) });
  }

  async #findStates(): Promise<string | undefined> {
    while (this.#levels.last.first < this.#levels.last.end) {
      const stoppedBy = (await this.#expandLevel()) ?? (await this.#findNew());
      if (stoppedBy === AGAIN) {
        this.#layOut();
        continue;
      }
      if (stoppedBy !== undefined) return stoppedBy;
      this.#levels.endLevel();
      this.#noteComplete();
      if (performance.now() - this.#writtenAt >= (this.disk.checkpointEvery ?? OFTEN)) this.#write();
      // In the last level there is nothing more to expand, so that no limit matters.
      const limit = this.#levels.last.first < this.#levels.last.end ? this.#limit() : undefined;
      if (limit !== undefined) return limit;
    }
    return undefined;
  }

  /** Asks what there is to ask of the level that was found last, and writes what follows its states. */
  async #expandLevel(): Promise<string | undefined> {
    const { engine } = this;
    const sorter = this.#sorter;
    const { first, end } = this.#levels.last;
    let run = first;
    for (let at = first; at < end; at += CHUNK) {
      const count = Math.min(CHUNK, end - at);
      this.#levels.read(engine.store.states.subarray(0, count * engine.words), at);
      for (let state = 0; state < count && engine.open !== 0; state++) engine.ask(state, engine.open);
      for (let from = 0; from < count; ) {
        from = sorter.collect(engine, from, count);
        this.#noteBreaks(at);
        if (engine.overflow) return AGAIN;
        if (!sorter.isFull && at + from < end) continue;
        this.transitions += sorter.count;
        this.#runs.write(engine, sorter, run);
        run = at + from;
      }
      this.#expanded = at + count - first;
      const stoppedBy = await this.#look(at + count < end);
      if (stoppedBy !== undefined) return stoppedBy;
    }
    return undefined;
  }

  /** Finds out which successors are new, and appends them to the states. */
  async #findNew(): Promise<string | undefined> {
    const { words } = this.engine;
    const levels = this.#levels;
    const known = new Int32Array(CHUNK * words);
    const together = levels.unsorted * UNSORTED > levels.size ? TOGETHER * UNSORTED : TOGETHER;
    let read = 0;
    for (const { from, to, count } of this.#runs.ranges(this.disk.together ?? together)) {
      const candidates = this.#candidates;
      candidates.begin(count);
      this.#runs.read(from, to, candidates.entries);
      candidates.add(count);
      for (const { first, end } of levels.inParts(from, to))
        for (let at = first; at < end; at += CHUNK) {
          const states = known.subarray(0, Math.min(CHUNK, end - at) * words);
          levels.read(states, at);
          candidates.strike(states, states.length / words, at);
          read += CHUNK;
          const stoppedBy = read % SLICE === 0 ? await this.#look(false) : undefined;
          if (stoppedBy !== undefined) return stoppedBy;
        }
      const { states, counts } = candidates.number(levels.size);
      this.#append(states, counts);
      this.#reach?.append(candidates, count);
      const stoppedBy = await this.#look(levels.size > levels.last.end);
      if (stoppedBy !== undefined) return stoppedBy;
    }
    return undefined;
  }

  /** Appends new states, sorted by part. */
  #append(states: Int32Array, counts: Int32Array): void {
    this.#reach?.mark(this.engine, states);
    this.#levels.append(states, counts);
  }

  async #decide(): Promise<string | undefined> {
    const stoppedBy = await this.#reach?.decide(this.engine, this.#levels, () => this.#limit());
    this.#noteBreaks(0);
    return stoppedBy;
  }

  /** Says how far the search is; answers the limit that is reached, where it matters. */
  async #look(matters: boolean): Promise<string | undefined> {
    const { states, transitions, milliseconds } = this;
    const frontier = states - this.#levels.last.first - this.#expanded;
    const progress: Progress = { states, transitions, frontier, milliseconds };
    this.options.onProgress?.(progress);
    await yieldToEventLoop();
    return matters || this.options.signal?.aborted ? this.#limit() : undefined;
  }

  #limit(): string | undefined {
    const { states, bytes, milliseconds } = this;
    return reached(this.#stops, { states, bytes, milliseconds });
  }

  /** A layout with room for the states that components may still get. */
  #roomyLayout(): Layout {
    return layoutFor(
      this.#components.map(({ size }) => Math.max(size, FIRST_GUESS)),
      LARGE_HEADROOM,
    );
  }

  /** Begins a level again, with wider fields for the components. */
  #layOut(): void {
    this.#rewind();
    this.#levels.beginLevelAgain();
    this.transitions = this.#complete.transitions;
    const { space, words } = this.engine;
    const layout = this.#roomyLayout();
    const removeOld = this.#levels.layOutAnew(layout.words, (from, count, to) => {
      for (let state = 0; state < count; state++)
        layout.write(space.unpack(from, state * words), to, state * layout.words);
    });
    this.#useLayout(layout);
    this.#noteComplete();
    this.#write();
    removeOld();
  }

  /** Makes what works on packed states, for such a layout. */
  #useLayout(layout: Layout): void {
    const { words } = layout;
    const { product } = this;
    const store = new StateStore(words, CHUNK);
    store.divide();
    const space = new Space(product, this.#components, layout);
    this.engine = new Engine(space, store, this.clauses, this.options.reduce !== false, this.engine);
    this.#sorter = new Sorter(words, product.offers.length);
    this.#candidates = new Candidates(words);
    this.#runs = new SuccessorRuns(this.#successors, words);
  }

  /** Notes the numbers of the states of breaks; the first state that was read has the number `first`. */
  #noteBreaks(first: number): void {
    this.engine.monitor.breaks.note(this.#numberOf, ({ state }) => first + state);
  }

  /** The files of which a search makes use that goes on. */
  get #files(): readonly GrowingFile[] {
    return [...this.#levels.files, ...(this.#reach?.files ?? [])];
  }

  /** A level is complete. */
  #noteComplete(): void {
    this.#runs.clear();
    this.#sorter.clear(this.engine, null);
    this.#expanded = 0;
    this.#complete = { ...this.#levels.kept, transitions: this.transitions };
    this.#marks = new Map(this.#files.map((file) => [file, file.mark()]));
  }

  /** Cuts off what was written since a level was complete. */
  #rewind(): void {
    this.#runs.clear();
    for (const [file, mark] of this.#marks) file.rewind(mark);
  }

  /** Leaves to a search that goes on what was complete at the end of the last level. */
  #keep(): void {
    this.#rewind();
    try {
      this.#write();
    } catch (error) {
      if (!isOfFullDisk(error)) throw error;
    }
    // On a full disk it may be the one before, or none.
    this.#isKept = hasCheckpoint(this.#directory.path);
  }

  /** Writes a checkpoint of what is complete. */
  #write(): void {
    const { facts } = this.product;
    const keptBreaks = (breaks: Found<Break>['first']): (KeptBreak | null)[] =>
      breaks.map((one) => one && { state: this.#numberOf.get(one)!, fact: one.fact });
    const { first, lasting } = this.engine.monitor.breaks;
    writeCheckpoint(this.#directory.path, {
      identity: this.#identity,
      ...this.#complete,
      bits: this.engine.space.layout.bits,
      files: Object.fromEntries([...this.#marks].map(([file, mark]) => [file.name, keptOf(mark)])),
      facts,
      happened: facts.map((_, fact) => this.engine.happened(fact)),
      breaks: { first: keptBreaks(first), lasting: keptBreaks(lasting) },
      tables: this.#tables.text,
    });
    this.#writtenAt = performance.now();
  }

  get states(): number {
    return this.#levels.size;
  }

  /** The longest of the shortest paths. */
  get depth(): number {
    return this.#levels.depth(this.states - 1);
  }

  /** Bytes on disk. */
  get bytes(): number {
    return [...this.#files, this.#successors].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get milliseconds(): number {
    return performance.now() - this.#started;
  }
}

/** Whether a system says that there is no more room on a disk, or no more for this user. */
const isOfFullDisk = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
