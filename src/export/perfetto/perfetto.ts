import { isAlarm } from '../../diagrams/fact-text.ts';
import { LogMonitor } from '../../engine/check/index.ts';
import { Projection } from '../../engine/compose/index.ts';
import type { Fact, Property, Role, System, Word } from '../../facts/index.ts';
import { counted, noCounts } from '../../findings/observe.ts';
import { factInC } from '../../findings/rows.ts';
import type { RefusedCall } from '../../store/header.ts';
import type { Origin, Origins } from '../../store/origin.ts';
import { firstMoment, nanoseconds, timesOf } from './clock.ts';
import { Slices, type TraceEvent, type Track, Tracks } from './trace-events.ts';

/** A log to be written as a trace: facts, and the machines that follow them. */
export interface TracedLog {
  readonly system: System;
  readonly facts: readonly Fact[];
  readonly origins?: Origins;
  /** The properties to ask on the way. */
  readonly properties: readonly Property[];
  /** What a kernel's trace shows next, where the machines do not accept it. */
  readonly refused?: RefusedCall;
}

/** What of a recording is missing or not judged. */
export interface Loss {
  readonly lines: readonly [number, number];
  /** The recorder's time at its first line. */
  readonly time: string;
  readonly callbacks: number;
  readonly why: string;
}

/**
 * Logs in the trace-event format, one event a line: slices for calls, tracks for harts, tasks and events, counters for counts,
 * instants for warnings, violations, refusals and losses, an arrow from an interrupt to its event.
 * Throws `RefusedFact` where the machines do not accept a log.
 */
export function* perfettoOf(
  logs: readonly TracedLog[],
  losses: readonly Loss[],
  about: Readonly<Record<string, string>>,
): Generator<string> {
  const zero = logs.map(({ origins }) => firstMoment(origins)).find((moment) => moment !== undefined);
  const tracks = new Tracks();
  const events: TraceEvent[] = [];
  const writer = new Writer(tracks, (event) => events.push(event));
  if (zero !== undefined) for (const loss of losses) writer.lose(loss, zero);
  for (const log of logs) writer.write(log, zero);
  // Stable: what happens at one time stays in its order.
  events.sort((one, other) => timeOf(one) - timeOf(other));
  const clock =
    zero === undefined
      ? 'a fact is a microsecond: the log shows no times'
      : "the recorder's, from its first callback on";
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify({ ...about, clock })},"traceEvents":[\n`;
  const all = [...tracks.named, ...events];
  for (const [index, event] of all.entries()) yield `${JSON.stringify(event)}${index === all.length - 1 ? '' : ','}\n`;
  yield ']}\n';
}

const timeOf = (event: TraceEvent): number => ('ts' in event ? event.ts : -1);

/** The tags of a caller's states that are slices of an event, from the outermost on, and what they are called. */
const LIFE = { live: 'open', active: 'on a counter', running: 'counts' } as const;

/** Follows logs, and writes what happens in them. */
class Writer {
  readonly #slices: Slices;
  #flows = 0;
  #last = 0;

  constructor(
    readonly tracks: Tracks,
    readonly emit: (event: TraceEvent) => void,
  ) {
    this.#slices = new Slices(emit);
  }

  lose({ lines: [first, last], time, callbacks, why }: Loss, zero: bigint): void {
    const ts = Math.max(0, Number(nanoseconds(time) - zero) / 1000);
    const args = { why, callbacks, lines: `${first} to ${last}` };
    this.emit({ ph: 'i', name: 'not judged', cat: 'loss', s: 'g', ts, ...this.tracks.of('findings', 'losses'), args });
  }

  write({ system, facts, origins, properties, refused }: TracedLog, zero: bigint | undefined): void {
    const projection = new Projection(system);
    const monitor = new LogMonitor(projection, properties);
    const times = timesOf(facts.length, origins, zero, this.#last);
    const names = new Names(this.tracks);
    let counts: Word[] = noCounts(system);
    for (const [position, fact] of facts.entries()) {
      const ts = times[position]!;
      const origin = origins?.at(position);
      const actor = names.actorOf(fact, origin);
      const noticed = monitor.append(fact);
      this.#call(fact, position, ts, actor, origin);
      this.#shared(fact, ts, names);
      if ('event' in fact) {
        const track = names.eventOf(fact.event);
        if (/\.(call|return|free)$/.test(fact.type)) this.#life(system, projection, fact.event, track, ts);
        if (fact.type === 'count.add') {
          counts = counted(counts, fact);
          this.#count(`count of ${names.nameOf(fact.event)}`, track, ts, Number(counts[fact.event]));
        }
        if (fact.type === 'overflow.call') this.#flow(actor, track, ts);
      }
      for (const { property, inFlight } of noticed)
        this.#violation(property, properties, inFlight === true, position, ts);
    }
    this.#last = (times.at(-1) ?? this.#last) + 1;
    if (refused !== undefined) this.#refusal(refused, this.#last);
    this.#slices.endAll(this.#last);
  }

  /** A call is a slice of who makes it, from its first fact to its return. */
  #call(fact: Fact, position: number, ts: number, actor: Track, origin: Origin | undefined): void {
    const [call, what] = fact.type.split('.');
    if (what === 'call')
      this.#slices.begin(actor, sliceName(fact), 'call', ts, {
        call: factInC(fact),
        fact: position + 1,
        ...shown(origin),
      });
    else if (what === 'return') {
      const returned = { returns: factInC(fact), fact: position + 1 };
      this.#slices.end(actor, `${call}(event ${(fact as Fact & { readonly event: number }).event})`, ts, returned);
    } else if (isAlarm(fact.type))
      this.emit({ ph: 'i', name: factInC(fact), cat: 'warning', s: 't', ts, ...actor, args: { fact: position + 1 } });
  }

  /** What all share: who holds the mutex and the PMC, and how many events there are. */
  #shared(fact: Fact, ts: number, names: Names): void {
    const mutex = this.tracks.of('shared', 'pmc_reserve_mutex');
    if (fact.type === 'mutex.lock') this.#slices.set(mutex, [`held for ${names.nameOf(fact.event)}`], 'mutex', ts);
    else if (fact.type === 'mutex.unlock') this.#slices.set(mutex, [], 'mutex', ts);
    else if (fact.type === 'perf_irq.write') this.#owner(fact.owner, ts);
    else if (fact.type === 'foreign.take') this.#owner('foreign', ts);
    else if (fact.type === 'foreign.release') this.#owner('nobody', ts);
    else if (fact.type === 'active_events.inc' || fact.type === 'active_events.dec')
      this.#count('riscv_active_events', mutex, ts, fact.value);
    else if (fact.type === 'n_events.inc' || fact.type === 'n_events.dec')
      this.#count(`n_events of hart ${fact.hart}`, this.tracks.of('harts', `hart ${fact.hart}`), ts, fact.value);
  }

  #owner(owner: string, ts: number): void {
    const held = owner === 'nobody' ? [] : [owner === 'driver' ? 'held by the driver' : 'held by another owner'];
    this.#slices.set(this.tracks.of('shared', 'perf_irq (the PMC)'), held, 'reservation', ts);
  }

  #life(system: System, { state }: Projection<Fact, Role>, event: number, track: Track, ts: number): void {
    const caller = state[system.partOf('lifecycle', event)!]!;
    const within = Object.entries(LIFE).filter(([tag]) => caller.hasTag(tag));
    this.#slices.set(
      track,
      within.map(([, name]) => name),
      'event',
      ts,
    );
  }

  #count(name: string, { pid, tid }: Track, ts: number, value: number): void {
    this.emit({ ph: 'C', name, pid, tid, ts, args: { value } });
  }

  #flow(from: Track, to: Track, ts: number): void {
    const id = ++this.#flows;
    this.emit({ ph: 's', name: 'interrupt', cat: 'interrupt', id, ts, ...from });
    this.emit({ ph: 'f', bp: 'e', name: 'interrupt', cat: 'interrupt', id, ts, ...to });
  }

  #violation(id: string, properties: readonly Property[], inFlight: boolean, position: number, ts: number): void {
    const { statement = '', severity = 'high' } = properties.find((property) => property.id === id) ?? {};
    const args = {
      statement,
      severity,
      fact: position + 1,
      when: inFlight ? 'while a call is in flight' : 'when no call is in flight',
    };
    this.emit({
      ph: 'i',
      name: `violates ${id}`,
      cat: 'violation',
      s: 'g',
      ts,
      ...this.tracks.of('findings', 'violations'),
      args,
    });
  }

  #refusal({ callback, machine, what, expected, found, line }: RefusedCall, ts: number): void {
    const args = { callback, machine, what, expected, found, line };
    this.emit({
      ph: 'i',
      name: `refused: ${callback}`,
      cat: 'refusal',
      s: 'g',
      ts,
      ...this.tracks.of('findings', 'refusals'),
      args,
    });
  }
}

const sliceName = (fact: Fact): string =>
  `${fact.type.split('.')[0]}(event ${(fact as Fact & { readonly event: number }).event})`;

const shown = (origin: Origin | undefined): Readonly<Record<string, string | number>> =>
  origin === undefined ? {} : { line: origin.line, cpu: origin.cpu, task: origin.task, event: origin.id };

/** Who is who in one log: by the number of the model, or as the kernel knows it. */
class Names {
  readonly #ids = new Map<number, string>();
  /** The track on which the call of an event runs. */
  readonly #runsOn = new Map<number, Track>();

  constructor(readonly tracks: Tracks) {}

  nameOf(event: number): string {
    return this.#ids.get(event) ?? `event ${event}`;
  }

  eventOf(event: number): Track {
    return this.tracks.of('events', this.nameOf(event));
  }

  /** The track of who does a fact. */
  actorOf(fact: Fact, origin: Origin | undefined): Track {
    if (origin !== undefined && 'event' in fact) this.#ids.set(fact.event, `event ${origin.id}`);
    const known = 'event' in fact ? this.#runsOn.get(fact.event) : undefined;
    const actor = 'hart' in fact ? this.tracks.of('harts', `hart ${fact.hart}`) : (known ?? this.#taskOf(fact, origin));
    if ('event' in fact && fact.type.endsWith('.call')) this.#runsOn.set(fact.event, actor);
    if ('event' in fact && fact.type.endsWith('.return')) this.#runsOn.delete(fact.event);
    return known !== undefined && fact.type.endsWith('.return') ? known : actor;
  }

  #taskOf(fact: Fact, origin: Origin | undefined): Track {
    if (!('event' in fact)) return this.tracks.of('tasks', 'another owner');
    return this.tracks.of('tasks', origin === undefined ? `task of event ${fact.event}` : `task ${origin.task}`);
  }
}
