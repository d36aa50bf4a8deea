import type { CallbackName } from '../line.ts';
import { probeName } from '../recording/probes.ts';
import type { TracedDriver, TracedFunction } from './driver.ts';
import { answers, atEntry, CHANGING, type Field } from './fields.ts';
import { callbacksOf, comment } from './text.ts';

/** How bpftrace prints each type. */
const FORMATS: Record<string, string> = { s32: '%d', u32: '%u', u64: '%llu', x64: '0x%llx' };

/** A value in a line: its name, how it is printed, and what it is in bpftrace's language. */
export interface Printed {
  readonly name: string;
  readonly format: string;
  readonly value: string;
}

/** A bpftrace script that records the callbacks of a driver: it needs a kernel with BTF, and no offsets. */
export function bpftraceScript(driver: TracedDriver): string {
  return [
    '#!/usr/bin/env bpftrace',
    ...comment('//', [
      `Records the callbacks of ${driver.origin}, for: hartproof trace import`,
      'Run:   bpftrace hartproof.bt > recording.txt 2>&1    (stop it with Ctrl-C; it tells of lost events on the second)',
      `Needs: a kernel with BTF (CONFIG_DEBUG_INFO_BTF), kprobes (RISC-V: Linux 5.12 or later), CONFIG_KALLSYMS_ALL, and ${versionOf(driver)}.`,
      'On RISC-V from 6.6 on, no kprobe can be set at the entry of a function with CONFIG_FUNCTION_TRACER: --format fentry needs none.',
      'On a kernel of 32 bits, local64_t has one struct less: replace .a.a.counter by .a.counter.',
      ...ALWAYS,
      ...driver.notes,
    ]),
    '',
    ...callbacksOf(driver).flatMap(([callback, traced]) => [
      ...entry(driver, callback, traced),
      ...exit(driver, callback, traced),
    ]),
    ...WARNINGS,
    `END {${callbacksOf(driver)
      .map(([callback]) => ` clear(${mapOf(callback)});`)
      .join('')} }`,
    '',
  ].join('\n');
}

/** Which bpftrace a script of a driver needs. */
export const versionOf = ({ slots }: TracedDriver): string =>
  slots === undefined
    ? 'bpftrace 0.17 or later (one before 0.22 cannot show the slots, and this script leaves them out)'
    : 'bpftrace 0.22 or later, which has percpu_kaddr (for an older one: --bpftrace 0.17, which leaves out the slots)';

/** What is to be known of any recording by bpftrace. */
export const ALWAYS = [
  'What bpftrace records can be off while the core brings in pinned events at a context switch: their add is lost by the tracer, without a mark. --format kprobes has it.',
  'No probe reaches the counters themselves: see docs/trace.md for what follows from it.',
];

/** What is known of the event while a callback runs; one that does not sleep stays on its CPU, and the idle tasks are all task 0. */
const mapOf = (callback: CallbackName): string => `@${callback}`;
const keyOf = (callback: CallbackName): string =>
  callback === 'event_init' || callback === 'event_destroy'
    ? `${mapOf(callback)}[tid]`
    : `${mapOf(callback)}[tid, cpu]`;

function entry(driver: TracedDriver, callback: CallbackName, { name, parameters }: TracedFunction): string[] {
  const flags = parameters.length > 1 ? [{ name: 'flags', format: '%d', value: '(int32)arg1' }] : [];
  return [
    `kprobe:${name} {`,
    '  $e = (struct perf_event *)arg0;',
    `  ${keyOf(callback)} = arg0;`,
    ...print(probeName({ callback, side: 'call' }), [
      { name: 'event', format: '0x%llx', value: 'arg0' },
      ...flags,
      ...atEntry(callback).map(ofEvent),
      ...shared(driver),
    ])
      .split('\n')
      .map((row) => `  ${row}`),
    '}',
  ];
}

function exit(driver: TracedDriver, callback: CallbackName, { name }: TracedFunction): string[] {
  const ret = answers(callback) ? [{ name: 'ret', format: '%d', value: '(int32)retval' }] : [];
  return [
    `kretprobe:${name} /${keyOf(callback)}/ {`,
    `  $e = (struct perf_event *)${keyOf(callback)};`,
    ...print(probeName({ callback, side: 'return' }), [
      { name: 'event', format: '0x%llx', value: keyOf(callback) },
      ...ret,
      ...CHANGING.map(ofEvent),
      ...shared(driver),
    ])
      .split('\n')
      .map((row) => `  ${row}`),
    `  delete(${keyOf(callback)});`,
    '}',
    '',
  ];
}

/** A field of the event that `$e` points to. */
export const ofEvent = ({ name, path, type }: Field): Printed => {
  const isAddress = type === 'x64';
  return { name, format: FORMATS[type] ?? '%d', value: isAddress ? `(uint64)$e->${path}` : `$e->${path}` };
};

/** What the calls of all events share. */
export function shared({ references, slots }: TracedDriver): Printed[] {
  const struct = slots && `((struct ${slots.struct} *)percpu_kaddr("${slots.variable}"))`;
  return [
    ...(references === undefined ? [] : [{ name: 'active', format: '%d', value: `*(int32 *)kaddr("${references}")` }]),
    ...(slots === undefined
      ? []
      : [
          { name: 'n_events', format: '%d', value: `${struct}->n_events` },
          ...Array.from({ length: slots.length }, (_, slot) => ({
            name: `slot${slot}`,
            format: '0x%llx',
            value: `(uint64)${struct}->events[${slot}]`,
          })),
        ]),
  ];
}

/** Prints a line that import reads. */
export function print(probe: string, values: readonly Printed[]): string {
  const format = values.map(({ name, format }) => `${name}=${format.replaceAll('"', '\\"')}`).join(' ');
  const all = ['nsecs', 'cpu', 'tid', ...values.map(({ value }) => value)].join(',\n    ');
  return `printf("hartproof: ${probe} nsecs=%llu cpu=%d task=%d ${format}\\n",\n    ${all});`;
}

/** Prints each warning of the kernel. */
export const WARNINGS = [
  'kprobe:__warn {',
  `  ${print('warn', [
    { name: 'file', format: '"%s"', value: 'str(arg0)' },
    { name: 'line', format: '%d', value: '(int32)arg1' },
  ])}`,
  '}',
  '',
];
