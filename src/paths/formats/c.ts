import { type Attribute, attributeKind, PERF_EF } from '../../facts/index.ts';
import type { PathStep, PathTest, PathTests } from '../path-tests.ts';
import { stimulusText } from '../words.ts';
import { header } from './text.ts';

/**
 * A program for user space that goes the first path that can be gone from there, through perf_event_open(2), ioctl, read and
 * close, and says at which step the kernel does not do what the contract says.
 * Throws a RangeError that says why no path of the model can be gone from user space.
 */
export function toC(tests: PathTests): string {
  if (tests.group > 1) throw new RangeError(`${tests.model} has a group, which the core adds as a whole`);
  const obstacles = tests.tests.map(obstacleOf);
  const test = tests.tests.find((_, number) => obstacles[number] === undefined);
  if (test === undefined)
    throw new RangeError(
      `no path of ${tests.model} can be gone from user space: ${[...new Set(obstacles)].join('; ')}`,
    );
  return `${head(tests, test)}
int main(void)
{
\tneed_counters();
${test.steps.flatMap((step, index) => stepLines(step, index + 1)).join('\n')}
\tprintf("every step did what the contract says\\n");
\treturn 0;
}
`;
}

/** Why a path cannot be gone from user space; undefined if it can. */
function obstacleOf({ steps }: PathTest): string | undefined {
  for (const { stimulus } of steps)
    switch (stimulus.type) {
      case 'foreign.take':
      case 'foreign.release':
        return 'another owner of the PMC is code in the kernel';
      case 'start.call':
      case 'stop.call':
        return 'start and stop without add and del are called by the tick and by throttling';
      case 'add.call':
        if ((stimulus.flags & PERF_EF.START) === 0) return 'the core always adds with PERF_EF_START';
        break;
      default:
        break;
    }
  return undefined;
}

/** What perf_event_open(2), ioctl and read are known to fail with: the C library may have no names of its own. */
const ERRNOS = [
  ...['EACCES', 'EBADF', 'EBUSY', 'EFAULT', 'EINTR', 'EINVAL', 'EIO', 'EMFILE', 'ENODEV', 'ENOENT', 'ENOMEM'],
  ...['ENOSPC', 'ENOSYS', 'EOPNOTSUPP', 'EOVERFLOW', 'EPERM', 'ESRCH', 'E2BIG'],
];

const head = (tests: PathTests, test: PathTest): string => `// SPDX-License-Identifier: MIT
/*
 * ${test.name}: written by
 * \`hartproof paths ${tests.model} --environment ${tests.environment} --coverage ${tests.coverage} --format c\`.
 * ${header(tests)}
 *
 * An event counts this task. Opening is event_init; ioctl ENABLE adds it, DISABLE takes it out, read reads it, close destroys it.
 * The task stays on one CPU, but may be switched out in between: then the core takes the event out and adds it again.
 * What the driver keeps to itself (its reference count, its slots) cannot be seen from here.
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
#include <unistd.h>

static int fd[${1 + Math.max(0, ...test.steps.map(({ stimulus }) => ('event' in stimulus ? stimulus.event : 0)))}];

struct counted {
\tuint64_t count, enabled, running;
};

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
\tstruct counted now = { 0, 0, 0 };

\terrno = 0;
\tif (read(fd[event], &now, sizeof(now)) != sizeof(now))
\t\tfails("read", errno);
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

static void __attribute__((unused)) pass_time(void)
{
\tfor (volatile int turn = 0; turn < 1000000; turn++)
\t\t;
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
        '\tpass_time();',
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
        `\t\tif (counted(${stimulus.event}).count <= before.count)`,
        `\t${break_('count-exact')}`,
        '\t}',
      ];
    case 'destroy.call':
      return [comment, `\tclose(fd[${stimulus.event}]);`];
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
  // What this PMU leaves to others, another one may take.
  const leaves = oneOf.includes('ENOENT') ? [`fd[${event}] >= 0`] : [];
  const met = oneOf.map((one) => (one === 0 ? `fd[${event}] >= 0` : `(fd[${event}] < 0 && refused == ${one})`));
  return [
    `\tfd[${event}] = open_event(${type}, ${config}, ${sampling ? 1 : 0}, ${excludes}); /* ${attribute} */`,
    `\tif (!(${[...leaves, ...met].join(' || ')}))`,
    break_(answer.property),
    ...(oneOf.includes(0) ? [] : [`\tif (fd[${event}] >= 0)`, `\t\tclose(fd[${event}]);`]),
  ];
}

function addLines({ expect }: PathStep, event: number, hart: number, break_: (property: string) => string): string[] {
  const answer = expect.find(({ what }) => what === 'answer')!;
  const fits = answer.what === 'answer' && answer.oneOf.includes(0);
  return [
    `\tstay_on(${hart});`,
    '\t{',
    `\t\tstruct counted before = counted(${event});`,
    '',
    `\t\tcontrol(${event}, PERF_EVENT_IOC_ENABLE);`,
    '\t\tpass_time();',
    // An event that was not added is enabled, and does not run.
    `\t\tif (counted(${event}).running ${fits ? '==' : '!='} before.running)`,
    `\t${break_(answer.property)}`,
    '\t}',
  ];
}
