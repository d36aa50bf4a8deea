import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { type Covered, type Limits, type Present, plainSearch, Undecided } from '../engine/check/index.ts';
import { shortOfMemory } from '../engine/check/memory.ts';
import { choices, type Fact, isCounted, type Outcome, type Property, type Verdict } from '../facts/index.ts';
import { type Build, buildFor } from './build.ts';
import { Code } from './code.ts';
import { Growth } from './growth.ts';
import { fileOf, lookUpPlaces, type Place, placeOf } from './places.ts';
import { asFarAsKnown, isAskedInPart, lack, SUBJECT_PROPERTIES } from './properties.ts';
import { type Followed, follow } from './schedule.ts';
import { SearchesInC } from './searches-in-c.ts';
import { isUndefined, Subject, type SubjectMachine, type Undefined } from './subject.ts';
import { SystemInC } from './system-in-c.ts';

/** Where in the C a fact comes from, as a trace tells it; undefined for what the environment does, or if no tool here can tell. */
type PlaceOfFact =
  | { readonly file: string; readonly function: string; readonly lines: readonly [number, number] }
  | undefined;

/** The outcome of one search of the C, with where in it each break is. */
export interface SourceOutcome extends Outcome {
  /** By the log of a counterexample: the place of each of its facts. */
  readonly places: ReadonlyMap<readonly Fact[], readonly PlaceOfFact[]>;
  /** By the id of a property that the driver has no part for: what it lacks. Its verdict is *vacuous*. */
  readonly lacking: ReadonlyMap<string, string>;
}

export interface SourceOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of states found. */
  readonly onProgress?: (states: number) => void;
}

/**
 * A compiled driver, ready to be searched in any model: runs of the C are shared between models of the same machine.
 *
 * @experimental
 */
export class SourceAudit {
  readonly #codes = new Map<string, Code>();
  readonly #growth = new Growth();
  readonly #searches = new SearchesInC<SourceOutcome>();
  /** What it came to when the C was compared with a modelled driver. */
  readonly comparisons = new SearchesInC<{ readonly covered: Covered }>();

  /** `everyAccess`: every plain access of an open or a close to the driver's data is a scheduling point too. */
  constructor(
    readonly build: Build,
    readonly everyAccess = false,
  ) {}

  /**
   * Decides properties on the C in one model and environment, driven by the environment's machines; with them,
   * {@link SUBJECT_PROPERTIES}. The driver's machines of the model are not used.
   * Throws `NoSubject` if the driver does not boot.
   */
  async decide(
    model: Model,
    environment: Environment,
    properties: readonly Property[],
    options: SourceOptions = {},
  ): Promise<SourceOutcome> {
    const started = this.started(model, environment);
    if (started instanceof Undecided) return nothingKnown(properties, started.reason);
    const code = started;
    const { has } = code.subject;
    const lacking = new Map(properties.flatMap(({ id }) => lackOf(id)));
    const asked = [...properties.filter(({ id }) => !lacking.has(id) || isAskedInPart(id)), ...SUBJECT_PROPERTIES];
    const system = new SystemInC(compose(model.scope, environment, DRIVERS['as-posted']), code, model.scope.foreign);
    const known = this.#searches.find(model, system, asked);
    if (known !== undefined) return known;
    const { covered, verdicts: decided } = await plainSearch(system, asked, { ...options, watch: this.watch(code) });
    const verdicts = new Map<string, Verdict>(decided);
    for (const [id, verdict] of verdicts)
      verdicts.set(id, asFarAsKnown(verdict, system.facts, code.subject.unknownAtBoot));
    // Of what was asked in part, only what was broken or not searched to the end is said.
    for (const id of lacking.keys())
      if ((verdicts.get(id)?.verdict ?? 'holds') === 'holds') verdicts.set(id, { verdict: 'vacuous' });
    const logs = [...verdicts.values()].flatMap((verdict) => {
      if (verdict.verdict !== 'violated') return [];
      const { facts, lasting } = verdict.counterexample;
      return lasting === undefined ? [facts] : [facts, lasting.facts];
    });
    const places = new Map(logs.map((log) => [log, this.#placesOf(code, follow(system, log))]));
    const outcome = { covered, verdicts, places, lacking };
    if (covered.exhaustive) this.#searches.add(model, system, asked, outcome);
    return outcome;

    function lackOf(id: string): [string, string][] {
      const missing = lack(id, has);
      return missing === undefined ? [] : [[id, missing]];
    }
  }

  /**
   * Follows a log of the C: the state of each part of the model before each fact and after the last, as properties see it,
   * and the place in the C of each fact that the driver does. Throws a RangeError if it is no log of this driver.
   */
  follow(
    model: Model,
    environment: Environment,
    log: readonly Fact[],
  ): {
    states: Present[][];
    places: PlaceOfFact[];
  } {
    const composed = compose(model.scope, environment, DRIVERS['as-posted']);
    const { system, code, followed } = this.#again(() => {
      const code = this.code(model, environment);
      const system = new SystemInC(composed, code, model.scope.foreign);
      return { system, code, followed: follow(system, log) };
    });
    const stateOf = (row: Int32Array): Present[] =>
      composed.parts.map(({ role, index }) => {
        const part = system.partOf(role, index)!;
        return system.snapshot(part, system.local(part, row));
      });
    const states = [stateOf(system.initial), ...followed.map(({ row }) => stateOf(row))];
    return { states, places: this.#placesOf(code, followed) };
  }

  #placesOf(code: Code, followed: readonly Followed[]): PlaceOfFact[] {
    lookUpSteps(code);
    return followed.map((step) => {
      const place = this.placeOf(code, step);
      return place && { file: place.file, function: place.function, lines: [place.line, place.line] };
    });
  }

  /** The place in the C that a step comes from; undefined for what the environment does, or if no tool here can tell. */
  placeOf(code: Code, { fact, at }: Pick<Followed, 'fact' | 'at'>): Place | undefined {
    return at === undefined ? undefined : placeOfStep(code.subject.build, { fact, at });
  }

  /** The driver's code on the machine of a model, or why it cannot be run: its process was ended from outside. */
  started(model: Model, environment: Environment): Code | Undecided {
    // What was found of other machines is found again where it is needed.
    if (shortOfMemory() !== undefined) this.close();
    try {
      return this.code(model, environment);
    } catch (error) {
      if (error instanceof Undecided) return error;
      throw error;
    }
  }

  /**
   * Looks whether memory is short, or data of the driver only grows. That the process is asked for: the longer a search has
   * gone on, the less often.
   */
  watch(code: Code): () => string | undefined {
    let looks = 0;
    let next = 1;
    return () => {
      const short = shortOfMemory();
      if (short !== undefined || ++looks < next) return short;
      next = Math.ceil(looks * 1.25);
      return this.#growth.of(code.subject);
    };
  }

  /** Does what was done before: where the process was ended meanwhile, in a new one. */
  #again<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      return action();
    }
  }

  /** The driver's code on the machine of a model. Throws {@link Undecided} if its process was ended from outside. */
  code({ scope }: Model, environment: Environment): Code {
    const { events, harts, group, pmu } = scope;
    const { wordBits, xlen, counterWidth, intBits, counterBits = wordBits, writable = false } = pmu;
    const anyOrder = environment === 'any-order';
    const machine: SubjectMachine = {
      ...{ events: events.length, harts, wordBits, xlen, counterWidth, intBits, anyOrder, counterBits, writable },
      givesOut: [...pmu.hwEvents, pmu.cacheEvents, pmu.rawEvents].some(
        (entry) => isCounted(entry) && choices(entry).length > 1,
      ),
      group: anyOrder ? 0 : group,
      everyAccess: this.everyAccess,
    };
    const key = JSON.stringify(machine);
    let code = this.#codes.get(key);
    if (code === undefined || code.subject.gone !== undefined) {
      code?.subject.close();
      code = new Code(new Subject(buildFor(this.build, machine), machine));
      this.#codes.set(key, code);
    }
    return code;
  }

  /** Ends the processes in which the C runs. */
  close(): void {
    for (const { subject } of this.#codes.values()) subject.close();
    this.#codes.clear();
  }
}

/** The outcome of a search that could not begin. */
export const nothingKnown = (properties: readonly Property[], reason: string): SourceOutcome => ({
  covered: nothingCovered(reason),
  verdicts: new Map([...properties, ...SUBJECT_PROPERTIES].map(({ id }) => [id, { verdict: 'bounded', reason }])),
  places: new Map(),
  lacking: new Map(),
});

/** What was covered by a search that could not begin. */
export const nothingCovered = (stoppedBy: string): Covered => ({
  ...{ states: 0, transitions: 0, depth: 0, bytes: 0, milliseconds: 0 },
  ...{ exhaustive: false, stoppedBy },
});

/** The last place in the C on the path of a log. */
export function lastPlace(build: Build, followed: readonly Followed[]): Place | undefined {
  const last = lastStep(followed);
  return last && placeOfStep(build, last);
}

const lastStep = (followed: readonly Followed[]): Followed | undefined =>
  followed.findLast(({ at }) => at !== undefined);

/** Looks up at once the places of all steps that the C has made so far: of those, some will be asked for. */
export const lookUpSteps = (code: Code): void =>
  lookUpPlaces(
    code.subject.build,
    code.steps().map(({ fact, at }) => [at, isExact(fact)] as const),
  );

function placeOfStep(build: Build, { fact, at }: Pick<Followed, 'fact' | 'at'>): Place | undefined {
  const place = placeOf(build, at!, isExact(fact));
  const happened = fact as Fact | Undefined;
  if (!isUndefined(happened)) return place;
  return { function: place?.function ?? '', file: fileOf(build.source, happened.file), line: happened.line };
}

/** Whether the place of a fact is an address itself, and not where a call comes back to. */
export const isExact = ({ type }: { readonly type: string }): boolean => type.endsWith('.return') || type === 'crash';
