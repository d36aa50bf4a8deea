import type { Word } from '../../src/facts/index.ts';
import type { CallbackLine, Snapshot } from '../../src/trace/line.ts';
import type { FormatName } from '../../src/trace/recording/formats.ts';
import { GROUP, probeName } from '../../src/trace/recording/probes.ts';

/** A callback with the times of its entry and its return, in nanoseconds; one that did not return before the end has none. */
export interface Timed extends Omit<CallbackLine, 'before' | 'after'> {
  readonly entered: number;
  readonly returned?: number;
  readonly before: Partial<Snapshot>;
  readonly after: Partial<Snapshot>;
}

/** One line that a recorder prints. */
export type Printed =
  | {
      readonly kind: 'hit';
      readonly time: number;
      readonly cpu: number;
      readonly pid: number;
      readonly name: string;
      readonly where: string;
      readonly values: string;
    }
  | {
      readonly kind: 'other';
      readonly time: number;
      readonly cpu: number;
      readonly pid: number;
      readonly name: string;
      readonly values: string;
    }
  | { readonly kind: 'lost'; readonly cpu: number; readonly events: number };

/** The address of an event. */
export type AddressOf = (id: number) => string;

/** The functions of the posted driver, by callback. */
const FUNCTIONS: Record<CallbackLine['cb'], string> = {
  event_init: 'riscv_event_init',
  add: 'riscv_pmu_add',
  del: 'riscv_pmu_del',
  start: 'riscv_pmu_start',
  stop: 'riscv_pmu_stop',
  read: 'riscv_pmu_read',
  event_destroy: 'riscv_event_destroy',
};

const pairs = (values: Record<string, Word | undefined>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(' ');

function seenValues({ slots, csr, ...seen }: Partial<Snapshot>, addressOf: AddressOf): string {
  const addresses = (slots ?? []).map((id, slot) => [`slot${slot}`, id === 0 ? '0x0' : addressOf(id)]);
  return [pairs(seen), pairs(Object.fromEntries(addresses))].filter((text) => text !== '').join(' ');
}

/** The hits of the probes on callbacks, in the order of time. Without `returns`, a return shows what was returned and nothing else. */
export function hitsOf(calls: readonly Timed[], addressOf: AddressOf, returns = true): Printed[] {
  const hits = calls.flatMap((call): Printed[] => {
    const { cb: callback, cpu, pid, id, entered, returned, leader = id, parent, type, config, flags, ret, asks } = call;
    const event = addressOf(id);
    const open = callback === 'event_init' && {
      parent: parent === undefined ? '0x0' : addressOf(parent),
      period: asks?.sampling ? 4000 : 0,
      exclude_user: 0,
      exclude_kernel: asks?.modifier ? 1 : 0,
      exclude_hv: 0,
      exclude_idle: 0,
      precise_ip: 0,
    };
    const entry = pairs({ event, leader: addressOf(leader), type, config, flags, ...open });
    const common = { kind: 'hit', cpu, pid, where: FUNCTIONS[callback] } as const;
    return [
      {
        ...common,
        time: entered,
        name: probeName({ callback, side: 'call' }),
        values: `${entry} ${seenValues(call.before, addressOf)}`,
      },
      ...(returned === undefined
        ? []
        : [
            {
              ...common,
              time: returned,
              name: probeName({ callback, side: 'return' }),
              values: [
                pairs({ event: returns ? event : undefined, ret }),
                returns ? seenValues(call.after, addressOf) : '',
              ]
                .filter((text) => text !== '')
                .join(' '),
            },
          ]),
    ];
  });
  return hits.toSorted((one, other) => timeOf(one) - timeOf(other));
}

export const timeOf = (printed: Printed): number => (printed.kind === 'lost' ? 0 : printed.time);

const seconds = (time: number, digits: number): string => {
  const text = String(time).padStart(10, '0');
  return `${text.slice(0, -9)}.${text.slice(-9).slice(0, digits)}`;
};

/** An address of kernel text, the same for the same name. */
function textAddress(name: string): string {
  const sum = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 0xfffff, 7);
  return `ffffffff80${(sum & ~1).toString(16).padStart(6, '0')}`;
}

const CALLER = { call: '', symbol: 'perf_event_core' };

/** Where a probe of ftrace was hit. */
function place({ name, where }: { name: string; where: string }, symbolic: boolean): string {
  const [at, from] = symbolic
    ? [`${where}+0x0/0xb4`, `${CALLER.symbol}+0x5e/0x1a2`]
    : [textAddress(where), textAddress(CALLER.symbol)];
  return name.endsWith('_return') ? `(${from} <- ${symbolic ? where : at})` : `(${at})`;
}

const FTRACE_HEADER = [
  '# tracer: nop',
  '#',
  '# entries-in-buffer/entries-written: N/N   #P:2',
  '#',
  '#                                _-----=> irqs-off/BH-disabled',
  '#                               / _----=> need-resched',
  '#                              | / _---=> hardirq/softirq',
  '#                              || / _--=> preempt-depth',
  '#                              ||| / _-=> migrate-disable',
  '#                              |||| /     delay',
  '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION',
  '#              | |         |   |||||     |         |',
];

const cpuText = (cpu: number): string => `[${String(cpu).padStart(3, '0')}]`;

/** What each tool prints of the same hits. */
export const WRITERS: Record<FormatName, (printed: readonly Printed[]) => string> = {
  ftrace: (printed) => {
    const count = printed.filter(({ kind }) => kind !== 'lost').length;
    return lines([
      ...FTRACE_HEADER.map((row) => row.replace('N/N', `${count}/${count}`)),
      ...printed.map((item) =>
        item.kind === 'lost'
          ? `CPU:${item.cpu} [LOST ${item.events} EVENTS]`
          : `${'perf'.padStart(16)}-${String(item.pid).padEnd(7)} ${cpuText(item.cpu)} d..2. ${seconds(item.time, 6).padStart(12)}: ${item.name}: ${item.kind === 'hit' ? `${place(item, true)} ` : ''}${item.values}`,
      ),
    ]);
  },
  'trace-cmd': (printed) =>
    lines([
      'cpus=2',
      ...printed.map((item) =>
        item.kind === 'lost'
          ? `CPU:${item.cpu} [${item.events} EVENTS DROPPED]`
          : `${'perf'.padStart(16)}-${String(item.pid).padEnd(5)} ${cpuText(item.cpu)} ${seconds(item.time, 9).padStart(16)}: ${`${item.name}:`.padEnd(21)} ${item.kind === 'hit' ? `${place(item, false)} ` : ''}${item.values}`,
      ),
    ]),
  perf: (printed) =>
    lines([
      ...printed.map((item) =>
        item.kind === 'lost'
          ? `${'perf'.padStart(16)}     0 ${cpuText(item.cpu)}     0.000000000: PERF_RECORD_LOST lost ${item.events}`
          : `${'perf'.padStart(16)} ${String(item.pid).padStart(5)} ${cpuText(item.cpu)} ${seconds(item.time, 9).padStart(16)}: ${item.kind === 'hit' ? GROUP : 'sched'}:${item.name}: ${item.kind === 'hit' ? `${place(item, false)} ` : ''}${item.values}`,
      ),
    ]),
  bpftrace: (printed) =>
    lines([
      'Attaching 15 probes...',
      ...printed.flatMap((item) =>
        item.kind === 'lost'
          ? [`Lost ${item.events} events`]
          : item.kind === 'other'
            ? []
            : [`hartproof: ${item.name} nsecs=${item.time} cpu=${item.cpu} task=${item.pid} ${item.values}`],
      ),
    ]),
};

const lines = (rows: readonly string[]): string => `${rows.join('\n')}\n`;
