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
      'perf 6.1 and later write __return after the name of each probe at a return: import reads both. perf probe takes no bit fields, so that what an open excludes does not show: the kind of such an event is told from what the core does with it.',
      'A probe that is refused is left out, and the others are set: import says what it misses.',
      'What perf records is off while the core brings in pinned events at a context switch: their add is lost by the tracer, without a mark. --format kprobes has it.',
      'A return shows what was returned only; import infers the rest from the next callback of the event.',
      'On a kernel of 32 bits, local64_t has one struct less: replace .a.a.counter by .a.counter.',
      'No probe reaches the counters themselves, nor the slots, which are per CPU: see docs/trace.md for what follows from it.',
      ...driver.notes,
    ]),
    `if perf probe --list '${GROUP}:*' 2> /dev/null | grep -q '${GROUP}:'; then`,
    "  echo 'hartproof: the probes are there already, and are left as they are' >&2",
    'else',
    ...callbacksOf(driver).flatMap(([callback, traced]) => [
      add(driver, probeName({ callback, side: 'call' }), `${traced.name} ${entry(driver, callback, traced)}`),
      add(
        driver,
        probeName({ callback, side: 'return' }),
        `${traced.name}%return${answers(callback) ? ' ret=$retval:s32' : ''}`,
      ),
    ]),
    add({}, 'warn', '__warn file=file:string line=line:s32'),
    'fi',
    '',
    ...comment('#', ['Let the kernel work, for as long as the last word says:']),
    `perf record -k mono -a -T -e '${GROUP}:*' -o hartproof.data -- sleep 10`,
    'perf script -i hartproof.data --ns --show-lost-events -F comm,tid,cpu,time,event,trace > recording.txt',
    `perf probe --del '${GROUP}:*'`,
    '',
  ].join('\n');
}

/** Sets a probe, or says that it is left out: one refusal does not end the script. */
const add = ({ module }: Pick<TracedDriver, 'module'>, probe: string, definition: string): string =>
  `perf probe${module === undefined ? '' : ` -m ${module}`} --add '${GROUP}:${probe}=${definition}' || echo 'left out: ${probe}' >&2`;

function entry({ references }: TracedDriver, callback: CallbackName, { parameters }: TracedFunction): string {
  const [event, flags] = parameters;
  return [
    `event=${event}:x64`,
    ...(flags === undefined ? [] : [`flags=${flags}:s32`]),
    ...atEntry(callback)
      .filter(({ type }) => !type.startsWith('b'))
      .map(({ name, path, type }) => `${name}=${event}->${path}:${type}`),
    ...(references === undefined ? [] : [`active=${references}.counter:s32`]),
  ].join(' ');
}
