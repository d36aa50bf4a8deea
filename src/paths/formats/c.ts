import { type Attribute, attributeKind, PERF_EF, PERF_TYPE } from '../../facts/index.ts';
import type { Stimulus } from '../contract.ts';
import type { PathStep, PathTest, PathTests } from '../path-tests.ts';
import { runPath } from '../run.ts';
import type { SystemUnderTest } from '../system-under-test.ts';
import { stimulusText } from '../words.ts';
import { header } from './text.ts';

/**
 * A program for user space that goes a path as far as it can be gone from there, through perf_event_open(2), ioctl, read and close,
 * and says at which step the kernel does not do what the contract says: the first path of which `failsAt` names a step at which the
 * driver in question fails, or else the longest. Throws a RangeError that says why no path can be gone from user space.
 */
export function toC(tests: PathTests, failsAt: (test: PathTest) => number | undefined = () => undefined): string {
  if (tests.group > 1) throw new RangeError(`${tests.model} has a group, which the core adds as a whole`);
  const all = tests.tests.map((test) => ({ test, ...walkOf(test) }));
  const possible = all.filter(({ steps }) => steps.length > 0).toSorted((a, b) => b.steps.length - a.steps.length);
  const found = possible.find(({ test, steps }) => (failsAt(test) ?? steps.length) < steps.length) ?? possible[0];
  if (found === undefined)
    throw new RangeError(
      `no path of ${tests.model} can be gone from user space: ${[...new Set(all.map(({ ends }) => ends))].join('; ')}`,
    );
  const { test, steps, ends } = found;
  return `${head(tests, test, failsAt(test))}
int main(void)
{
\tneed_counters();
${steps.flatMap((step, index) => stepLines(step, index + 1)).join('\n')}
${ends === undefined ? '' : `\t/* The path goes on, but not from here: ${ends}. */\n`}\tprintf("every step did what the contract says\\n");
\treturn 0;
}
`;
}

/**
 * By path, the number of the step (from 0) at which a driver first fails in a way that user space sees: by an answer of its own, or by
 * a count. What it keeps to itself, and what it writes into the log, no program sees.
 */
export async function failuresSeenByC(driver: SystemUnderTest, tests: PathTests): Promise<Map<PathTest, number>> {
  const failures = new Map<PathTest, number>();
  for (const test of tests.tests) {
    const failure = await runPath(driver, tests, { ...test, steps: test.steps.map(seenStep) });
    if (failure !== undefined) failures.set(test, failure.step);
  }
  return failures;
}

const seenStep = (step: PathStep): PathStep => ({
  ...step,
  expect: step.expect.filter(
    ({ what }) => what === 'count' || (what === 'answer' && !(isOpen(step.stimulus) && isOfAnother(step.stimulus))),
  ),
});

/** A path as far as it can be gone from user space, and why it ends there. */
interface Walk {
  readonly steps: readonly PathStep[];
  readonly ends?: string;
}

function walkOf({ steps }: PathTest): Walk {
  const never = steps.map(({ stimulus }) => neverDone(stimulus)).find((why) => why !== undefined);
  if (never !== undefined) return { steps: [], ends: never };
  const opened: number[] = [];
  const harts = new Map<number, number>();
  for (const [index, { stimulus, expect }] of steps.entries()) {
    const ends = (why: string): Walk => ({ steps: steps.slice(0, index), ends: why });
    if (stimulus.type === 'event_init.call') opened.push(stimulus.event);
    if (stimulus.type === 'event.free') opened.splice(opened.indexOf(stimulus.event), 1);
    if (stimulus.type === 'del.call') harts.delete(stimulus.event);
    if (stimulus.type !== 'add.call') continue;
    const { event, hart } = stimulus;
    if ([...harts.values()].some((other) => other !== hart))
      return ends('one task is on one hart at a time, and so are all of its events');
    const fits = expect.some((one) => one.what === 'answer' && one.oneOf.includes(0));
    const isOlder = [...harts.keys()].some((other) => opened.lastIndexOf(other) > opened.lastIndexOf(event));
    if (!fits && isOlder) return ends('the core adds the event that was opened first before the other');
    if (fits) harts.set(event, hart);
  }
  return { steps };
}

/** Why nothing in user space makes the kernel do this; undefined if something does. */
function neverDone(stimulus: Stimulus): string | undefined {
  switch (stimulus.type) {
    case 'foreign.take':
    case 'foreign.release':
      return 'another owner of the PMC is code in the kernel';
    case 'start.call':
    case 'stop.call':
      return 'start and stop without add and del are called by the tick and by throttling';
    case 'add.call':
      return (stimulus.flags & PERF_EF.START) === 0 ? 'the core always adds with PERF_EF_START' : undefined;
    default:
      return undefined;
  }
}

/** What perf_event_open(2), ioctl and read are known to fail with: the C library may have no names of its own. */
const ERRNOS = [
  ...['EACCES', 'EBADF', 'EBUSY', 'EFAULT', 'EINTR', 'EINVAL', 'EIO', 'EMFILE', 'ENODEV', 'ENOENT', 'ENOMEM'],
  ...['ENOSPC', 'ENOSYS', 'EOPNOTSUPP', 'EOVERFLOW', 'EPERM', 'ESRCH', 'E2BIG'],
];

const head = (tests: PathTests, test: PathTest, at: number | undefined): string => `// SPDX-License-Identifier: MIT
/*
 * ${test.name}: written by
 * \`hartproof paths ${tests.model} --environment ${tests.environment} --coverage ${tests.coverage} --format c\`.
 * ${header(tests)}${at === undefined ? '' : `\n * The driver in question fails at step ${at + 1}.`}
 *
 * An event counts this task. Opening is event_init; ioctl ENABLE adds it, DISABLE takes it out, read reads it, close destroys it.
 * The task stays on one CPU, but may be switched out in between: then the core takes the event out and adds it again.
 * Every event is pinned: the core does not rotate it, and one that is refused is in the error state, which read tells.
 * What the driver keeps to itself (its reference count, its slots) cannot be seen from here, nor what another PMU would answer.
 * Nobody else may use the counters meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = ${1 + Math.max(0, ...test.steps.map(({ stimulus }) => ('event' in stimulus ? stimulus.event : 0)))} };
static int fd[EVENTS];

struct counted {
\tuint64_t count, enabled, running;
\t/* The core could not add it. */
\tint refused;
};

/* By event: what it counted in a nanosecond when it ran first (0: it did not yet), and whether it has counted while it was disabled. */
static double rate[EVENTS];
static int counted_while_disabled[EVENTS];

/* What the last open failed with; 0 if it succeeded. */
static int refused;

static const char *name_of(int error)
{
\tswitch (error) {
${ERRNOS.map((name) => `\tcase ${name}:\n\t\treturn "${name}";`).join('\n')}
\tdefault:
\t\treturn "another errno";
\t}
}

static void broken(int step, const char *what, const char *property, int error)
{
\tprintf("step %d, %s: breaks %s", step, what, property);
\tif (error)
\t\tprintf(" (%s: %s)", name_of(error), strerror(error));
\tprintf("\\n");
\texit(1);
}

/* What is no answer of a driver: the test cannot go on. */
static void fails(const char *call, int error)
{
\tprintf("%s fails: %s: %s\\n", call, name_of(error), strerror(error));
\texit(1);
}

static int __attribute__((unused)) open_event(uint32_t type, uint64_t config, int samples, int exclude_kernel, int exclude_idle)
{
\tstruct perf_event_attr attr;

\tmemset(&attr, 0, sizeof(attr));
\tattr.size = sizeof(attr);
\tattr.type = type;
\tattr.config = config;
\tattr.sample_period = samples ? 100000 : 0;
\tattr.exclude_kernel = exclude_kernel;
\tattr.exclude_idle = exclude_idle;
\tattr.disabled = 1;
\tattr.pinned = 1;
\tattr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
\tint opened = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0UL);

\trefused = opened < 0 ? errno : 0;
\treturn opened;
}

/* Where not even cycles can be counted, and no driver says so, nothing can be tested: 77 is the exit status of a skipped test. */
static void need_counters(void)
{
\tint cycles = open_event(PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, 0, 0, 0);
\tconst char *means = NULL;

\tif (cycles >= 0)
\t\tclose(cycles);
\tif (refused == ENOENT || refused == ENODEV || refused == EOPNOTSUPP)
\t\tmeans = "there is no PMU here (a virtual machine without one, or no driver)";
\telse if (refused == ENOSYS)
\t\tmeans = "this kernel has no perf events";
\telse if (refused == EACCES)
\t\tmeans = "/proc/sys/kernel/perf_event_paranoid forbids it: be root, or write 1 there";
\telse if (refused == EPERM)
\t\tmeans = "a sandbox (seccomp) or a missing capability (CAP_PERFMON) forbids it";
\tif (means == NULL)
\t\treturn;
\tprintf("skipped: cycles cannot be opened: %s (%s): %s\\n", name_of(refused), strerror(refused), means);
\texit(77);
}

static struct counted __attribute__((unused)) counted(int event)
{
\tuint64_t values[3] = { 0, 0, 0 };
\tstruct counted now = { 0, 0, 0, 0 };
\tssize_t length;

\terrno = 0;
\tlength = read(fd[event], values, sizeof(values));
\tif (length != 0 && length != sizeof(values))
\t\tfails("read", errno);
\tnow.count = values[0];
\tnow.enabled = values[1];
\tnow.running = values[2];
\tnow.refused = length == 0;
\treturn now;
}

static void __attribute__((unused)) control(int event, unsigned long request)
{
\tif (ioctl(fd[event], request, 0) != 0)
\t\tfails("ioctl", errno);
}

static void __attribute__((unused)) stay_on(int cpu)
{
\tcpu_set_t set;

\tCPU_ZERO(&set);
\tCPU_SET(cpu, &set);
\tif (sched_setaffinity(0, sizeof(set), &set) != 0)
\t\tperror("sched_setaffinity");
}

static uint64_t nanoseconds(void)
{
\tstruct timespec now;

\tclock_gettime(CLOCK_MONOTONIC, &now);
\treturn now.tv_sec * 1000000000ULL + now.tv_nsec;
}

enum { TIME = 5000000 };

/* A piece of work that takes 5 ms at least. */
static void __attribute__((unused)) pass_time(void)
{
\tuint64_t began = nanoseconds();

\twhile (nanoseconds() - began < TIME)
\t\t;
}

/*
 * Enables an event. One that ran before is read at once: it has counted what it could in the time that it ran since, at the rate
 * at which it counted first, and nothing of the time while it was disabled. Ten times as much is allowed, the time that is left out is
 * fifty times as long, and the same must happen three times in a row: then it was no interrupt, and nobody who took the CPU away.
 */
static struct counted __attribute__((unused)) enable(int event)
{
\tstruct counted before = counted(event), now;
\tint strange = 0, tries = 0;

\twhile (rate[event] > 0 && tries++ < 20 && strange < 3) {
\t\tfor (int time = 0; time < 4; time++)
\t\t\tpass_time();
\t\tcontrol(event, PERF_EVENT_IOC_ENABLE);
\t\tnow = counted(event);
\t\tcontrol(event, PERF_EVENT_IOC_DISABLE);
\t\tif (now.refused)
\t\t\tbreak;
\t\tif ((now.running - before.running) * 50 < 4 * TIME) {
\t\t\tif (now.count - before.count <= 1000 + 10 * rate[event] * (now.running - before.running))
\t\t\t\tbreak;
\t\t\tstrange++;
\t\t}
\t\tbefore = counted(event);
\t}
\tcounted_while_disabled[event] = strange == 3;
\tcontrol(event, PERF_EVENT_IOC_ENABLE);
\tbefore = counted(event);
\tpass_time();
\tnow = counted(event);
\tif (rate[event] == 0 && now.running > before.running)
\t\trate[event] = (double)(now.count - before.count) / (now.running - before.running);
\treturn now;
}
`;

function stepLines(step: PathStep, number: number): string[] {
  const { stimulus } = step;
  const what = JSON.stringify(stimulusText(stimulus));
  const break_ = (property: string): string =>
    `\t\tbroken(${number}, ${what}, "${property}", ${stimulus.type === 'event_init.call' ? 'refused' : 0});`;
  const comment = `\t/* ${number}. ${stimulusText(stimulus)} */`;
  switch (stimulus.type) {
    case 'event_init.call':
      return [comment, ...openLines(step, stimulus.event, stimulus.attribute, break_)];
    case 'add.call':
      return [comment, ...addLines(step, stimulus.event, stimulus.hart, break_)];
    case 'del.call':
      return [
        comment,
        `\tif (counted_while_disabled[${stimulus.event}])`,
        break_('count-exact'),
        `\tcontrol(${stimulus.event}, PERF_EVENT_IOC_DISABLE);`,
        `\t{`,
        `\t\tstruct counted before = counted(${stimulus.event});`,
        '',
        '\t\tpass_time();',
        `\t\tif (counted(${stimulus.event}).count != before.count)`,
        `\t${break_('count-exact')}`,
        '\t}',
      ];
    case 'read.call':
      return [
        comment,
        '\t{',
        `\t\tstruct counted before = counted(${stimulus.event});`,
        '',
        '\t\tpass_time();',
        `\t\tif (counted_while_disabled[${stimulus.event}] || counted(${stimulus.event}).count <= before.count)`,
        `\t${break_('count-exact')}`,
        '\t}',
      ];
    case 'destroy.call':
      return [comment, `\tclose(fd[${stimulus.event}]);`, `\trate[${stimulus.event}] = 0;`];
    default:
      return [comment];
  }
}

function openLines(
  { expect }: PathStep,
  event: number,
  attribute: Attribute,
  break_: (property: string) => string,
): string[] {
  const { type, config, sampling } = attributeKind(attribute);
  const answer = expect.find(({ what }) => what === 'answer')!;
  const oneOf = answer.what === 'answer' ? answer.oneOf : [];
  const excludes = `${attribute === 'exclude-kernel' ? 1 : 0}, ${attribute === 'exclude-idle' ? 1 : 0}`;
  const close = oneOf.includes(0) ? [] : [`\tif (fd[${event}] >= 0)`, `\t\tclose(fd[${event}]);`];
  const open = `\tfd[${event}] = open_event(${type}, ${config}, ${sampling ? 1 : 0}, ${excludes}); /* ${attribute} */`;
  if (isOfAnother({ attribute }))
    return ['\t/* another PMU answers: this says nothing of the driver */', open, ...close];
  const met = oneOf.map((one) => (one === 0 ? `fd[${event}] >= 0` : `(fd[${event}] < 0 && refused == ${one})`));
  // What this PMU leaves to others, another one may take.
  const leaves = oneOf.includes('ENOENT') ? [`fd[${event}] >= 0`] : [];
  return [open, `\tif (!(${[...leaves, ...met].join(' || ')}))`, break_(answer.property), ...close];
}

/** The types of the PMU of the harts; to what is of another type, another PMU may answer. */
const OWN: readonly number[] = [PERF_TYPE.HARDWARE, PERF_TYPE.HW_CACHE, PERF_TYPE.RAW];
const isOfAnother = ({ attribute }: { readonly attribute: Attribute }): boolean =>
  !OWN.includes(attributeKind(attribute).type);

const isOpen = (stimulus: Stimulus): stimulus is Stimulus & { type: 'event_init.call' } =>
  stimulus.type === 'event_init.call';

function addLines({ expect }: PathStep, event: number, hart: number, break_: (property: string) => string): string[] {
  const answer = expect.find(({ what }) => what === 'answer')!;
  const fits = answer.what === 'answer' && answer.oneOf.includes(0);
  return [`\tstay_on(${hart});`, `\tif (${fits ? '' : '!'}enable(${event}).refused)`, break_(answer.property)];
}
