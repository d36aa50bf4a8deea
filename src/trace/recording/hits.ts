import { Numbers, Texts, Times } from './columns.ts';
import type { Head } from './heads.ts';
import type { Probe } from './probes.ts';
import { Values } from './values.ts';

/** The place and the time of an event, whoever's it is. */
export interface Stamp {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  readonly cpu: number;
  readonly time: bigint;
}

/** Every event of a recording, in the order of the file. */
export class Stamps {
  readonly #lines = new Numbers();
  readonly #cpus = new Numbers();
  readonly times = new Times();

  get length(): number {
    return this.times.length;
  }

  push({ line, cpu, time }: Stamp): void {
    this.#lines.push(line);
    this.#cpus.push(cpu);
    this.times.push(time);
  }

  lineAt(index: number): number {
    return this.#lines.at(index);
  }

  cpuAt(index: number): number {
    return this.#cpus.at(index);
  }

  *[Symbol.iterator](): Generator<Stamp> {
    for (let index = 0; index < this.length; index++)
      yield { line: this.lineAt(index), cpu: this.cpuAt(index), time: this.times.at(index) };
  }
}

/** One hit of a probe; task 0 is the idle task of each CPU. */
export interface Hit extends Stamp, Head {
  readonly probe: Probe;
  readonly values: Values;
}

/** A hit that is made when it is asked for. */
class HitAt implements Hit {
  constructor(
    readonly hits: Hits,
    /** Its number among the hits in the order of the file, from 0. */
    readonly index: number,
  ) {}

  get line(): number {
    return this.hits.stamps.lineAt(this.hits.stampOf(this.index));
  }

  get cpu(): number {
    return this.hits.stamps.cpuAt(this.hits.stampOf(this.index));
  }

  get time(): bigint {
    return this.hits.stamps.times.at(this.hits.stampOf(this.index));
  }

  get task(): number {
    return this.hits.taskOf(this.index);
  }

  get stamp(): string {
    return this.hits.printedOf(this.index);
  }

  get probe(): Probe {
    return this.hits.probeOf(this.index).probe;
  }

  get values(): Values {
    return new Values(this.line, this.hits.probeOf(this.index).name, this.hits.textOf(this.index));
  }
}

/** A probe by a name that is in the recording. */
export interface NamedProbe {
  readonly name: string;
  readonly probe: Probe;
  /** Its number among those of one name. */
  readonly number: number;
}

/** The hits of a recording, in the order of the file: a few numbers and the text of each, as there may be millions. */
export class Hits {
  readonly #stamps = new Numbers();
  readonly #tasks = new Numbers();
  readonly #printed = new Texts();
  readonly #texts = new Texts();
  readonly #probes = new Numbers();
  readonly #named: NamedProbe[] = [];
  readonly #numbers = new Map<NamedProbe, number>();

  constructor(readonly stamps: Stamps) {}

  get length(): number {
    return this.#tasks.length;
  }

  /** The last of the stamps is of a hit of that probe, with that text after its name. */
  push(
    named: NamedProbe,
    { task, stamp, rest }: { readonly task: number; readonly stamp: string; readonly rest: string },
  ): void {
    let number = this.#numbers.get(named);
    if (number === undefined) {
      number = this.#named.push(named) - 1;
      this.#numbers.set(named, number);
    }
    this.#probes.push(number);
    this.#stamps.push(this.stamps.length - 1);
    this.#tasks.push(task);
    this.#printed.push(stamp);
    this.#texts.push(rest);
  }

  at(index: number): Hit {
    return new HitAt(this, index);
  }

  stampOf(index: number): number {
    return this.#stamps.at(index);
  }

  taskOf(index: number): number {
    return this.#tasks.at(index);
  }

  probeOf(index: number): NamedProbe {
    return this.#named[this.#probes.at(index)]!;
  }

  /** Its time as the recorder printed it. */
  printedOf(index: number): string {
    return this.#printed.at(index);
  }

  textOf(index: number): string {
    return this.#texts.at(index);
  }

  *[Symbol.iterator](): Generator<Hit> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }
}

/** The hits of a recording in the order of time; those of one time in the order of the file. */
export class Ordered {
  /** Undefined where the file is in that order. */
  readonly #order: Uint32Array | undefined;
  /** How many stood in the file after a later one. */
  readonly moved: number;

  constructor(readonly hits: Hits) {
    const timeOf = (index: number) => hits.stamps.times.at(hits.stampOf(index));
    let latest = 0n;
    let moved = 0;
    for (let index = 0; index < hits.length; index++) {
      const time = timeOf(index);
      if (time < latest) moved++;
      else latest = time;
    }
    this.moved = moved;
    if (moved === 0) return;
    this.#order = Uint32Array.from({ length: hits.length }, (_, index) => index).sort((one, other) => {
      const [first, second] = [timeOf(one), timeOf(other)];
      return first < second ? -1 : first > second ? 1 : one - other;
    });
  }

  get length(): number {
    return this.hits.length;
  }

  at(place: number): Hit {
    return this.hits.at(this.#order === undefined ? place : this.#order[place]!);
  }
}
