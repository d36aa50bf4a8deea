import type { DecisionName } from '../../machines/driver/decisions.ts';
import {
  type Answer,
  type AttributeKind,
  type Counting,
  choices,
  counterAt,
  type Fact,
  type FactType,
  isCounted,
  PERF_COUNT_HW,
  PERF_EF,
  PERF_HES,
  PERF_TYPE,
  type PmcOwner,
  type Pmu,
  type WarnSite,
} from '../../src/facts/index.ts';

/** A fact that the code waits for: any fact of that type with at least this data. */
export type Wanted = { readonly type: FactType } & Readonly<Record<string, unknown>>;

/** A piece of C, run up to its next shared access; it goes on with the fact that happened. */
export type C<T = void> = Generator<readonly Wanted[], T, Fact>;

/** The fields of `struct perf_event` that the driver writes. */
export const zeroedEvent = () => ({ state: 0, idx: 0, config: 0 as Counting, destroy: false });

function* happens<T extends FactType>(type: T, data: object = {}): C<Fact<T>> {
  return (yield [{ type, ...data }]) as Fact<T>;
}

/**
 * The driver written once more, as plain imperative code that follows the C function by function,
 * with what each decision changes where it changes it. It knows nothing of the statecharts.
 */
export function driverInC(pmu: Pmu, event: ReturnType<typeof zeroedEvent>, decides: (name: DecisionName) => boolean) {
  const wrap = (value: bigint, bits: number): string => BigInt.asUintN(bits, value).toString();
  const word = (value: bigint) => (pmu.wordBits > 53 ? wrap(value, pmu.wordBits) : Number(wrap(value, pmu.wordBits)));

  function* mutexLock(): C {
    const fact = yield [{ type: 'mutex.lock' }, { type: 'mutex.wait' }];
    if (fact.type === 'mutex.wait') yield* happens('mutex.lock');
  }

  /** The counter of a kind, or the error that the map gives. */
  function code({ type, config }: AttributeKind): Counting | Exclude<Answer, 0> {
    if (type === PERF_TYPE.HW_CACHE) return pmu.cacheEvents;
    if (type === PERF_TYPE.RAW) return pmu.rawEvents ?? 'EOPNOTSUPP';
    if (type !== PERF_TYPE.HARDWARE) return 'ENOENT';
    if (config < pmu.hwEvents.length) return pmu.hwEvents[config]!;
    return decides('knowsWholeAbi') && config <= PERF_COUNT_HW.REF_CPU_CYCLES ? 'EOPNOTSUPP' : 'EINVAL';
  }

  /** Counts the event, and takes the PMC for the first one. Answers who held it before. */
  function* countAndReserve(): C<{ old: PmcOwner; given: boolean }> {
    const underMutex = decides('countsUnderMutex');
    if (underMutex) yield* mutexLock();
    const first = (yield* happens('active_events.inc')).value === 1;
    if (first && !underMutex) yield* mutexLock();
    let old: PmcOwner = 'nobody';
    let given = false;
    if (first && decides('requestsIrq')) {
      if (pmu.interrupt) old = (yield* happens('request_irq')).owner;
      if (old !== 'nobody' && underMutex) {
        yield* happens('active_events.dec');
        given = true;
      }
    } else if (first) {
      old = (yield* happens('perf_irq.read')).owner;
      const leaves = decides('takesOnlyFreePmc') && old !== 'nobody';
      if (!leaves) yield* happens('perf_irq.write', { owner: 'driver' });
      else if (underMutex) {
        yield* happens('active_events.dec');
        given = true;
      }
    }
    if (first || underMutex) yield* happens('mutex.unlock');
    return { old, given };
  }

  function* eventInit(kind: AttributeKind, fits: boolean): C<Answer> {
    const { type } = kind;
    const mapped = code(kind);
    if (decides('refusesSampling') && kind.sampling && !pmu.interrupt) return 'EOPNOTSUPP';
    if (decides('refusesModifiers') && kind.modifier && !pmu.filters) return 'EINVAL';
    if (decides('refusesUnfitGroups') && !fits) return 'EINVAL';
    if (decides('mapsFirst') && !isCounted(mapped)) return mapped;

    if (decides('opensOnce') && event.destroy) return 0;

    const { old, given } = yield* countAndReserve();
    if (old !== 'nobody') {
      yield* happens('pr_warn');
      if (!given) yield* happens('active_events.dec');
      return 'EBUSY';
    }
    const isMapped = type === PERF_TYPE.HARDWARE || type === PERF_TYPE.HW_CACHE;
    if (!isMapped && !isCounted(mapped)) {
      if (decides('givesReferenceBack')) yield* giveBack();
      return mapped as Answer;
    }
    if (!decides('setsDestroyLast')) event.destroy = true;
    if (!isCounted(mapped)) {
      yield* giveBack();
      return mapped;
    }
    event.destroy = true;
    event.config = mapped;
    if (!decides('leavesIndex')) event.idx = -1;
    return 0;
  }

  function* destroy(): C {
    if (!decides('destroysOnce') || event.destroy) yield* giveBack();
  }

  /** `riscv_event_destroy` without a look at who calls. */
  function* giveBack(): C {
    if (decides('destroysOnce')) event.destroy = false;
    const underMutex = decides('countsUnderMutex');
    if (underMutex) yield* mutexLock();
    const last = (yield* happens('active_events.dec')).value === 0;
    if (last && !underMutex) yield* mutexLock();
    if (last && !decides('requestsIrq')) yield* happens('perf_irq.write', { owner: 'nobody' });
    if (last && decides('requestsIrq') && pmu.interrupt) yield* happens('free_irq');
    if (last || underMutex) yield* happens('mutex.unlock');
  }

  const warn = (site: WarnSite) => happens('warn', { site });

  function* readCounter(): C<bigint> {
    const { idx } = event;
    if (idx === 0 || idx === 1 || (decides('readsEveryCounter') && idx >= 0 && idx < pmu.numCounters)) {
      const register = (half: 'low' | 'high') => happens('csr.read', { counter: counterAt(idx), half });
      const bothHalves = decides('readsBothHalves') && pmu.xlen < pmu.wordBits;
      const high = bothHalves ? BigInt((yield* register('high')).value) << BigInt(pmu.xlen) : 0n;
      return high + BigInt((yield* register('low')).value);
    }
    if (idx < 0 || idx > pmu.maxCounters) yield* warn('read_counter');
    yield* happens('read_counter.default', { idx });
    return -22n;
  }

  function* writeCounter(value: bigint): C {
    const { idx } = event;
    if (idx < 0 || idx >= pmu.numCounters) return;
    const register = (half: 'low' | 'high', bits: bigint) =>
      happens('csr.write', { counter: counterAt(idx), half, value: word(bits) });
    yield* register('low', BigInt.asUintN(pmu.xlen, value));
    if (pmu.xlen < pmu.wordBits) yield* register('high', value >> BigInt(pmu.xlen));
  }

  /** Where the counter begins: half a round before it overflows, where that is heard of. */
  const begin = (): bigint =>
    decides('handlesOverflow') ? BigInt.asUintN(pmu.counterWidth, 1n - (1n << BigInt(pmu.counterWidth - 1))) : 0n;

  function* update(): C {
    let previous: bigint;
    let now: bigint;
    let found: bigint;
    do {
      previous = BigInt((yield* happens('prev_count.read')).value);
      now = yield* readCounter();
      const exchange = { expected: word(previous), value: word(now) };
      found = BigInt((yield* happens('prev_count.cmpxchg', exchange)).found);
    } while (found !== previous);
    const delta = BigInt.asUintN(pmu.counterWidth, BigInt(word(now)) - previous);
    yield* happens('count.add', { delta: word(delta) });
  }

  function* read(): C {
    if (decides('readsOnlyRunning') && event.state & PERF_HES.STOPPED) return;
    yield* update();
  }

  function* stop(flags: number): C {
    if (event.state & PERF_HES.STOPPED && !decides('toleratesStopped')) yield* warn('riscv_pmu_stop');
    event.state |= PERF_HES.STOPPED;
    const asked = flags & PERF_EF.UPDATE || decides('updatesAtEachStop');
    if (!asked || event.state & PERF_HES.UPTODATE) return;
    yield* update();
    event.state |= PERF_HES.UPTODATE;
  }

  function* start(flags: number): C {
    if (!(event.state & PERF_HES.STOPPED)) {
      if (!decides('toleratesRunning')) yield* warn('riscv_pmu_start');
      return;
    }
    if (flags & PERF_EF.RELOAD && !(event.state & PERF_HES.UPTODATE)) yield* warn('riscv_pmu_start (reload)');
    event.state = 0;
    if (!decides('publishesLast')) yield* happens('userpage.update');
    if (decides('writesCounter')) {
      yield* happens('prev_count.set', { value: word(begin()) });
      yield* writeCounter(begin());
    } else if (decides('startsFresh') || (yield* happens('prev_count.read')).value === 0)
      yield* happens('prev_count.set', { value: word(yield* readCounter()) });
    if (decides('publishesLast')) yield* happens('userpage.update');
  }

  /** Whether the event is in the slot that its index names; an index outside `events[]` names none. */
  function* isInSlot(): C<boolean> {
    const { idx } = event;
    return idx >= 0 && idx < pmu.maxCounters && (yield* happens('slots.compare', { idx })).same;
  }

  function* freeCounter(): C<number | undefined> {
    const { used } = yield* happens('used_mask.read');
    return choices(event.config).find((idx) => !used[idx]);
  }

  function* counterOfEvent(): C<number | undefined> {
    const [idx] = choices(event.config) as [number];
    const { nEvents, occupied } = yield* happens('slots.read');
    const full = decides('choosesByCounter') ? occupied[idx] : nEvents === pmu.numCounters;
    return full ? undefined : idx;
  }

  function* add(flags: number): C<Answer> {
    if (decides('addsOnce') && (yield* isInSlot())) return 0;
    const idx = decides('givesOutCounters') ? yield* freeCounter() : yield* counterOfEvent();
    if (idx === undefined) return 'ENOSPC';
    event.idx = idx;
    if (decides('givesOutCounters')) yield* happens('used_mask.set', { idx });
    yield* happens('slots.write', { idx: event.idx, bound: true });
    yield* happens('n_events.inc');
    event.state = PERF_HES.UPTODATE | PERF_HES.STOPPED;
    if (flags & PERF_EF.START) yield* start(PERF_EF.RELOAD);
    return 0;
  }

  function* del(): C {
    if (decides('deletesOnlyAdded') && !(yield* isInSlot())) return;
    yield* happens('slots.write', { idx: event.idx, bound: false });
    yield* happens('n_events.dec');
    if (decides('givesOutCounters')) yield* happens('used_mask.clear', { idx: event.idx });
    yield* stop(PERF_EF.UPDATE);
    yield* happens('userpage.update');
  }

  function* handleIrq(): C {
    if (event.state & PERF_HES.STOPPED) return;
    yield* update();
    if (!decides('writesCounter')) return;
    yield* happens('prev_count.set', { value: word(begin()) });
    yield* writeCounter(begin());
    yield* happens('userpage.update');
  }

  return { eventInit, destroy, add, del, start, stop, read, handleIrq };
}
