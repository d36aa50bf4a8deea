import type { CallbackName } from '../line.ts';
import { GROUP, probeName } from '../recording/probes.ts';
import type { TracedDriver, TracedFunction } from './driver.ts';
import { answers, atEntry, BASES, CHANGING, type Field } from './fields.ts';
import { callbacksOf, comment } from './text.ts';

/** Where parts of `struct perf_event` are, in bytes from its beginning. */
export type Offsets = ReadonlyMap<string, number>;

/** Reads `hw.idx=356,count=64`. Throws a RangeError that names what is wrong or missing. */
export function parseOffsets(text: string): Offsets {
  const offsets = new Map<string, number>();
  for (const item of text.split(',')) {
    const [, name, bytes] = /^\s*([\w.]+)=(\d+|0x[0-9a-f]+)\s*$/i.exec(item) ?? [];
    if (name === undefined || !BASES.includes(name))
      throw new RangeError(`${item.trim()} is not name=bytes; the names are ${BASES.join(', ')}`);
    offsets.set(name, Number(bytes));
  }
  if (!offsets.has('attr')) throw new RangeError('without the offset of attr, no event shows what it counts');
  return offsets;
}

/** How many calls may run at once before a return is missed. */
const MAXACTIVE = 256;

/** A shell script that defines the probes through `kprobe_events` and records with them. */
export function kprobeEvents(driver: TracedDriver, offsets?: Offsets): string {
  return [
    '#!/bin/sh',
    ...comment('#', [
      `Records the callbacks of ${driver.origin}, for: hartproof trace import`,
      ...(offsets === undefined
        ? [
            'Needs: kprobes (RISC-V: Linux 5.12 or later) and BTF (CONFIG_DEBUG_INFO_BTF). Fields of the event by their names need Linux 6.6 or later, and at a return 6.9 or later.',
            "From 6.6 to 6.8, let returns show what was returned only, and import infers the rest from the next callback of the event: sed '/^r/s/ event=.*//'",
            'Before 6.6, or without BTF: --offsets, with what `pahole -C perf_event vmlinux` says of your kernel.',
          ]
        : [
            'Needs: kprobes (RISC-V: Linux 5.12 or later). The offsets are of one kernel, and wrong for another.',
            'A return shows what was returned only; import infers the rest from the next callback of the event.',
          ]),
      'The reference count is found by its symbol, for which static data needs CONFIG_KALLSYMS_ALL.',
      'On a kernel of 32 bits, local64_t has one struct less: replace .a.a.counter by .a.counter.',
      'No probe reaches the counters themselves, nor the slots, which are per CPU: see docs/trace.md for what follows from it.',
      ...driver.notes,
    ]),
    'set -e',
    'cd /sys/kernel/tracing',
    'echo 0 > tracing_on',
    'echo > trace',
    'echo mono > trace_clock',
    'echo 16384 > buffer_size_kb',
    "cat >> kprobe_events <<'END'",
    ...callbacksOf(driver).flatMap(([callback, traced]) => [
      `p:${GROUP}/${probeName({ callback, side: 'call' })} ${traced.name} ${entry(driver, callback, traced, offsets)}`,
      `r${MAXACTIVE}:${GROUP}/${probeName({ callback, side: 'return' })} ${traced.name}${exit(driver, callback, traced, offsets)}`,
    ]),
    `p:${GROUP}/warn __warn file=+0($arg1):string line=$arg2:s32`,
    'END',
    `echo 1 > events/${GROUP}/enable`,
    'echo 1 > tracing_on',
    '',
    ...comment('#', [
      'Now let the kernel work. Then, in /sys/kernel/tracing:',
      '  echo 0 > tracing_on; cat trace > ~/recording.txt; cat kprobe_profile    (its last column: hits that a probe missed)',
      `  echo 0 > events/${GROUP}/enable; grep -o '${GROUP}/[a-z_]*' kprobe_events | sed 's/^/-:/' >> kprobe_events`,
      `Or, in place of tracing_on:  trace-cmd record -C mono -e ${GROUP} and trace-cmd report -t > recording.txt,`,
      `or  perf record -k mono -a -T -e '${GROUP}:*' and perf script --ns --show-lost-events > recording.txt`,
    ]),
    '',
  ].join('\n');
}

/** A definition that needs the flags of a call has them second. */
const flagsOf = ({ parameters }: TracedFunction, offsets?: Offsets): string[] =>
  parameters.length < 2 ? [] : [`flags=${offsets === undefined ? parameters[1] : '$arg2'}:s32`];

const activeOf = ({ references }: TracedDriver): string[] =>
  references === undefined ? [] : [`active=@${references}:s32`];

function entry(driver: TracedDriver, callback: CallbackName, traced: TracedFunction, offsets?: Offsets): string {
  const event = offsets === undefined ? traced.parameters[0]! : '$arg1';
  const fields = atEntry(callback).flatMap((field) => fetch(field, event, offsets));
  return [`event=${event}:x64`, ...flagsOf(traced, offsets), ...fields, ...activeOf(driver)].join(' ');
}

function exit(driver: TracedDriver, callback: CallbackName, traced: TracedFunction, offsets?: Offsets): string {
  const ret = answers(callback) ? ['ret=$retval:s32'] : [];
  const event = traced.parameters[0]!;
  const fields =
    offsets === undefined
      ? [`event=${event}:x64`, ...CHANGING.flatMap((field) => fetch(field, event)), ...activeOf(driver)]
      : activeOf(driver);
  return [...ret, ...fields].map((text) => ` ${text}`).join('');
}

/** A field of the event, by its name or by its offset; none if its offset is not given. */
function fetch({ name, path, type, base, from }: Field, event: string, offsets?: Offsets): string[] {
  // BTF knows the bits of a bit field.
  if (offsets === undefined) return [`${name}=${event}->${path}${type.startsWith('b') ? '' : `:${type}`}`];
  const offset = offsets.get(base);
  return offset === undefined ? [] : [`${name}=+${offset + from}(${event}):${type}`];
}
