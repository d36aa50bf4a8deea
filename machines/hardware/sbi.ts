import { type Bits, BUSES, type Counter } from './layout.ts';
import type { Registers } from './registers.ts';

/** A call of SBI's PMU extension, and what it answers. */
export interface SbiCall {
  readonly function: number;
  readonly arguments: readonly bigint[];
}
export interface SbiAnswer {
  readonly error: number;
  readonly value: bigint;
}

const [NUM_COUNTERS, COUNTER_GET_INFO, CFG_MATCH, START, STOP] = [0, 1, 2, 3, 4] as const;
const [FW_READ, FW_READ_HI, SET_SHMEM] = [5, 6, 7] as const;
const [NOT_SUPPORTED, INVALID_PARAM, ALREADY_STARTED, ALREADY_STOPPED, NO_SHMEM] = [-2, -3, -7, -8, -9] as const;
const FLAGS = { skipMatch: 1n, clearValue: 2n, autoStart: 4n, setInitial: 1n, reset: 1n, snapshot: 2n } as const;
/** The register of firmware in which a description lets it keep where its snapshots go: it then has those of SBI 2.0. @experimental */
export const SHARED = 9;
const ADDRESS: Bits = { place: BUSES.indexOf('firmware') * 2 ** 40 + SHARED * 8, bit: 0, bits: 64 };
const [HARDWARE, CACHE, RAW, FIRMWARE] = [0n, 1n, 2n, 15n] as const;
const MOST_EVENT = 10n;
/** The last of the events that firmware counts of itself; what is the platform's own, it does not know. */
const MOST_OF_FIRMWARE = 21n;
const CSR_BYTES = 8;
const OF_FIRMWARE = 1n << 63n;
const ALL = (1n << 64n) - 1n;

/** Whether firmware knows an event at all: the general ones, those of caches, raw ones, and its own. */
const isKnown = (event: bigint): boolean => {
  const [type, code] = [typeOf(event), event & 0xffffn];
  if (type === HARDWARE) return code >= 1n && code <= MOST_EVENT;
  return type === CACHE || type === RAW || (type === FIRMWARE && code <= MOST_OF_FIRMWARE);
};
const typeOf = (event: bigint): bigint => (event >> 16n) & 0xfn;

/** A counter that lies in firmware, and in no register of the hart: it counts what firmware does, and is read by a call. */
const isFirmwares = ({ value }: Counter): boolean => Math.floor(value.place / 2 ** 40) === BUSES.indexOf('firmware');

/** What firmware answers to a call, as the SBI text has it (chapter PMU), and what it does to the counters of the hart. */
export function answerSbi(registers: Registers, hart: number, call: SbiCall): SbiAnswer {
  const counters = registers.layout.counters.filter(({ firmware }) => firmware !== undefined);
  const [base, mask, flags, given = 0n] = call.arguments as [bigint, bigint, bigint, bigint];
  const chosen = counters.filter(({ number }) => {
    const from = BigInt(number) - base;
    return from >= 0n && from < 64n && (mask >> from) & 1n;
  });
  const there = counters.reduce((bits, { number }) => {
    const from = BigInt(number) - base;
    return from >= 0n && from < 64n ? bits | (1n << from) : bits;
  }, 0n);
  if ([CFG_MATCH, START, STOP].some((one) => one === call.function) && mask & ~there)
    return { error: INVALID_PARAM, value: 0n };
  if (call.function === START && (flags & 3n) === 3n) return { error: INVALID_PARAM, value: 0n };
  const hasSnapshots = registers.layout.words.some(({ place }) => place === ADDRESS.place);
  const shares = hasSnapshots && registers.get(hart, ADDRESS) !== 0n;
  if ((call.function === START || call.function === STOP) && flags & FLAGS.snapshot && !shares)
    return { error: NO_SHMEM, value: 0n };
  const runs = (counter: Counter, on: bigint) => registers.put(hart, counter.firmware!.runs, on);
  switch (call.function) {
    case NUM_COUNTERS:
      return { error: 0, value: BigInt((counters.at(-1)?.number ?? -1) + 1) };
    case COUNTER_GET_INFO: {
      const counter = counters.find(({ number }) => BigInt(number) === base);
      if (counter === undefined) return { error: INVALID_PARAM, value: 0n };
      const width = BigInt(counter.bits - 1) << 12n;
      if (isFirmwares(counter)) return { error: 0, value: OF_FIRMWARE | width };
      return { error: 0, value: BigInt((counter.value.place % 2 ** 40) / CSR_BYTES) | width };
    }
    case CFG_MATCH: {
      const free = ({ firmware }: Counter): boolean =>
        (flags & FLAGS.skipMatch) !== 0n || registers.get(hart, firmware!.taken) === 0n;
      const fits = (one: Counter): boolean =>
        isFirmwares(one) === (typeOf(given) === FIRMWARE) &&
        (one.firmware!.only === undefined || BigInt(one.firmware!.only) === given);
      const counter = isKnown(given) ? chosen.find((one) => fits(one) && free(one)) : undefined;
      if (counter === undefined) return { error: NOT_SUPPORTED, value: 0n };
      registers.put(hart, counter.firmware!.taken, 1n);
      if (counter.select !== undefined) registers.put(hart, counter.select, given);
      if (flags & FLAGS.clearValue) registers.setValue(hart, counter, 0n);
      if (flags & FLAGS.autoStart) runs(counter, 1n);
      return { error: 0, value: BigInt(counter.number) };
    }
    case START: {
      let error = 0;
      for (const counter of chosen) {
        if (registers.get(hart, counter.firmware!.runs) !== 0n) {
          error = ALREADY_STARTED;
          continue;
        }
        runs(counter, 1n);
        // What a snapshot starts from is memory of the kernel's, and none of the machine's.
        if (flags & FLAGS.setInitial) registers.setValue(hart, counter, given & ((1n << BigInt(counter.bits)) - 1n));
        if (counter.overflow?.status !== undefined) registers.put(hart, counter.overflow.status, 0n);
      }
      return { error, value: 0n };
    }
    case STOP: {
      let error = 0;
      for (const counter of chosen) {
        if (registers.get(hart, counter.firmware!.runs) === 0n) error = ALREADY_STOPPED;
        runs(counter, 0n);
        if (flags & FLAGS.reset) registers.put(hart, counter.firmware!.taken, 0n);
      }
      return { error, value: 0n };
    }
    case FW_READ:
    case FW_READ_HI: {
      // The upper half is asked for since SBI 2.0, and of 64 bits there is none.
      if (call.function === FW_READ_HI && !hasSnapshots) return { error: NOT_SUPPORTED, value: 0n };
      const counter = counters.find((one) => BigInt(one.number) === base && isFirmwares(one));
      if (counter === undefined) return { error: INVALID_PARAM, value: 0n };
      return { error: 0, value: call.function === FW_READ ? registers.valueOf(hart, counter) : 0n };
    }
    case SET_SHMEM: {
      if (!hasSnapshots) return { error: NOT_SUPPORTED, value: 0n };
      const none = base === ALL && mask === ALL;
      if (flags !== 0n || (!none && base & 4095n)) return { error: INVALID_PARAM, value: 0n };
      registers.put(hart, ADDRESS, none ? 0n : base);
      return { error: 0, value: 0n };
    }
    default:
      return { error: NOT_SUPPORTED, value: 0n };
  }
}
