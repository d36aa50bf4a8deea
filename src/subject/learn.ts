import { Undecided } from '../engine/check/index.ts';
import {
  type Answer,
  CACHE_CONFIGS,
  type Counter,
  type Counting,
  indexOfCounter,
  isCounted,
  type MapEntry,
  PERF_COUNT_HW,
  PERF_EF,
  PERF_TYPE,
  type Pmu,
  RISCV_BASE_PMU,
} from '../facts/index.ts';
import type { Build } from './build.ts';
import { commands, type Happening, Subject, type SubjectMachine } from './subject.ts';
import { isForRv32 } from './xlen.ts';

/** One hart on which events are opened and added alone, and beside others of their kind. */
const ALONE: SubjectMachine = {
  ...{ events: 4, harts: 1, wordBits: 64, xlen: 64, counterWidth: 64, intBits: 32 },
  ...{ anyOrder: false, group: 0, writable: true },
};
/** More facts than an open tells before it returns: what goes on for longer is not learnt from. */
const MOST_STEPS = 200;
/** What the fixed counters count, and no other counter can be asked for less: cycles, and instructions. */
const FIXED: readonly number[] = [PERF_COUNT_HW.CPU_CYCLES, PERF_COUNT_HW.INSTRUCTIONS];
/** Events that have nothing to do with what the fixed counters count. */
const OF_CACHES_AND_BRANCHES: readonly number[] = [
  PERF_COUNT_HW.CACHE_REFERENCES,
  PERF_COUNT_HW.CACHE_MISSES,
  PERF_COUNT_HW.BRANCH_INSTRUCTIONS,
  PERF_COUNT_HW.BRANCH_MISSES,
];

/** What came of opening one kind of event, as far as the driver went. */
interface Came {
  readonly accepted: boolean;
  /** With what it was refused. */
  readonly refusal?: Answer;
  /** The counters that events of the kind had, when as many as can be were added at once. */
  readonly counters: readonly number[];
  readonly asksForInterrupt: boolean;
}

/**
 * The PMU of a driver that nobody described, as far as it can be learnt by asking the driver: which events it takes, and
 * which counter each is on; and by its text, whether it is for RV32 too. All else is that of the base PMU, and so is all of it
 * where what a call does is not known. Throws `NoSubject` if the driver does not boot.
 */
export function learnPmu(build: Build): Pmu {
  return { ...learnEvents(build), ...(isForRv32(build) && { eitherXlen: true }) };
}

function learnEvents(build: Build, isAgain = false): Pmu {
  try {
    return learnOnce(build);
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    // What ended the process may not have been the driver: it is asked again in another one. If it was, the searches say so.
    return error.ends && !isAgain ? learnEvents(build, true) : RISCV_BASE_PMU;
  }
}

function learnOnce(build: Build): Pmu {
  const subject = new Subject(build, ALONE);
  try {
    return learnFrom(subject);
  } finally {
    subject.close();
  }
}

function learnFrom(subject: Subject): Pmu {
  const { capabilities, interrupt, slots } = subject.registered;
  const base = RISCV_BASE_PMU;
  const hardware = Array.from({ length: PERF_COUNT_HW.REF_CPU_CYCLES + 1 }, (_, config) =>
    ask(subject, PERF_TYPE.HARDWARE, config),
  );
  const raw = ask(subject, PERF_TYPE.RAW, 1);
  const sampled = ask(subject, PERF_TYPE.HARDWARE, 0, 1);
  const filtered = [2, 4].map((special) => ask(subject, PERF_TYPE.HARDWARE, 0, special));
  const entries = hardware.map((asked, config) => hardwareEntry(asked, config, base.hwEvents[config]));
  // What the driver refuses at the end, its map may not have at all.
  const length = Math.max(base.hwEvents.length, 1 + hardware.findLastIndex(({ accepted }) => accepted));
  const hwEvents = entries.slice(0, length);
  const cacheMap = learnCacheMap(subject);
  const rawEvents = raw.accepted ? counting(raw.counters) : undefined;
  const all = [...hwEvents, ...Object.values(cacheMap), rawEvents].flatMap((entry) => (isCounted(entry) ? entry : []));
  const numCounters = Math.max(base.numCounters, 1 + Math.max(0, ...all));
  // Only where there are other counters than the fixed ones can there be filters.
  const hasOthers = numCounters > base.numCounters;
  return {
    ...base,
    numCounters,
    maxCounters: Math.max(numCounters, slots),
    hwEvents,
    ...(Object.keys(cacheMap).length > 0 && { cacheMap }),
    ...(rawEvents !== undefined && { rawEvents }),
    interrupt: !capabilities.noInterrupt && sampled.accepted && (interrupt || sampled.asksForInterrupt),
    filters: !capabilities.noExclude && hasOthers && filtered.some(({ accepted }) => accepted),
    capabilities,
    writable: true,
  };
}

/** The entry of a hardware event: what is not learnt of it is that of the base PMU. */
function hardwareEntry(asked: Came, config: number, known: MapEntry = 'EOPNOTSUPP'): MapEntry {
  if (!asked.accepted && FIXED.includes(config))
    return asked.refusal === 'EOPNOTSUPP' || asked.refusal === 'ENOENT' ? asked.refusal : known;
  if (!asked.accepted) return known;
  if (FIXED.includes(config)) return asked.counters.length === 0 ? known : (general(asked) ?? known);
  if (OF_CACHES_AND_BRANCHES.includes(config)) return general(asked) ?? known;
  return counting(asked.counters);
}

/** The entries of the cache events that the driver takes. */
function learnCacheMap(subject: Subject): Record<number, MapEntry> {
  const map: Record<number, MapEntry> = {};
  for (const config of Object.values(CACHE_CONFIGS)) {
    const asked = ask(subject, PERF_TYPE.HW_CACHE, config);
    const entry = asked.accepted ? general(asked) : undefined;
    if (entry !== undefined) map[config] = entry;
  }
  return map;
}

/** The counters of a kind, where they can count anything: none of them is a fixed one. */
const general = ({ counters }: Came): Counting | undefined =>
  counters.some((idx) => FIXED.includes(idx)) ? undefined : counting(counters);

/** What counts a kind that was accepted. No counter at all: a register that is not known, or no part of the harness. */
const counting = (counters: readonly number[]): Counting =>
  counters.length === 1 && counters[0] !== undefined ? counters[0] : counters;

/** Opens and adds an event of a kind, and then more of them beside it. */
function ask(subject: Subject, type: number, config: number, special = 0): Came {
  const counters = new Set<number>();
  let accepted = false;
  let refusal: Answer | undefined;
  let asksForInterrupt = false;
  let state = subject.boot.state;
  for (let event = 0; event < subject.machine.events; event++) {
    const opened = open(subject, state, event, type, config, special);
    if (opened?.answer !== 0) {
      refusal = opened?.answer;
      break;
    }
    accepted = true;
    asksForInterrupt ||= opened.asksForInterrupt;
    const added = subject.perform(opened.state, commands.run(event, 'add', 0, PERF_EF.START));
    if (added.kind !== 'done' || !isAdded(added.happenings)) break;
    const read = subject.perform(added.state, commands.run(event, 'read', 0, 0));
    const touched = [added, read].flatMap((result) => (result.kind === 'done' ? touches(result.happenings) : []));
    const last = touched.at(-1);
    if (last !== undefined) counters.add(last);
    state = added.state;
  }
  return {
    accepted,
    ...(!accepted && refusal !== undefined && { refusal }),
    counters: [...counters].sort((a, b) => a - b),
    asksForInterrupt,
  };
}

function open(
  subject: Subject,
  ...[from, event, type, config, special]: [state: number, event: number, type: number, config: number, special: number]
): { state: number; answer: Answer; asksForInterrupt: boolean } | undefined {
  let result = subject.perform(from, `i${event},${type},${config},${special},0,1`);
  let asksForInterrupt = false;
  for (let steps = 0; steps < MOST_STEPS && result.kind === 'done'; steps++) {
    const { happenings, state } = result;
    asksForInterrupt ||= happenings.some(({ fact }) => fact.type === 'request_irq');
    for (const { fact } of happenings)
      if (fact.type === 'event_init.return') return { state, answer: fact.answer, asksForInterrupt };
    result = subject.perform(state, commands.step(event));
  }
  return undefined;
}

const isAdded = (happenings: readonly Happening[]): boolean =>
  happenings.some(({ fact }) => fact.type === 'add.return' && fact.answer === 0);

const touches = (happenings: readonly Happening[]): number[] =>
  happenings.flatMap(({ fact }) =>
    fact.type === 'csr.read' || fact.type === 'csr.write' ? [indexOfCounter(fact.counter as Counter)] : [],
  );
