import type { Device } from '../../../machines/hardware/index.ts';
import { DEVICES } from '../../../models/devices/index.ts';
import { yieldToEventLoop } from '../../engine/check/event-loop.ts';
import { plainSearch } from '../../engine/check/index.ts';
import { shortOfMemory } from '../../engine/check/memory.ts';
import type { Verdict } from '../../facts/index.ts';
import type { Place } from '../places.ts';
import { atOnce, whileCpusCross } from './at-once.ts';
import { type Bound, bind, guessText, namesOf, otherWorlds, type Pmu } from './bind.ts';
import type { GroundBuild } from './build.ts';
import { failures, MOST_CALLS, type Tried } from './failures.ts';
import { Kinds } from './kinds.ts';
import { GroundMachine, type StepView } from './machine.ts';
import { GroundPlaces } from './places.ts';
import { cutsIn } from './properties/binding.ts';
import { GROUND_PROPERTIES, type GroundProperty } from './properties/index.ts';
import { DEVICES_APART } from './properties/two-devices.ts';
import {
  type Answer,
  addAll,
  ask,
  type Learned,
  learnFrom,
  learnSelection,
  notHonoured,
  run,
} from './questionnaire.ts';
import { type Held, registersAlong } from './registers.ts';
import { withRv32 } from './rv32.ts';
import {
  filling,
  grouping,
  inHalves,
  inTime,
  lives,
  onceCpusCame,
  pairing,
  type Scope,
  sampled,
  single,
  whileCpusGo,
  whileCpusSleep,
  whileMapped,
  whileTimersRun,
} from './scopes.ts';
import { type AskedKind, answerOf, type Known, type Offence, type Step } from './step.ts';
import { asProperty, GroundSystem, offencesOf, stepsOf } from './system.ts';
import { apartness } from './two-devices.ts';

/** A property that a driver violates, and how. */
export interface GroundFinding {
  readonly property: GroundProperty;
  readonly text: string;
  readonly place: Place | undefined;
  /** The shortest sequence of calls. */
  readonly steps: readonly Step[];
  readonly scope: string;
  /** Where the device is described: its registers before the first step, and after each. */
  readonly registers?: readonly Held[];
  /** The core that alone makes these calls. */
  readonly core?: '6.16';
  /** It is found on RV32 alone, among these kinds of events. */
  readonly isOnRv32?: true;
  readonly kinds?: readonly AskedKind[];
}

/** How one scope was searched. */
export interface Searched {
  readonly scope: string;
  readonly states: number;
  readonly steps: number;
  readonly stoppedBy?: string;
}

/** The verdict on a property; what violates it is among the findings. */
export type GroundVerdict = Exclude<Verdict, { verdict: 'violated' }> | { readonly verdict: 'violated' };

/** What an audit of a driver on its ground comes to. */
export interface GroundAudit {
  readonly build: GroundBuild;
  /** Undefined: no device could be bound, and nothing was searched. */
  readonly pmu: Pmu | undefined;
  readonly unbound: string | undefined;
  /** The entry of its tables, or undefined: it made its device itself. */
  readonly device: string | undefined;
  /** The hardware, if it is described. */
  readonly hardware: Device | undefined;
  readonly kinds: readonly AskedKind[];
  readonly findings: readonly GroundFinding[];
  /** By the id of a property. */
  readonly verdicts: ReadonlyMap<string, GroundVerdict>;
  readonly searched: readonly Searched[];
  readonly notes: readonly string[];
  readonly milliseconds: number;
}

export interface GroundAuditOptions {
  /** The hardware; left out: one of ours, if one fits the driver. */
  readonly device?: Device | 'none';
  readonly properties?: readonly GroundProperty[];
  readonly signal?: AbortSignal;
  /** Ends the search after so much time; what was not searched then is no pass. */
  readonly milliseconds?: number;
  readonly states?: number;
  readonly onProgress?: (scope: string, states: number) => void;
  /** Told as it is found. */
  readonly onFinding?: (finding: GroundFinding) => void;
}

const MOST_EVENTS = 70;
/** A count that goes on with each stop never ends. */
const THROTTLED = 600;
/** So many states of one event while CPUs go and come: a count that is cut to 32 bits leaves each of them several. */
const CROSSED = 20_000;
/** Each run of it is a state of its own. */
const FAILING = 'one call of init or probe fails';
const TWO_DEVICES = 'a second device beside the first';
/** What is decided by comparing runs, and not by steps. */
const OVER_TWO_RUNS = ['attributes-honoured', DEVICES_APART.id];
const MOST_BITS_OF_TWO_TICKS = 40;
/** Each count that is told apart is a state of its own. */
const TIMED = 10_000;

/**
 * Boots a driver, finds a device for it, and searches it for what breaks the properties; one that is for RV32 too, there as well.
 */
export async function auditOnGround(build: GroundBuild, options: GroundAuditOptions = {}): Promise<GroundAudit> {
  const audit = await auditOne(build, options);
  return build.onRv32 === undefined || options.signal?.aborted
    ? audit
    : withRv32(audit, build.onRv32, (other) => auditOne(other, { ...options, onFinding: () => {} }));
}

async function auditOne(build: GroundBuild, options: GroundAuditOptions): Promise<GroundAudit> {
  const machine = machineOf(build, options.device);
  try {
    return await new GroundSearch(machine, options).run();
  } finally {
    machine.close();
  }
}

/** The driver with its device: the one that is given, or one of ours that its match tables, or the functions that it calls, name. */
export function machineOf(build: GroundBuild, device?: GroundAuditOptions['device']): GroundMachine {
  if (device !== undefined) return new GroundMachine(build, device === 'none' ? undefined : device);
  const machine = new GroundMachine(build);
  const names = new Set([...build.symbols, ...namesOf(machine)]);
  const known = DEVICES.find(({ description }) => description.fits.some((name) => names.has(name)));
  if (known === undefined) return machine;
  machine.close();
  return new GroundMachine(build, known);
}

class GroundSearch {
  readonly #started = performance.now();
  readonly #places: GroundPlaces;
  readonly #properties: readonly GroundProperty[];
  readonly #findings = new Map<string, GroundFinding>();
  readonly #outcomes = new Map<string, Verdict['verdict'][]>();
  readonly #reasons = new Map<string, string>();
  readonly #searched: Searched[] = [];
  readonly #perHart: boolean;
  /** Whether the driver asks to be told when a CPU sleeps. */
  readonly #sleeps: boolean;
  readonly #learned: Learned = {
    ...{ writes: new Map(), values: new Set(), openRefs: 0, usesStopped: false, readsCounters: false },
    ...{ counters: new Map(), selections: new Map() },
  };

  constructor(
    readonly machine: GroundMachine,
    readonly options: GroundAuditOptions,
  ) {
    this.#places = new GroundPlaces(machine.build);
    this.#properties = options.properties ?? GROUND_PROPERTIES;
    this.#perHart = machine.device?.description.perHart === true;
    this.#sleeps = machine.build.symbols.includes('cpu_pm_register_notifier');
  }

  async run(): Promise<GroundAudit> {
    const bound = bind(this.machine, (found) =>
      this.#ask(found).offered.some(({ signature }) => signature !== undefined),
    );
    if (!('why' in bound)) this.#callbacks = bound.pmu.callbacks;
    if ('why' in bound) return this.#result(undefined, [], bound.why);
    const { kinds, offered } = this.#ask(bound);
    const accepted = offered.filter((answer) => answer.accepted);
    const scopes = this.#plan(bound, kinds, offered, accepted);
    const known: Known = {
      ...{ pmu: bound.pmu, kinds: kinds.all, guessed: bound.guessed, perHart: this.#perHart, ...this.#learned },
      delivers: this.machine.build.symbols.includes('perf_event_overflow'),
    };
    if (accepted[0] !== undefined) this.#attributes(bound, kinds, accepted[0], known);
    await yieldToEventLoop();
    this.#binding(bound, this.#tried(bound, kinds, accepted[0]?.kind), known);
    const added = accepted.find(({ signature }) => signature !== undefined);
    if (added !== undefined) this.#apart(bound, added.kind);
    // What is found is told, and written, before the next search takes its time.
    await yieldToEventLoop();
    for (const scope of scopes()) await this.#search(scope, bound, known);
    if (accepted.length === 0)
      for (const { id } of this.#properties)
        if (id !== 'type-routed')
          this.#outcome(id, 'bounded', 'the driver accepts none of the events that it was asked for');
    return this.#result(bound, kinds.all, undefined);
  }

  #ask(bound: Bound): { kinds: Kinds; offered: Answer[] } {
    const kinds = new Kinds(this.machine, bound.pmu);
    let first: Answer[] | undefined;
    for (const manner of kinds.manners()) {
      const offered = kinds.offered(manner).map((kind) => ask(this.machine, bound, kind));
      if (offered.some(({ accepted }) => accepted)) return { kinds, offered };
      first ??= offered;
    }
    return { kinds, offered: first ?? [] };
  }

  /** What is searched, the shallow first. */
  #plan(bound: Bound, kinds: Kinds, offered: readonly Answer[], accepted: readonly Answer[]): () => Scope[] {
    const { machine } = this;
    const foreign = kinds.foreign();
    const all = distinctOf(accepted);
    const filtered = accepted[0] === undefined ? [] : kinds.filtered(all[0]?.kind ?? accepted[0].kind);
    const borders = accepted[0] === undefined ? [] : kinds.borders(accepted[0].kind);
    const alone = [...offered.map(({ kind }) => kind), ...foreign, ...borders];
    for (const { steps } of accepted) learnFrom(this.#learned, steps);
    const distinct = all.filter(({ kind }) => kind.why !== 'firmware');
    const own = all.find(({ kind }) => kind.why === 'firmware')?.kind;
    const [first, second] = [distinct[0], distinct.find((kind) => kind.idle !== distinct[0]?.idle) ?? distinct[1]];
    let room = 0;
    if (first !== undefined) {
      const filled = addAll(
        machine,
        bound,
        Array.from({ length: MOST_EVENTS }, () => first.kind),
      );
      learnFrom(this.#learned, filled);
      room = filled.findIndex((step) => step.command.call === 'add' && answerOf(step, 'add', step.command.event) !== 0);
      room = room < 0 ? MOST_EVENTS : (room - 1) / 3;
      if (second !== undefined) learnFrom(this.#learned, addAll(machine, bound, [second.kind, first.kind]));
      if (own !== undefined) learnFrom(this.#learned, addAll(machine, bound, [own, first.kind]));
    }
    for (const answer of accepted) learnSelection(this.#learned, answer, this.#perHart);
    return () => {
      const scopes: Scope[] = [single('one event alone', alone)];
      if (first === undefined) return scopes;
      const [a, b] = [first.kind, second?.kind];
      const software = kinds.software();
      scopes.push(lives(`two of ${a.name}`, [a, a]));
      if (b !== undefined) scopes.push(lives(`two of ${b.name}`, [b, b]), lives(`${a.name} and ${b.name}`, [a, b]));
      scopes.push(filling(`as many of ${a.name} as there is room for`, a, room, MOST_EVENTS));
      scopes.push(grouping(`a group of ${a.name}`, a, [a], MOST_EVENTS));
      if (b !== undefined) scopes.push(grouping(`a group of ${b.name}`, b, [b], MOST_EVENTS));
      if (own !== undefined)
        scopes.push(lives(`two of ${own.name}`, [own, own]), lives(`${a.name} and ${own.name}`, [a, own]));
      scopes.push(grouping(`a group of ${a.name}, led by a software event`, software, [a], MOST_EVENTS));
      const different = accepted.map(({ kind }) => kind);
      if (filtered.length > 0) scopes.push(pairing(`${a.name} and one with another filter, in a group`, a, filtered));
      if (different.length > 1)
        scopes.push(grouping('a group of different events', different[0]!, different.slice(1), different.length));
      scopes.push(whileCpusGo(lives(a.name, [a], false, CROSSED)));
      // CPUs sleep only where somebody is told.
      if (this.#sleeps)
        scopes.push(
          whileCpusSleep(lives(a.name, [a])),
          whileCpusSleep(lives(`${a.name}, throttled`, [a], true, THROTTLED)),
        );
      scopes.push(lives(`${a.name}, throttled`, [a], true, THROTTLED), lives('three events', [a, a, b ?? a]));
      if (b !== undefined) scopes.push(lives(`${a.name} and ${b.name}, throttled`, [a, b], true, THROTTLED));
      if (machine.device !== undefined)
        scopes.push(
          ...this.#timed(
            all.map(({ kind }) => kind),
            a,
            b,
            own,
          ),
          ...this.#sampled(kinds, a, b),
        );
      if (machine.build.symbols.includes('hrtimer_start_range_ns'))
        scopes.push(whileTimersRun(lives(`two of ${a.name}`, [a, a], false, TIMED), this.#polled()));
      scopes.push(...this.#mapped(bound, [kinds.readable(a) ?? a, b, own]));
      // What one call alone breaks, it breaks in a shorter path.
      // Where the compiler tells no accesses to memory, most of that could not be seen.
      if (machine.build.xlen === 64) {
        scopes.push(atOnce(a, this.#elsewhere(bound, kinds, a) ?? a, machine.device !== undefined));
        if (this.#crosses()) scopes.push(whileCpusCross(a, machine.device !== undefined));
      }
      return scopes;
    };
  }

  /** Where the driver writes pages for users: while one maps an event. */
  #mapped(bound: Bound, kinds: readonly (AskedKind | undefined)[]): Scope[] {
    return kinds.flatMap((kind) => {
      if (kind === undefined) return [];
      const opened = { call: 'open', event: 0, kind: kind.number } as const;
      const isMapped = run(this.machine, bound, [opened, { call: 'map', event: 0 }]).length === 2;
      const scope = whileMapped(lives(kind.name, [kind], false, TIMED));
      return isMapped ? [this.machine.device === undefined ? scope : inTime(scope, 'at once')] : [];
    });
  }

  /** The same event on another CPU; undefined where the driver puts all of them on one. */
  #elsewhere(bound: Bound, kinds: Kinds, a: AskedKind): AskedKind | undefined {
    const other = kinds.on(a, 1);
    const opened = run(this.machine, bound, [{ call: 'open', event: 0, kind: other.number }])[0];
    return opened?.after?.events[0]?.cpu === 1 ? other : undefined;
  }

  /** Where the device is described: what is counted while time goes by. */
  #timed(kinds: readonly AskedKind[], a: AskedKind, b: AskedKind | undefined, own: AskedKind | undefined): Scope[] {
    const scopes = [lives(`two of ${a.name}`, [a, a], false, TIMED)];
    if (b !== undefined)
      scopes.push(
        lives(`two of ${b.name}`, [b, b], false, TIMED),
        lives(`${a.name} and ${b.name}`, [a, b], false, TIMED),
      );
    if (own !== undefined) scopes.push(lives(`two of ${own.name}`, [own, own], false, TIMED));
    // What is lost at an overflow is not lost by a stop.
    const throttled = inTime(lives(`${a.name}, throttled`, [a], true, TIMED), 'none');
    const asleep = this.#sleeps ? [inTime(whileCpusSleep(lives(a.name, [a], false, TIMED)), 'none')] : [];
    const alone = inTime(single('one event alone', kinds), 'after del');
    const halves = this.#hasHalves() ? [inHalves(lives(a.name, [a], false, TIMED))] : [];
    const crossed = this.#crosses() ? [onceCpusCame(a, TIMED)] : [];
    return [alone, ...scopes.map((scope) => inTime(scope, 'at once')), throttled, ...asleep, ...halves, ...crossed];
  }

  /** Whether the driver asks to be told of CPUs that go and come. */
  #crosses(): boolean {
    return this.machine.build.symbols.some((name) => name.includes('cpuhp_'));
  }

  /** Whether a counter has more bits than a register, and is not soon round. */
  #hasHalves(): boolean {
    const { build, device } = this.machine;
    return build.xlen === 32 && device!.layout.counters.every(({ bits }) => bits > MOST_BITS_OF_TWO_TICKS);
  }

  /** Where no counter says that it came round: three quarters of what one counts until then. */
  #polled(): number | undefined {
    const counters = this.machine.device?.layout.counters ?? [];
    const isTold = counters.some(({ overflow }) => overflow !== undefined);
    const bits = Math.min(...counters.map((counter) => counter.bits));
    return isTold || bits > MOST_BITS_OF_TWO_TICKS ? undefined : 3 * 2 ** (bits - 2);
  }

  /** Where a driver delivers samples: what its handler does with those that are too many, or whose group is read. */
  #sampled(kinds: Kinds, a: AskedKind, b: AskedKind | undefined): Scope[] {
    const sampling = kinds.attributes(a).find(({ name }) => name === 'sample_period');
    if (sampling === undefined || !this.machine.build.symbols.includes('perf_event_overflow')) return [];
    const [alone, group] = [[sampling], [sampling, b ?? a]];
    return [
      sampled(`${a.name} that samples`, alone),
      sampled(`${a.name} that samples and ${group[1]!.name}`, group),
      sampled(`${a.name} that samples and ${group[1]!.name}`, group, '6.16'),
    ];
  }

  /** Attributes are decided over two runs: with, and without. */
  #attributes(bound: Bound, kinds: Kinds, plain: Answer, known: Known): void {
    if (!this.#properties.some(({ id }) => id === 'attributes-honoured')) return;
    const answers = kinds.attributes(plain.kind).map((kind) => ask(this.machine, bound, kind));
    const sampled = answers.find(({ kind }) => kind.name === 'sample_period');
    const ignored = answers.flatMap((answer) => {
      const beside = ['precise_ip', 'branch_stack'].includes(answer.kind.name) ? sampled : plain;
      const offence = beside?.accepted ? notHonoured(beside, answer, known.delivers) : undefined;
      return offence === undefined ? [] : [{ answer, offence }];
    });
    const exclusions = ignored.filter(({ answer }) => answer.kind.name.startsWith('exclude_'));
    for (const group of [exclusions, ...ignored.filter((one) => !exclusions.includes(one)).map((one) => [one])]) {
      const first = group[0];
      if (first === undefined) continue;
      const names = group.map(({ answer }) => answer.kind.name).join(', ');
      const text = first.offence.text.replace(first.answer.kind.name, names);
      this.#found({ property: 'attributes-honoured', text }, first.answer.steps.slice(0, 1), {
        name: 'one event alone',
      });
    }
    if (ignored.length === 0) this.#outcome('attributes-honoured', answers.length === 0 ? 'vacuous' : 'holds');
  }

  /** An event that the driver takes, and one at a border of what can be asked that it opens, and refuses to add. */
  #tried(bound: Bound & { view: StepView }, kinds: Kinds, taken: AskedKind | undefined): Tried {
    const borders = taken === undefined ? [] : kinds.borders(taken);
    const refused = borders.find((kind) => {
      const { accepted, steps } = ask(this.machine, bound, kind);
      return accepted && steps[1] !== undefined && (answerOf(steps[1], 'add', 0) ?? 0) !== 0;
    });
    return { taken: taken?.number, refused: refused?.number };
  }

  /** What initcalls and a probe leave is decided in runs in which they fail, and what is left at the end in one that unbinds. */
  #binding(bound: Bound, tried: Tried, known: Known): void {
    const properties = this.#properties.filter(({ id, isApart }) => isApart && !OVER_TWO_RUNS.includes(id));
    if (properties.length === 0) return;
    let runs = 0;
    for (const steps of failures(this.machine, bound, tried)) {
      const step = steps.at(-1)!;
      runs++;
      const unknown = step.happenings.find(({ type }) => type === 'unknown');
      if (unknown !== undefined)
        for (const { id } of properties)
          this.#outcome(id, 'bounded', `the driver calls ${unknown.what}, which nothing here has`);
      if (step.command.flags === MOST_CALLS)
        for (const { id } of properties)
          this.#outcome(id, 'bounded', `more than ${MOST_CALLS} calls of one ${step.command.call} can fail`);
      // A handler that runs in a probe has read what nobody described: whose interrupt it is, is not known.
      const guess = cutsIn(step) ? guessText(step.happenings) : undefined;
      for (const offence of offencesOf(step, known, properties))
        if (guess === undefined) this.#found(offence, steps, { name: FAILING });
        else this.#outcome(offence.property, 'bounded', `${FAILING}: ${guess}`);
    }
    this.#searched.push({ scope: FAILING, states: runs, steps: runs });
    for (const { id } of properties) this.#outcome(id, runs === 0 ? 'vacuous' : 'holds');
  }

  /** Two devices of a kind: where the first one is described, a second one is not. */
  #apart(bound: Bound, { number }: AskedKind): void {
    const { id } = DEVICES_APART;
    if (!this.#properties.includes(DEVICES_APART) || this.machine.device !== undefined) return;
    const runs = apartness(this.machine, bound, number);
    if (runs.length === 0) return;
    this.#searched.push({ scope: TWO_DEVICES, states: runs.length, steps: runs.length });
    for (const { found, unknown } of runs)
      if (unknown !== undefined) this.#outcome(id, 'bounded', `${TWO_DEVICES}: ${unknown}`);
      else if (found === undefined) this.#outcome(id, 'holds');
      else this.#found(found.offence, found.steps, { name: TWO_DEVICES });
  }

  async #search(scope: Scope, bound: Bound & { view: StepView }, known: Known): Promise<void> {
    const { signal, onProgress, milliseconds = 60_000 } = this.options;
    const isKnown = this.machine.device !== undefined;
    const properties = this.#properties.filter(({ isApart, needsDevice }) => !isApart && (isKnown || !needsDevice));
    const system = new GroundSystem(this.machine, scope, known, properties, bound);
    const left = Math.max(1, milliseconds - (performance.now() - this.#started));
    const outcome = await plainSearch(
      system,
      properties.map((property) => asProperty(property, known)),
      {
        limits: { states: Math.min(scope.states, this.options.states ?? Infinity), milliseconds: left },
        watch: shortOfMemory,
        ...(signal && { signal }),
        ...(onProgress && { onProgress: (states: number) => onProgress(scope.name, states) }),
      },
    );
    const { states, transitions: steps, stoppedBy } = outcome.covered;
    this.#searched.push({ scope: scope.name, states, steps, ...(stoppedBy !== undefined && { stoppedBy }) });
    for (const [id, verdict] of outcome.verdicts) {
      const unread = isKnown ? undefined : this.#properties.find((one) => one.id === id)!.withoutDevice;
      if (verdict.verdict === 'holds' && unread !== undefined) {
        this.#outcome(id, 'bounded', unread);
        continue;
      }
      if (verdict.verdict !== 'violated') {
        this.#outcome(
          id,
          verdict.verdict,
          verdict.verdict === 'bounded' ? `${scope.name}: ${verdict.reason}` : undefined,
        );
        continue;
      }
      const { steps, offences } = stepsOf(verdict.counterexample.facts);
      const offence = offences.find(({ property }) => property === id)!;
      if (this.#isElsewhere(id, steps, bound, known)) continue;
      if (offence.guess === undefined || this.#isIndependent(id, steps, bound, known))
        this.#found(offence, steps, scope);
      else this.#outcome(id, 'bounded', `${scope.name}: ${offence.guess}`);
    }
  }

  /** Whether a count is wrong also where the calls that the property is about are left out. */
  #isElsewhere(id: string, steps: readonly Step[], bound: Bound & { view: StepView }, known: Known): boolean {
    const { unless } = this.#properties.find((one) => one.id === id)!;
    if (unless === undefined || unless.includes(steps.at(-1)!.command.call)) return false;
    const commands = steps.map(({ command }) => command).filter(({ call }) => !unless.includes(call));
    const last = run(this.machine, bound, commands).at(-1)!;
    return offencesOf(last, known, GROUND_PROPERTIES).some(({ property }) => property === 'count-exact');
  }

  /** Whether the same calls break the property whatever hardware answers, as far as that can be tried. */
  #isIndependent(id: string, steps: readonly Step[], bound: Bound, known: Known): boolean {
    // A device in which probe has found nothing may be one that does not exist.
    if (bound.guessed !== undefined && steps.at(-1)!.after === undefined) return false;
    const commands = steps.map(({ command }) => command);
    const answers = (of: readonly Step[]): string =>
      JSON.stringify(of.slice(0, -1).map((step) => step.happenings.filter(({ answer }) => answer !== undefined)));
    const worlds = otherWorlds(this.machine, bound)
      .map((world) => run(this.machine, world, commands))
      .filter((again) => again.length === steps.length && answers(again) === answers(steps));
    return (
      worlds.length > 0 &&
      worlds.every((again) =>
        offencesOf(again.at(-1)!, known, this.#properties).some(({ property }) => property === id),
      )
    );
  }

  #found(offence: Offence, steps: readonly Step[], { name, core }: Pick<Scope, 'name' | 'core'>): void {
    this.#outcome(offence.property, 'violated');
    const place = this.#placeOf(offence, steps);
    const text = this.#textOf(offence);
    const property = this.#properties.find(({ id }) => id === offence.property)!;
    const spot = property.isPer === 'line' ? place?.line : place?.function || place?.line;
    const key = `${offence.property} ${spot} ${place === undefined || property.isPer === 'text' ? text : ''}`;
    const before = this.#findings.get(key);
    if (
      before !== undefined &&
      (before.core === undefined || core !== undefined) &&
      before.steps.length <= steps.length
    )
      return;
    const finding: GroundFinding = { property, text, place, steps, scope: name, ...(core && { core }) };
    this.#findings.set(key, finding);
    if (before === undefined) this.options.onFinding?.(finding);
  }

  #textOf({ text, beside }: Offence): string {
    const other = beside === undefined ? undefined : this.#places.of(beside, false);
    return other === undefined ? text : `${text} (${other.file}:${other.line})`;
  }

  #placeOf({ at, line, callback }: Offence, steps: readonly Step[]): Place | undefined {
    if (line !== undefined) return this.#places.line(line, at);
    if (at !== undefined && at !== '0') return this.#places.of(at, false);
    const { call, event } = steps.at(-1)!.command;
    // No callback of the driver's is closed: what is left then, the last one of that event has left.
    const last = steps.findLast(({ command }) => command.event === event && command.call !== 'close');
    const entry = this.#callbacks?.get(callback ?? (call === 'close' ? last?.command.call : undefined) ?? call);
    return entry === undefined || entry === '0' ? undefined : this.#places.of(entry, true);
  }
  #callbacks: Pmu['callbacks'] | undefined;

  #outcome(id: string, verdict: Verdict['verdict'], reason?: string): void {
    const outcomes = this.#outcomes.get(id) ?? [];
    outcomes.push(verdict);
    this.#outcomes.set(id, outcomes);
    if (reason !== undefined && !this.#reasons.has(id)) this.#reasons.set(id, reason);
  }

  #result(bound: Bound | undefined, kinds: readonly AskedKind[], why: string | undefined): GroundAudit {
    const { build } = this.machine;
    return {
      build,
      pmu: bound?.pmu,
      unbound: why,
      device: bound?.match?.name,
      hardware: this.machine.device,
      kinds,
      findings: [...this.#findings.values()]
        .sort((a, b) => rank(a) - rank(b))
        .map((finding) => this.#withRegisters(finding)),
      verdicts: new Map(this.#properties.map(({ id }) => [id, this.#verdict(id, why)])),
      searched: this.#searched,
      notes: [...build.notes, ...(bound?.notes ?? [])],
      milliseconds: performance.now() - this.#started,
    };
  }

  #withRegisters(finding: GroundFinding): GroundFinding {
    const registers = registersAlong(this.machine, finding.steps);
    return registers === undefined ? finding : { ...finding, registers };
  }

  /** The worst of the verdicts decides; one that holds somewhere is not vacuous. */
  #verdict(id: string, why: string | undefined) {
    const outcomes = this.#outcomes.get(id) ?? [];
    if (outcomes.includes('violated')) return { verdict: 'violated' as const };
    if (why !== undefined) return { verdict: 'bounded' as const, reason: why };
    if (outcomes.includes('bounded'))
      return { verdict: 'bounded' as const, reason: this.#reasons.get(id) ?? 'a limit' };
    return { verdict: outcomes.includes('holds') ? ('holds' as const) : ('vacuous' as const) };
  }
}

const SEVERITIES = ['high', 'medium', 'low'];
const rank = ({ property, core }: GroundFinding): number =>
  SEVERITIES.indexOf(property.severity) + (core === undefined ? 0 : 10);

interface Distinct {
  readonly kind: AskedKind;
  /** The counter that it gets on an idle PMU. */
  readonly idle: number | undefined;
}

/** One kind for each that gets another counter, or programs it otherwise. */
function distinctOf(accepted: readonly Answer[]): Distinct[] {
  const seen = new Map<string, Distinct>();
  for (const { kind, signature, steps } of accepted) {
    if (signature === undefined || seen.has(signature)) continue;
    seen.set(signature, { kind, idle: steps[1]?.after?.events[0]?.idx });
  }
  // Counters that any event may have are tried before one that is for a single event.
  const all = [...seen.values()];
  const times = (idle: number | undefined): number =>
    accepted.filter(({ steps }) => steps[1]?.after?.events[0]?.idx === idle).length;
  return all.sort((a, b) => times(b.idle) - times(a.idle));
}
