import type { CallbackName } from '../line.ts';
import { GROUP, probeName } from '../recording/probes.ts';
import type { TracedDriver, TracedFunction } from './driver.ts';
import { answers, atEntry } from './fields.ts';
import { callbacksOf, comment } from './text.ts';

/** A shell script that defines the probes with `perf probe`, which finds fields by the kernel's debug information. */
export function perfProbes(driver: TracedDriver): string {
  return [
    '#!/bin/sh',
    ...comment('#', [
      `Records the callbacks of ${driver.origin}, for: hartproof trace import`,
      'Needs: kprobes (RISC-V: Linux 5.12 or later), and the debug information of the running kernel (perf probe --vmlinux FILE).',
      'A return shows what was returned only; import infers the rest from the next callback of the event.',
      'On a kernel of 32 bits, local64_t has one struct less: replace .a.a.counter by .a.counter.',
      'No probe reaches the counters themselves, nor the slots, which are per CPU: see docs/trace.md for what follows from it.',
      ...driver.notes,
    ]),
    'set -e',
    ...callbacksOf(driver).flatMap(([callback, traced]) => [
      add(callback, 'call', `${traced.name} ${entry(driver, callback, traced)}`),
      add(callback, 'return', `${traced.name}%return${answers(callback) ? ' ret=$retval:s32' : ''}`),
    ]),
    `perf probe --add '${GROUP}:warn=__warn file:string line'`,
    '',
    ...comment('#', ['Let the kernel work, for as long as the last word says:']),
    `perf record -k mono -a -T -e '${GROUP}:*' -o hartproof.data -- sleep 10`,
    'perf script -i hartproof.data --ns --show-lost-events -F comm,tid,cpu,time,event,trace > recording.txt',
    `perf probe --del '${GROUP}:*'`,
    '',
  ].join('\n');
}

const add = (callback: CallbackName, side: 'call' | 'return', definition: string): string =>
  `perf probe --add '${GROUP}:${probeName({ callback, side })}=${definition}'`;

function entry({ references }: TracedDriver, callback: CallbackName, { parameters }: TracedFunction): string {
  const [event, flags] = parameters;
  return [
    `event=${event}:x64`,
    ...(flags === undefined ? [] : [`flags=${flags}:s32`]),
    ...atEntry(callback).map(
      ({ name, path, type }) => `${name}=${event}->${path}${type.startsWith('b') ? '' : `:${type}`}`,
    ),
    ...(references === undefined ? [] : [`active=${references}.counter:s32`]),
  ].join(' ');
}
