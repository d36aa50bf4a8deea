import { type Answer, COUNTERS, type Fact, type Pmu, plus, RISCV_BASE_PMU, type Word } from '../facts/index.ts';
import { type Build, buildFor } from '../subject/build.ts';
import { Code } from '../subject/code.ts';
import { Subject as RunningC } from '../subject/subject.ts';
import type { Stimulus } from './contract.ts';
import type { Observation, Scope, SystemUnderTest } from './system-under-test.ts';

/** The real C of a driver as a system under test. {@link RealDriver.close} ends the processes in which it runs. */
export class RealDriver implements SystemUnderTest {
  readonly #codes = new Map<string, Code>();
  #code: Code | undefined;
  #local = 0;
  #counters: [Word, Word][] = [];
  #counts: Word[] = [];
  #warnings = 0;

  /** `pmu` is what differs from the seed's PMU on RV64. */
  constructor(
    readonly build: Build,
    readonly pmu: Partial<Pmu> = {},
  ) {}

  /** Throws `NoSubject` if the driver does not boot. */
  reset({ events, harts, group }: Scope): void {
    const { wordBits, xlen, counterWidth, intBits } = { ...RISCV_BASE_PMU, ...this.pmu };
    const machine = { events, harts, wordBits, xlen, counterWidth, intBits, anyOrder: false, group };
    const key = JSON.stringify(machine);
    this.#code = this.#codes.get(key) ?? new Code(new RunningC(buildFor(this.build, machine), machine));
    this.#codes.set(key, this.#code);
    this.#local = this.#code.initial;
    this.#counters = Array.from({ length: harts }, () => [0, 0]);
    this.#counts = Array.from({ length: events }, () => 0);
    this.#warnings = 0;
  }

  call(stimulus: Stimulus): Answer | undefined {
    if (stimulus.type === 'hart.tick') {
      const counters = this.#counters[stimulus.hart]!;
      const number = (COUNTERS as readonly string[]).indexOf(stimulus.counter);
      counters[number] = plus(counters[number]!, stimulus.ticks, 64);
      return undefined;
    }
    if (stimulus.type === 'event.free') this.#counts[stimulus.event] = 0;
    const counters = 'hart' in stimulus ? [...this.#counters[stimulus.hart]!] : [];
    const next = this.#code!.after(this.#local, stimulus, counters);
    if (next === null) throw new Error(`${stimulus.type} cannot be done to the C now`);
    this.#local = next;
    return stimulus.type.endsWith('.call') ? this.#finish(stimulus as Fact<'add.call'>) : undefined;
  }

  observe(): Observation {
    const { activeEvents, reservation, slots, events } = this.#code!.view(this.#local);
    return {
      activeEvents,
      pmcOwner: reservation.perfIrq,
      warnings: this.#warnings,
      harts: slots.map(({ nEvents, events }) => ({ nEvents, slots: events })),
      events: events.map(({ hwState, idx, destroySet }, event) => ({
        hwState,
        idx,
        destroySet,
        count: this.#counts[event]!,
      })),
    };
  }

  close(): void {
    for (const { subject } of this.#codes.values()) subject.close();
    this.#codes.clear();
  }

  /** Lets the code of a call run to its return. */
  #finish({ type, event }: Fact<'add.call'>): Answer | undefined {
    const returns = type.replace('.call', '.return');
    for (;;) {
      const step = this.#code!.step(this.#local, event);
      if (step === null) throw new Error(`the driver hangs in ${type.split('.')[0]}`);
      this.#local = this.#code!.next;
      const fact = step.fact as Fact | { readonly type: 'crash'; readonly signal: string };
      if (fact.type === 'crash') throw new Error(`the driver crashes (${fact.signal})`);
      if (fact.type === 'warn') this.#warnings++;
      if (fact.type === 'count.add') this.#counts[fact.event] = plus(this.#counts[fact.event]!, fact.delta, 64);
      if (fact.type === returns) return 'answer' in fact ? fact.answer : undefined;
    }
  }
}
