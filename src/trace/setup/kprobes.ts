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

/**
 * A shell script that defines the probes through `kprobe_events` and records with them. It tries first whether this kernel records
 * the entry of a function at all, leaves a recording alone that runs already, and says what the kernel does not take.
 */
export function kprobeEvents(driver: TracedDriver, offsets?: Offsets): string {
  return [
    '#!/bin/sh',
    ...comment('#', [
      `Records the callbacks of ${driver.origin}, for: hartproof trace import`,
      ...(offsets === undefined
        ? [
            'Needs: kprobes (RISC-V: Linux 5.12 or later) and BTF (CONFIG_DEBUG_INFO_BTF). Fields of the event by their names need Linux 6.6 or later, and at a return 6.9 or later: before that, a return shows what was returned only, and import infers the rest from the next callback of the event.',
            'Before 6.6, or without BTF: --offsets, with what `pahole -E -C perf_event vmlinux` says of your kernel (-E also shows what is in its unions and structs).',
          ]
        : [
            'Needs: kprobes (RISC-V: Linux 5.12 or later). The offsets are of one kernel, and wrong for another.',
            'A return shows what was returned only; import infers the rest from the next callback of the event.',
          ]),
      'RISC-V from Linux 6.6 on records no entry this way; the script tries, and says what does.',
      'The reference count is found by its symbol, for which static data needs CONFIG_KALLSYMS_ALL.',
      'On a kernel of 32 bits, local64_t has one struct less: replace .a.a.counter by .a.counter.',
      'No probe reaches the counters themselves, nor the slots, which are per CPU: see docs/trace.md for what follows from it.',
      ...driver.notes,
    ]),
    ...PRELUDE,
    ...(driver.module === undefined ? [] : [moduleLoaded(driver.module)]),
    ...TRIES,
    ...callbacksOf(driver).flatMap(([callback, traced]) => {
      const place = driver.module === undefined ? traced.name : `${driver.module}:${traced.name}`;
      const short = answers(callback) ? ' ret=$retval:s32' : '';
      const whole = exit(driver, callback, traced, offsets);
      const at = (side: 'call' | 'return') => `${GROUP}/${probeName({ callback, side })} ${place}`;
      return [
        `define 'p:${at('call')} ${entry(driver, callback, traced, offsets)}' || give_up`,
        `define 'r${MAXACTIVE}:${at('return')}${whole}'${whole === short ? '' : ` 2> /dev/null ||\n  define 'r${MAXACTIVE}:${at('return')}${short}'`} || give_up`,
      ];
    }),
    `define 'p:${GROUP}/warn __warn file=+0($arg1):string line=$arg2:s32' || echo 'hartproof: warnings of the kernel will not show' >&2`,
    `echo 1 > events/${GROUP}/enable`,
    'echo 1 > tracing_on',
    "echo 'hartproof: it records' >&2",
    '',
    ...comment('#', [
      'Now let the kernel work. Then, in /sys/kernel/tracing:',
      '  echo 0 > tracing_on; cat trace > ~/recording.txt; cat kprobe_profile    (its last column: hits that a probe missed)',
      `  ${REMOVE}`,
      `Or, in place of tracing_on:  trace-cmd record -C mono -e ${GROUP} and trace-cmd report -t > recording.txt,`,
      `or  perf record -k mono -a -T -e '${GROUP}:*' and perf script --ns --show-lost-events > recording.txt`,
    ]),
    '',
  ].join('\n');
}

/** Takes all probes of the group away. */
const REMOVE = `echo 0 > events/${GROUP}/enable; for p in events/${GROUP}/*_*/ events/${GROUP}/warn/; do p=\${p%/}; echo "-:${GROUP}/\${p##*/}" >> kprobe_events; done`;

/** Each definition is written by itself: `cat` of busybox cuts what it copies at 4,096 bytes, wherever that is. */
const PRELUDE = [
  `cd "$\{TRACING:-/sys/kernel/tracing}" || exit 1`,
  `if [ -d events/${GROUP} ]; then`,
  "  echo 'hartproof: the probes are there already, and are left as they are; how to take them away is said below' >&2",
  '  exit 0',
  'fi',
  '[ -w kprobe_events ] || { echo "hartproof: no $PWD/kprobe_events: be root, with CONFIG_KPROBE_EVENTS and tracefs mounted there" >&2; exit 1; }',
  'define() {',
  '  echo "$1" >> kprobe_events',
  '}',
  'give_up() {',
  '  [ -f error_log ] && tail -n 12 error_log >&2',
  '  echo "hartproof: this kernel does not take the last definition, and nothing records (fields by their names need Linux 6.6 and BTF: see --offsets)" >&2',
  `  [ -d events/${GROUP} ] && { ${REMOVE}; }`,
  '  exit 1',
  '}',
];

const moduleLoaded = (module: string): string =>
  `[ -d /sys/module/${module} ] || { echo 'hartproof: the module ${module} is not loaded' >&2; exit 1; }`;

/** A probe at `vfs_read`, and one line of it. */
const TRIES = [
  'echo 0 > tracing_on',
  'echo > trace',
  'echo mono > trace_clock',
  'echo 16384 > buffer_size_kb',
  "other='hartproof trace setup --format fentry writes what does, with bpftrace'",
  `define 'p:${GROUP}_try/entry vfs_read' || {`,
  '  [ -f error_log ] && tail -n 4 error_log >&2',
  '  echo "hartproof: this kernel sets no probe at the entry of a function (RISC-V from 6.6 on with CONFIG_FUNCTION_TRACER): $other" >&2',
  '  exit 1',
  '}',
  `echo 1 > events/${GROUP}_try/enable`,
  'echo 1 > tracing_on',
  'read -r line < trace_clock',
  'echo 0 > tracing_on',
  "grep -q ' entry: ' trace; tried=$?",
  `echo 0 > events/${GROUP}_try/enable`,
  `echo '-:${GROUP}_try/entry' >> kprobe_events`,
  'echo > trace',
  '[ "$tried" = 0 ] || {',
  '  echo "hartproof: what a probe at the entry of a function records is lost on this kernel (RISC-V from 6.6 on: it runs as in an NMI): $other" >&2',
  '  exit 1',
  '}',
];

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
