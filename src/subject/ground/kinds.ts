import { type Pmu, refusesExclusion, refusesSampling } from './bind.ts';
import { type Field, readEvent, readField, type Words } from './format.ts';
import type { Flag, GroundMachine, Kind } from './machine.ts';
import type { AskedKind } from './step.ts';

const [HARDWARE, SOFTWARE, HW_CACHE, RAW] = [0, 1, 3, 4] as const;
/** A type that nobody has. */
const NOBODYS = 4242;
/** Events of sysfs beyond this number are of the same few makes. */
const MOST_EVENTS = 24;
/** Codes to try where a driver names none. */
const CODES = [0, 1, 2, 3, 4, 8, 0x10, 0x11] as const;
/** Of SBI's firmware: loads that were not aligned, timers set. */
const FIRMWARE_EVENTS = [0, 5] as const;
const PERIOD = 100000n;
export const EXCLUSIONS: readonly Flag[] = ['exclude_user', 'exclude_kernel', 'exclude_idle'];

/** What every event is opened with, beside what makes it the event that it is. */
export interface Manner {
  readonly flags: readonly Flag[];
  readonly words: Partial<Words>;
}

/** The kinds of events that a driver is asked for, made from what it shows of itself; each is known to the process. */
export class Kinds {
  readonly all: AskedKind[] = [];
  /** What every event of this PMU is opened with. */
  #base: readonly Flag[] = [];

  constructor(
    readonly machine: GroundMachine,
    readonly pmu: Pmu,
  ) {}

  /** What a driver may ask of every event before it takes one: nothing, that it leaves guests out, or one of its own filters. */
  manners(): Manner[] {
    const filters = [...this.#format().values()].map(({ word, bits }) => ({ [word]: 1n << BigInt(bits[0] ?? 0) }));
    return [
      { flags: [], words: {} },
      { flags: ['exclude_guest'], words: {} },
      ...filters.map((words) => ({ flags: [], words })),
    ];
  }

  /** What the driver offers: its events in sysfs, or the generic ones where it has none; each opened in some manner. */
  offered({ flags, words: filter }: Manner): AskedKind[] {
    this.#base = flags;
    const format = this.#format();
    const events = [...(this.pmu.attributes.get('events') ?? [])].filter(
      ([name]) => !/\.(scale|unit|snapshot)$/.test(name),
    );
    const read = events.flatMap(([name, text]) => {
      const words = readEvent(text, format);
      return words === undefined ? [] : [{ name, words }];
    });
    const kinds = spread(read, MOST_EVENTS).map(({ name, words }) =>
      this.#add(name, 'event', { ...both(words, filter), cpu: 0 }),
    );
    if (kinds.length > 0) return kinds;
    const generic = Array.from({ length: 10 }, (_, config) =>
      this.#add(`hardware event ${config}`, 'event', { type: HARDWARE, config: BigInt(config), cpu: 0 }),
    );
    if (this.pmu.type === RAW) return [...generic, ...this.#ofFirmware(format)];
    return CODES.map((config) => this.#add(`raw event ${config}`, 'event', { config: BigInt(config), cpu: 0 }));
  }

  /** What firmware counts of its own doing, where `format/` has a place to ask for it (RISC-V's SBI). */
  #ofFirmware(format: ReadonlyMap<string, Field>): AskedKind[] {
    if (!format.has('firmware')) return [];
    return FIRMWARE_EVENTS.flatMap((event) => {
      const words = readEvent(`event=${event},firmware=2`, format);
      return words === undefined
        ? []
        : [this.#add(`firmware event ${event}`, 'firmware', { ...words, type: RAW, cpu: 0 })];
    });
  }

  /** Values at the borders of each word, the others as in an event that was accepted. */
  borders(accepted: AskedKind): AskedKind[] {
    const format = [...this.#format().values()];
    const kinds: AskedKind[] = [];
    for (const word of ['config', 'config1', 'config2'] as const) {
      const bits = new Set(format.filter((field) => field.word === word).flatMap((field) => field.bits));
      const highest = Math.max(-1, ...bits);
      const values = new Set<bigint>([0n, 1n << 31n, 1n << 32n, 1n << 63n, (1n << 64n) - 1n]);
      for (const bit of bits) values.add(1n << BigInt(bit));
      if (highest >= 0 && highest < 63) values.add(1n << BigInt(highest + 1)).add((1n << BigInt(highest + 1)) - 1n);
      for (const value of values) {
        const kind = {
          ...wordsOf(accepted),
          ...(accepted.type !== undefined && { type: accepted.type }),
          [word]: value,
          cpu: 0,
        };
        kinds.push(this.#add(`${word} 0x${value.toString(16)}`, 'border', kind));
      }
    }
    if (this.pmu.type === RAW)
      for (const value of [10n, 1n << 32n, (1n << 32n) | 7n, 1n << 63n, 3n << 62n, 0xffffn, 0xffffffn])
        for (const [name, type] of [
          ['hardware', HARDWARE],
          ['cache', HW_CACHE],
          ['raw', undefined],
        ] as const)
          kinds.push(
            this.#add(`${name} event 0x${value.toString(16)}`, 'border', {
              ...(type !== undefined && { type }),
              config: value,
              cpu: 0,
            }),
          );
    return kinds;
  }

  /** An accepted event with one bit of a filter of the driver's otherwise, for each that `format/` has beside `config`. */
  filtered(accepted: AskedKind): AskedKind[] {
    const fields = [...this.#format()].filter(([, { word }]) => word !== 'config');
    return fields.map(([name, { word, bits }]) => {
      const words = wordsOf(accepted);
      const other = { ...words, [word]: words[word] ^ (1n << BigInt(bits[0] ?? 0)), cpu: 0 };
      return this.#add(`${accepted.name} with another ${name}`, 'event', other);
    });
  }

  /** Events of other PMUs that the core offers this one all the same. */
  foreign(): AskedKind[] {
    const config = this.all[0] === undefined ? 0n : this.all[0].config;
    // Generic events are for the PMUs of CPUs, whatever their type.
    const own = this.pmu.uncore ? [HARDWARE, HW_CACHE] : [];
    return [
      ...[NOBODYS, ...own].map((type) => this.#add(`an event of type ${type}`, 'foreign', { type, config, cpu: 0 })),
      this.#add(`a sampling event of type ${NOBODYS}`, 'foreign', { type: NOBODYS, config, period: PERIOD, cpu: 0 }),
      this.#add(`an event of type ${NOBODYS} of a task`, 'foreign', { type: NOBODYS, config, cpu: undefined }),
    ];
  }

  /** An accepted event with one attribute more, for each that the core itself does not refuse. */
  attributes(accepted: AskedKind): AskedKind[] {
    const plain = { ...wordsOf(accepted), ...(accepted.type !== undefined && { type: accepted.type }), cpu: 0 };
    const add = (name: string, more: Partial<Kind>) =>
      this.#add(name, 'attribute', { ...plain, ...more }, accepted.number);
    const kinds = refusesExclusion(this.pmu)
      ? []
      : EXCLUSIONS.map((flag) => add(flag, { flags: [...this.#base, flag] }));
    if (!refusesSampling(this.pmu))
      kinds.push(
        add('sample_period', { period: PERIOD }),
        add('precise_ip', { period: PERIOD, flags: [...this.#base, 'precise_ip'] }),
        add('branch_stack', { period: PERIOD, flags: [...this.#base, 'branch_stack'] }),
      );
    return kinds;
  }

  /** The same event, opened on a CPU. */
  on({ name, ...kind }: AskedKind, cpu: number): AskedKind {
    return this.#add(name, 'event', { ...wordsOf(kind), ...(kind.type !== undefined && { type: kind.type }), cpu });
  }

  /** The same event of a task, which asks that its user may read the counter, where `format/` has a place for that (arm64). */
  readable({ name, ...kind }: AskedKind): AskedKind | undefined {
    const field = this.#format().get('rdpmc');
    if (field === undefined) return undefined;
    const words = wordsOf(kind);
    const asked = { ...words, [field.word]: words[field.word] | (1n << BigInt(field.bits[0] ?? 0)) };
    return this.#add(`${name} that users read`, 'event', {
      ...asked,
      ...(kind.type !== undefined && { type: kind.type }),
      cpu: undefined,
    });
  }

  /** An event of the core's own clock, which can lead any group. */
  software(): AskedKind {
    return this.#add('a software event', 'software', { type: SOFTWARE, config: 0n, flags: ['software'], cpu: 0 });
  }

  #add(name: string, why: AskedKind['why'], kind: Kind, plain?: number): AskedKind {
    const flagged = { ...kind, flags: kind.flags ?? this.#base };
    const number = this.machine.kind(flagged);
    // What is asked under two names is one kind, of the first.
    this.all[number] ??= { ...flagged, name, why, number, ...(plain !== undefined && { plain }) };
    return this.all[number];
  }

  #format(): Map<string, Field> {
    const fields = [...(this.pmu.attributes.get('format') ?? [])].flatMap(([name, text]) => {
      const field = readField(text);
      return field === undefined ? [] : [[name, field] as const];
    });
    return new Map(fields);
  }
}

const both = (words: Words, filter: Partial<Words>): Words => ({
  config: words.config | (filter.config ?? 0n),
  config1: words.config1 | (filter.config1 ?? 0n),
  config2: words.config2 | (filter.config2 ?? 0n),
});
const wordsOf = ({ config, config1 = 0n, config2 = 0n }: Kind): Words => ({ config, config1, config2 });

/** At most so many of some things, spread over all of them. */
function spread<T>(things: readonly T[], most: number): T[] {
  if (things.length <= most) return [...things];
  return Array.from({ length: most }, (_, at) => things[Math.floor((at * things.length) / most)]!);
}
