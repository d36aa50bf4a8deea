import { type AttributeKind, type Capabilities, PERF_TYPE } from '../src/facts/index.ts';

/** In what the modelled perf cores differ. */
export interface Core {
  /** Whether events of every type are offered to this driver, also those that another PMU will take. */
  readonly offersEveryType: boolean;
  /** Whether a HARDWARE or HW_CACHE event is offered once as RAW's and, on ENOENT, once more. */
  readonly asksTwice: boolean;
  /** Whether `event->destroy` is called after a failed `event_init`, when it is set. */
  readonly destroysAfterFailure: boolean;
  /** Whether all members of a group are stopped when one is throttled. */
  readonly throttlesGroups: boolean;
  /** Whether it knows `PERF_PMU_CAP_NO_EXCLUDE` (since 5.1). */
  readonly knowsNoExclude: boolean;
}

/** The perf cores by their kernel. 4.16 is the one that the patch was written for; `current` is the mainline of 2026. */
export const CORES = {
  '4.16': {
    offersEveryType: true,
    asksTwice: false,
    destroysAfterFailure: false,
    throttlesGroups: false,
    knowsNoExclude: false,
  },
  '5.10': {
    offersEveryType: false,
    asksTwice: true,
    destroysAfterFailure: false,
    throttlesGroups: false,
    knowsNoExclude: true,
  },
  current: {
    offersEveryType: false,
    asksTwice: true,
    destroysAfterFailure: true,
    throttlesGroups: true,
    knowsNoExclude: true,
  },
} as const satisfies Record<string, Core>;

export type CoreName = keyof typeof CORES;

/** Whether a core offers events of this type to a PMU that is registered as `PERF_TYPE_RAW`. */
export function offersType(core: Core, type: number): boolean {
  // Nobody on RISC-V registers for breakpoints, so that the cores walk the whole list for one.
  return core.offersEveryType || (type !== PERF_TYPE.SOFTWARE && type !== PERF_TYPE.TRACEPOINT);
}

/**
 * Whether a core refuses an event by itself, after a good `event_init`, since the PMU says that it cannot do that. The core is
 * looked at only where it makes a difference, so that cores that do the same are searched once.
 */
export function refusesByItself(
  lifecycle: { readonly core: Core; readonly capabilities: Capabilities },
  { sampling, modifier }: AttributeKind,
): boolean {
  const { noInterrupt, noExclude } = lifecycle.capabilities;
  return (sampling === true && noInterrupt) || (modifier === true && noExclude && lifecycle.core.knowsNoExclude);
}
