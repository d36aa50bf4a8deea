import type { CallbackName } from '../line.ts';
import { probeName } from '../recording/probes.ts';
import { ALWAYS, ofEvent, print, shared, versionOf } from './bpftrace.ts';
import type { TracedDriver, TracedFunction } from './driver.ts';
import { answers, atEntry, CHANGING } from './fields.ts';
import { callbacksOf, comment } from './text.ts';

/**
 * A bpftrace script that is called by the functions themselves (fentry and fexit, through BPF trampolines), where the kernel sets no
 * kprobe at an entry, or its trace buffer takes nothing from one. bpftrace calls such probes kfunc and kretfunc too, which older ones know.
 */
export function fentryScript(driver: TracedDriver): string {
  return [
    '#!/usr/bin/env bpftrace',
    ...comment('//', [
      `Records the callbacks of ${driver.origin}, for: hartproof trace import`,
      'Run:   bpftrace hartproof.bt > recording.txt 2>&1    (stop it with Ctrl-C; it tells of lost events on the second)',
      `Needs: a kernel with BTF (CONFIG_DEBUG_INFO_BTF${driver.module === undefined ? '' : '_MODULES'}), CONFIG_FUNCTION_TRACER with BPF trampolines (x86 5.5, arm64 6.4, RISC-V 6.3 and later), CONFIG_KALLSYMS_ALL, and ${versionOf(driver)}.`,
      'On a kernel of 32 bits, local64_t has one struct less: replace .a.a.counter by .a.counter.',
      'Warnings of the kernel are not recorded.',
      ...ALWAYS,
      ...driver.notes,
    ]),
    '',
    ...callbacksOf(driver).flatMap(([callback, traced]) => [
      ...probe(driver, callback, traced, 'call'),
      ...probe(driver, callback, traced, 'return'),
      '',
    ]),
  ].join('\n');
}

function probe(
  driver: TracedDriver,
  callback: CallbackName,
  traced: TracedFunction,
  side: 'call' | 'return',
): string[] {
  const { name, parameters } = traced;
  const [event, flags] = parameters;
  const place = driver.module === undefined ? name : `${driver.module}:${name}`;
  const ret = answers(callback) ? [{ name: 'ret', format: '%d', value: '(int32)retval' }] : [];
  const own = flags === undefined ? [] : [{ name: 'flags', format: '%d', value: `(int32)args->${flags}` }];
  const values = side === 'call' ? [...own, ...atEntry(callback).map(ofEvent)] : [...ret, ...CHANGING.map(ofEvent)];
  const address = { name: 'event', format: '0x%llx', value: '(uint64)$e' };
  return [
    `${side === 'call' ? 'kfunc' : 'kretfunc'}:${place} {`,
    `  $e = args->${event};`,
    ...print(probeName({ callback, side }), [address, ...values, ...shared(driver)])
      .split('\n')
      .map((row) => `  ${row}`),
    '}',
  ];
}
