import type { Pmu } from './bind.ts';
import type { EventView, Happening, Kind, StepView } from './machine.ts';

/** What the core does to a driver: one letter of the protocol, an event, and what goes with it. */
export interface Command {
  readonly call:
    | 'open'
    | 'close'
    | 'add'
    | 'del'
    | 'group'
    | 'start'
    | 'stop'
    | 'read'
    | 'offline'
    | 'online'
    | 'sleep'
    | 'wake'
    | 'expire'
    | 'tick'
    | 'overflow'
    | 'boot'
    | 'probe'
    | 'remove'
    | 'unload'
    | 'beside'
    | 'map'
    | 'unmap'
    | 'at once';
  /** The event; for a CPU that goes or comes, sleeps or wakes, its number; for a timer that runs out its own, or -1: all do; for a probe that of the match; else -1. */
  readonly event: number;
  /** The number of the kind that is opened; how the device answers a probe. */
  readonly kind?: number;
  readonly leader?: number;
  /** Of a start or a stop; of a `del`, 1: its counter has overflowed, and the interrupt comes after it; of a wake, 1: the CPU did not come to sleep; of an overflow, what comes of its sample (see SAMPLES); of a read, when a half of the counter comes round (see HALVES); of what happens beside, what (see BESIDE); for an initcall or a probe, the number of the call in it that fails. */
  readonly flags?: number;
  /** Of an initcall or a probe: what fails in it is not there yet, and so is what it asks for after it. */
  readonly defers?: true;
  /** How many ticks go by; until, and after, the next overflow; before a timer runs out. */
  readonly ticks?: number;
  /** Of an initcall, a probe or a remove: the moment in it, counted from 1, at which a line is raised; {@link TELL}: they are told. */
  readonly moment?: number;
  readonly line?: number;
  /** Of two calls at once: the first stands still at one of its points, counted from 1, while the second runs, which stands still in turn at its point `back`; 0: the points are counted. */
  readonly pair?: { readonly first: Command; readonly second: Command; readonly point: number; readonly back?: number };
}

/** What comes of a sample: it is taken; its event is to stop, as the handler is told, or as the core since 6.16 has done with its group; its group is read. */
export const SAMPLES = { taken: 0, throttled: 1, throttledWithGroup: 2, groupRead: 3 } as const;

/** Of a counter that is read in halves: after which of them its lower half comes round. */
export const HALVES = { low: 1, high: 2 } as const;

/** What happens to a second device beside the first, or to the first beside it. */
export const BESIDE = { probeSecond: 0, unbindSecond: 1, unbindFirst: 2 } as const;

/** In place of a moment: nothing is raised, and all moments are told. */
export const TELL = -1;

/** The bit of a probe's mode that says so. */
const DEFERS = 16;

const LETTERS = {
  ...{ open: 'o', close: 'x', add: 'a', del: 'd', group: 'g', start: 's', stop: 't', read: 'r' },
  ...{ offline: 'c', online: 'c', sleep: 'y', wake: 'y' },
} as const;

/** A command as the process reads it. */
export function textOf({
  call,
  event,
  kind,
  leader = -1,
  flags = 0,
  defers,
  ticks = 0,
  pair,
  ...rest
}: Command): string {
  const raised = rest.moment === undefined ? '' : `${rest.moment},${rest.line ?? 0}`;
  switch (call) {
    case 'open':
      return `o${event},${kind},${leader}`;
    case 'offline':
    case 'online':
      return `c${event},${call === 'online' ? 1 : 0}`;
    case 'sleep':
    case 'wake':
      return `y${event},${call === 'sleep' ? 0 : 1 + flags}`;
    case 'tick':
    case 'overflow':
      return call === 'tick' ? `k${ticks % 2 ** 32},${Math.floor(ticks / 2 ** 32)}` : `w${ticks},${flags}`;
    case 'expire':
      return `f${event},${ticks}`;
    case 'boot':
      return `b${flags},${defers ? 1 : 0}${raised && `,${raised}`}`;
    case 'probe':
      return `p${event},${kind! | (defers ? DEFERS : 0)},${flags}${raised && `,${raised}`}`;
    case 'remove':
      return `q${raised}`;
    case 'unload':
      return 'm';
    case 'beside':
      return `v${flags}`;
    case 'map':
    case 'unmap':
      return `h${event},${call === 'map' ? 1 : 0}`;
    case 'at once':
      return `z${pair!.point},${pair!.back ?? 0}|${textOf(pair!.first)}|${textOf(pair!.second)}`;
    default:
      return `${LETTERS[call]}${event},${flags}`;
  }
}

/** One step: what was asked, what the C did, and what can be seen before and after. */
export interface Step {
  readonly command: Command;
  readonly before: StepView;
  /** Undefined where the step did not end. */
  readonly after: StepView | undefined;
  readonly happenings: readonly Happening[];
  /** The numbers that the process gives the states before and after. */
  readonly states?: readonly [before: number, after: number | undefined];
}

/** A kind of event, and why it is asked. */
export interface AskedKind extends Kind {
  readonly number: number;
  /** How a report calls it: `read_hit`, `type 4242`, `config 0x100000000`. */
  readonly name: string;
  readonly why: 'event' | 'firmware' | 'border' | 'foreign' | 'attribute' | 'software';
  /** For an attribute: the number of the kind that it is the same as otherwise. */
  readonly plain?: number;
}

/** What is known of a driver while it is searched, beside one step. */
export interface Known {
  readonly pmu: Pmu;
  readonly kinds: readonly AskedKind[];
  /** Addresses that `add` writes, by the index of the counter that the event got. */
  readonly writes: ReadonlyMap<number, ReadonlySet<string>>;
  /** Addresses that the driver reads where a count is asked for. */
  readonly values: ReadonlySet<string>;
  /** How many words of the driver's memory point to an event that is open and was never added. */
  readonly openRefs: number;
  /** Whether `del` or `read` ever asks the device. */
  readonly readsCounters: boolean;
  /** Whether the driver ever says STOPPED. */
  readonly usesStopped: boolean;
  /** What probe has read without knowing what hardware would answer, in a few words; undefined if there is nothing. */
  readonly guessed: string | undefined;
  /** Where the device is described: the number of its counter by the index that the driver gives an event, as its reads tell. */
  readonly counters: ReadonlyMap<number, number>;
  /** What the counter of each kind of event selects when it is alone. */
  readonly selections: ReadonlyMap<number, string>;
  /** Whether each hart has a device of its own. */
  readonly perHart: boolean;
  /** Whether the driver takes `perf_event_overflow` from the core. */
  readonly delivers: boolean;
}

/** What breaks a property in a step, in words of its own. */
export interface Offence {
  readonly property: string;
  /** What happened, as a sentence without its full stop. */
  readonly text: string;
  /** Where: an offset in the object, or a line of a file; else where a callback begins, by default the one of the step. */
  readonly at?: string;
  readonly callback?: 'open' | 'add' | 'start' | 'disable' | 'page';
  /** The other place that has a part in it: an offset in the object. */
  readonly beside?: string;
  /** What hardware answered that nobody described, and that may have brought it about. */
  readonly guess?: string;
  readonly line?: { readonly file: string; readonly line: number };
}

/** The answer of a call in a step: of `event_init`, `add`, the whole `group`. Undefined if it was not made, or did not return. */
export function answerOf({ happenings }: Step, call: string, event: number): number | undefined {
  const found = happenings.find((one) => one.type === call && one.event === event);
  return found === undefined ? undefined : (found.answer as number);
}

export const eventAfter = ({ after, command }: Step): EventView | undefined => after?.events[command.event];
export const eventBefore = ({ before, command }: Step): EventView | undefined => before.events[command.event];
export const isActive = (event: EventView | undefined): event is EventView =>
  event?.phase === 'active' || event?.phase === 'stopped';

/** The events that hold a counter. */
export const activeOf = ({ events }: StepView): number[] =>
  events.flatMap((event, number) => (isActive(event) ? [number] : []));

/** Where the device was written to in a step: registers, and calls of firmware. */
export const writesOf = (happenings: readonly Happening[]): string[] =>
  happenings.filter(({ type }) => type === 'write').map(({ bus, address }) => `${bus} ${address}`);

const ERRORS: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  5: 'EIO',
  6: 'ENXIO',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  28: 'ENOSPC',
  95: 'EOPNOTSUPP',
  517: 'EPROBE_DEFER',
  524: 'ENOTSUPP',
};

/** `-22` as `-EINVAL`. */
export const errnoText = (answer: number): string =>
  answer < 0 && ERRORS[-answer] !== undefined ? `-${ERRORS[-answer]}` : `${answer}`;

/** What a step is called where somebody is told of it: `add`, `open beside add`. */
export const callOf = ({ call, pair }: Command): string =>
  pair === undefined ? call : `${pair.first.call} beside ${pair.second.call}`;
