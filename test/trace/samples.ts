/**
 * Writes the samples of docs/samples: `npx tsx test/trace/samples.ts`. No recorder was there: they are made of what is known of two
 * kernels and of a simulation, and written as the recorders would. A test holds the files against this.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemOf } from '../../src/replay/recorded.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';
import { excerpt, linesOf, overlap, type Row } from './excerpt.ts';
import { hitsOf, type Printed, type Timed, timeOf, WRITERS } from './recorders.ts';
import { timedLog, timedTrace } from './timed.ts';

const SAMPLES_FOLDER = new URL('../../docs/samples/', import.meta.url);

const KERNEL = 'It is made (by test/trace/samples.ts) of what a recorder inside a booted Linux 4.19.71 saw';

const addressOf = (id: number): string => `0xffffffe0${(0x100_0000 + id * 0x480).toString(16).padStart(8, '0')}`;

const timed = (rows: readonly Row[]): Timed[] =>
  timedTrace(
    linesOf(rows),
    rows.map(({ t }) => t),
  );

const withHead = (head: readonly string[], text: string): string =>
  `${head.map((row) => `# ${row}\n`).join('')}${text}`;

/** Two events of a kind, a group, refused opens. */
const seed = hitsOf(timed(excerpt()), addressOf);

/** Where the events of a CPU are lost: the sixth to the tenth callback. */
const LOST = { from: 10, to: 20 };

/** A buffer a CPU, each of which is emptied when this much time has passed. */
const EMPTIED_EVERY = 100_000;

/** As bpftrace prints them: what one CPU did in a while, then what another one did. */
function byBuffers(hits: readonly Printed[]): Printed[] {
  const cpu = (hit: Printed) => hit.cpu;
  const buffer = (hit: Printed) => Math.floor(timeOf(hit) / EMPTIED_EVERY);
  return hits.toSorted(
    (one, other) => buffer(one) - buffer(other) || cpu(one) - cpu(other) || timeOf(one) - timeOf(other),
  );
}

function simulated(): Timed[] {
  const system = systemOf({ model: 'migration', environment: '4.16', driver: 'as-posted', wordBits: 64 });
  const simulation = new Simulation(system);
  runAtRandom(simulation, 400, 36);
  return timedLog(system, simulation.log);
}

/** The samples, by their file names. */
export const SAMPLES: Readonly<Record<string, () => string>> = {
  'trace-cmd-report.txt': () =>
    withHead(
      [
        'A sample in the format of trace-cmd report -t, not recorded by it.',
        `${KERNEL} (test/fixtures/kernel-trace.jsonl).`,
      ],
      WRITERS['trace-cmd'](seed),
    ),
  'ftrace-lost-events.txt': () =>
    WRITERS.ftrace([
      ...seed.slice(0, LOST.from),
      { kind: 'lost', cpu: 0, events: LOST.to - LOST.from },
      ...seed.slice(LOST.to),
    ]).replace(
      '# tracer: nop\n#\n',
      `# tracer: nop\n#\n# A sample in the format of /sys/kernel/tracing/trace, not recorded by it.\n# ${KERNEL}\n# (test/fixtures/kernel-trace.jsonl), with a loss put into it.\n#\n`,
    ),
  'perf-script.txt': () =>
    withHead(
      [
        'A sample in the format of perf script --ns, not recorded by perf.',
        `${KERNEL}`,
        '(test/fixtures/kernel-trace-overlap.jsonl): opens and closes of two threads on two CPUs, which overlap.',
      ],
      WRITERS.perf(hitsOf(timed(overlap()), addressOf)),
    ),
  'bpftrace.txt': () =>
    withHead(
      [
        'A sample in the format of the bpftrace script, not recorded by it.',
        'It is made (by test/trace/samples.ts) of a simulation of the posted driver: an event that moves between two harts. What each CPU',
        'did stands together, as bpftrace prints it, and so out of the order of time.',
      ],
      WRITERS.bpftrace(byBuffers(hitsOf(simulated(), addressOf))),
    ),
};

export const sample = (name: string): string => readFileSync(new URL(name, SAMPLES_FOLDER), 'utf8');

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, make] of Object.entries(SAMPLES)) writeFileSync(new URL(name, SAMPLES_FOLDER), make());
