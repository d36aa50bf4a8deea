import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { word } from '../../src/facts/index.ts';
import { COUNTERS_OF, EVENTS, HARTS, type Kernel } from './kernel.ts';

/** What should be of one event: whether it is open, where it runs, and how often its counter ticked while it did. */
interface Expected {
  open: boolean;
  hart: number | null;
  ran: bigint;
}

export interface Ticks {
  readonly events: Expected[];
}

export const noTicks = (): Ticks => ({ events: EVENTS.map(() => ({ open: false, hart: null, ran: 0n })) });

/** A command on one event, which can be given where `allowed` says so. */
abstract class OnEvent implements fc.Command<Ticks, Kernel> {
  constructor(readonly event: number) {}

  abstract allowed(is: Expected): boolean;
  abstract do(is: Expected, kernel: Kernel): void;

  check({ events }: Readonly<Ticks>): boolean {
    return this.allowed(events[this.event]!);
  }

  run({ events }: Ticks, kernel: Kernel): void {
    this.do(events[this.event]!, kernel);
  }

  toString(): string {
    return `${this.constructor.name} ${EVENTS[this.event]}`;
  }

  protected counted({ ran }: Expected, kernel: Kernel): void {
    assert.is(kernel.counts[this.event], BigInt.asUintN(64, ran));
  }
}

class Open extends OnEvent {
  allowed = ({ open }: Expected): boolean => !open;
  do(is: Expected, kernel: Kernel): void {
    const answer = kernel.call({ type: 'event_init.call', event: this.event, attribute: EVENTS[this.event]! });
    assert.equal(answer, { type: 'event_init.return', event: this.event, answer: 0, destroySet: true });
    is.open = true;
    is.ran = 0n;
    kernel.counts[this.event] = 0n;
  }
}

class Close extends OnEvent {
  allowed = ({ open, hart }: Expected): boolean => open && hart === null;
  do(is: Expected, kernel: Kernel): void {
    kernel.call({ type: 'destroy.call', event: this.event });
    kernel.happen({ type: 'event.free', event: this.event });
    is.open = false;
  }
}

class Add extends OnEvent {
  constructor(
    event: number,
    readonly hart: number,
  ) {
    super(event);
  }
  allowed = ({ open, hart }: Expected): boolean => open && hart === null;
  do(is: Expected, kernel: Kernel): void {
    const { event, hart } = this;
    assert.equal(kernel.call({ type: 'add.call', event, hart, flags: 1 }), {
      type: 'add.return',
      event,
      hart,
      answer: 0,
    });
    is.hart = hart;
  }
  override toString(): string {
    return `${super.toString()} on hart ${this.hart}`;
  }
}

class Del extends OnEvent {
  allowed = ({ hart }: Expected): boolean => hart !== null;
  do(is: Expected, kernel: Kernel): void {
    kernel.call({ type: 'del.call', event: this.event, hart: is.hart!, flags: 0 });
    is.hart = null;
    this.counted(is, kernel);
  }
}

class Read extends OnEvent {
  allowed = ({ hart }: Expected): boolean => hart !== null;
  do(is: Expected, kernel: Kernel): void {
    kernel.call({ type: 'read.call', event: this.event, hart: is.hart! });
    this.counted(is, kernel);
  }
}

/** The task goes on on another hart. */
class Migrate extends OnEvent {
  allowed = ({ hart }: Expected): boolean => hart !== null;
  do(is: Expected, kernel: Kernel): void {
    const to = (is.hart! + 1) % HARTS;
    new Del(this.event).do(is, kernel);
    new Add(this.event, to).do(is, kernel);
  }
}

class Tick implements fc.Command<Ticks, Kernel> {
  constructor(
    readonly hart: number,
    readonly counter: number,
    readonly ticks: bigint,
  ) {}
  check = (): boolean => true;
  run({ events }: Ticks, kernel: Kernel): void {
    const { hart, ticks } = this;
    const counter = COUNTERS_OF[this.counter]!;
    kernel.happen({ type: 'hart.tick', hart, counter, ticks: word(ticks, 64) });
    for (const [event, is] of events.entries()) if (is.hart === hart && event === this.counter) is.ran += ticks;
  }
  toString(): string {
    return `Tick ${COUNTERS_OF[this.counter]} of hart ${this.hart} by ${this.ticks}`;
  }
}

const event = fc.nat({ max: EVENTS.length - 1 });
const hart = fc.nat({ max: HARTS - 1 });
/** Between two updates a counter must not come round: `counter_width` is 63. */
const ticks = fc.bigInt({ min: 1n, max: 2n ** 40n });

const KINDS = {
  open: event.map((number) => new Open(number)),
  close: event.map((number) => new Close(number)),
  add: fc.tuple(event, hart).map(([number, on]) => new Add(number, on)),
  del: event.map((number) => new Del(number)),
  read: event.map((number) => new Read(number)),
  migrate: event.map((number) => new Migrate(number)),
  tick: fc.tuple(hart, event, ticks).map(([on, counter, by]) => new Tick(on, counter, by)),
} as const;

/** What a kernel and its harts do; all of it, or only these kinds of command. */
export const commands = (kinds = Object.keys(KINDS) as (keyof typeof KINDS)[]) =>
  fc.commands<Ticks, Kernel>(
    kinds.map((kind) => KINDS[kind]),
    { maxCommands: 60, size: 'max' },
  );

/** How far each counter of each hart is before anything happens, often near its end. */
export const beginnings = fc.array(
  fc.oneof(
    fc.constant(0n),
    fc.bigInt({ min: 2n ** 64n - 2n ** 41n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  ),
  { minLength: HARTS * EVENTS.length, maxLength: HARTS * EVENTS.length },
);

/** The counters stand there before the first command. */
export function begin(kernel: Kernel, at: readonly bigint[]): void {
  for (const [index, value] of at.entries())
    new Tick(index % HARTS, Math.floor(index / HARTS), value).run(noTicks(), kernel);
}
