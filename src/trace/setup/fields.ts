import type { CallbackName } from '../line.ts';

/** One field of `struct perf_event` that is recorded. */
export interface Field {
  /** The name under which it is recorded. */
  readonly name: string;
  /** How C reaches it from the event, on a kernel of 64 bits. */
  readonly path: string;
  /** Its type for a probe of ftrace. */
  readonly type: string;
  /** Without type information: from which part of the event, whose offset the kernel decides, and how far from there. */
  readonly base: string;
  readonly from: number;
}

const field = (name: string, path: string, type: string, base = path, from = 0): Field => ({
  name,
  path,
  type,
  base,
  from,
});

/** What changes with each callback. */
export const CHANGING: readonly Field[] = [
  field('state', 'hw.state', 's32'),
  field('idx', 'hw.idx', 's32'),
  field('prev', 'hw.prev_count.a.a.counter', 'u64', 'hw.prev_count'),
  field('count', 'count.a.a.counter', 'u64', 'count'),
  field('evstate', 'state', 's32'),
  field('oncpu', 'oncpu', 's32'),
];

/** Who the event is. `struct perf_event_attr` is of the ABI: what it has is at the same place in every kernel. */
const IDENTITY: readonly Field[] = [
  field('leader', 'group_leader', 'x64'),
  field('type', 'attr.type', 'u32', 'attr'),
  field('config', 'attr.config', 'u64', 'attr', 8),
];

/** What an open asks for. */
const ASKED: readonly Field[] = [
  field('parent', 'parent', 'x64'),
  field('period', 'attr.sample_period', 'u64', 'attr', 16),
  field('pinned', 'attr.pinned', 'b1@2/32', 'attr', 40),
  field('exclude_user', 'attr.exclude_user', 'b1@4/32', 'attr', 40),
  field('exclude_kernel', 'attr.exclude_kernel', 'b1@5/32', 'attr', 40),
  field('exclude_hv', 'attr.exclude_hv', 'b1@6/32', 'attr', 40),
  field('exclude_idle', 'attr.exclude_idle', 'b1@7/32', 'attr', 40),
  field('precise_ip', 'attr.precise_ip', 'b2@15/32', 'attr', 40),
];

/** What is recorded at the entry of a callback. */
export const atEntry = (callback: CallbackName): readonly Field[] => [
  ...IDENTITY,
  ...(callback === 'event_init' ? ASKED : []),
  ...CHANGING,
];

/** Whether a callback answers. */
export const answers = (callback: CallbackName): boolean => callback === 'event_init' || callback === 'add';

/** The parts of `struct perf_event` whose offsets a kernel decides. */
export const BASES: readonly string[] = [...new Set([...IDENTITY, ...ASKED, ...CHANGING].map(({ base }) => base))];
