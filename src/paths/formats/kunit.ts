import { type Attribute, attributeKind, PERF_EF } from '../../facts/index.ts';
import type { Expectation, Stimulus } from '../contract.ts';
import type { PathStep, PathTest, PathTests } from '../path-tests.ts';
import { expectationText, stimulusText } from '../words.ts';
import { header } from './text.ts';

/**
 * A KUnit suite, one case a path, to be included at the end of the driver's own file (its data are static). What it looks at is
 * named by the macros at its head. Counts and warnings are not looked at: the counters run freely there.
 * Throws a RangeError for a model with a group, which is the perf core's to build.
 */
export function toKunit(tests: PathTests): string {
  if (tests.group > 1) throw new RangeError(`${tests.model} has a group, which only the perf core can build`);
  const cases = tests.tests.map((test, number) => caseText(test, number + 1, tests.harts));
  return `${head(tests)}
${cases.join('\n')}
static struct kunit_case paths_cases[] = {
${tests.tests.map((_, number) => `\tKUNIT_CASE(paths_${number + 1}),`).join('\n')}
\t{}
};

static struct kunit_suite paths_suite = {
\t.name = "${tests.model}",
\t.test_cases = paths_cases,
};
kunit_test_suite(paths_suite);
`;
}

const head = (tests: PathTests): string => `// SPDX-License-Identifier: MIT
/*
 * Written by \`hartproof paths ${tests.model} --environment ${tests.environment} --coverage ${tests.coverage} --format kunit\`.
 * ${header(tests)}
 *
 * #include this file at the end of the driver's own. The driver must be idle, and nobody else may use perf meanwhile.
 */
#include <kunit/test.h>
#include <linux/smp.h>

#ifndef PATHS_PMU
#define PATHS_PMU riscv_pmu->pmu
#define PATHS_ACTIVE_EVENTS atomic_read(&riscv_active_events)
#define PATHS_N_EVENTS(hart) (per_cpu_ptr(&cpu_hw_events, hart)->n_events)
#define PATHS_SLOTS(hart) (per_cpu_ptr(&cpu_hw_events, hart)->events)
#define PATHS_N_SLOTS ARRAY_SIZE(this_cpu_ptr(&cpu_hw_events)->events)
#define PATHS_PERF_IRQ perf_irq
#define PATHS_HANDLER perf_irq_t
#endif

struct paths_call {
\tint (*answers)(struct perf_event *event, int flags);
\tvoid (*does)(struct perf_event *event, int flags);
\tvoid (*reads)(struct perf_event *event);
\tstruct perf_event *event;
\tint flags, answer;
};

/* As the perf core calls: on the event's hart, with interrupts off. */
static void paths_call(void *argument)
{
\tstruct paths_call *call = argument;

\tif (call->answers)
\t\tcall->answer = call->answers(call->event, call->flags);
\telse if (call->does)
\t\tcall->does(call->event, call->flags);
\telse
\t\tcall->reads(call->event);
}

static int __maybe_unused paths_on(int hart, struct paths_call call)
{
\tsmp_call_function_single(hart, paths_call, &call, 1);
\treturn call.answer;
}

static int __maybe_unused paths_open(struct perf_event *event, u32 type, u64 config, bool samples)
{
\tevent->attr.type = type;
\tevent->attr.config = config;
\tevent->attr.sample_period = samples ? 100000 : 0;
\tevent->pmu = PATHS_PMU;
\treturn PATHS_PMU->event_init(event);
}

static int __maybe_unused paths_occupied(int hart)
{
\tint slot, occupied = 0;

\tfor (slot = 0; slot < PATHS_N_SLOTS; slot++)
\t\toccupied += PATHS_SLOTS(hart)[slot] != NULL;
\treturn occupied;
}

/* Another owner of the PMC. */
static PATHS_HANDLER __maybe_unused paths_foreign = (PATHS_HANDLER)paths_call;
`;

function caseText({ name, steps }: PathTest, number: number, harts: number): string {
  const events = 1 + Math.max(0, ...steps.map(({ stimulus }) => ('event' in stimulus ? stimulus.event : 0)));
  const lines = steps.flatMap((step, index) => stepLines(step, index + 1, harts));
  return `/* ${name} */
static void paths_${number}(struct kunit *test)
{
\tstruct perf_event *event = kunit_kzalloc(test, ${events} * sizeof(*event), GFP_KERNEL);
\tint __maybe_unused answer = 0;

\tKUNIT_ASSERT_TRUE(test, event != NULL);
${lines.map((line) => (line === '' ? '' : `\t${line}`)).join('\n')}
}
`;
}

function stepLines({ stimulus, expect }: PathStep, number: number, harts: number): string[] {
  const where = `step ${number}, ${stimulusText(stimulus)}`;
  const seen = expect.flatMap((expected) => {
    const condition = conditionOf(expected);
    if (condition === undefined) return [];
    const message = `${where}: ${expected.property}: ${expectationText(expected)}`;
    return [`KUNIT_ASSERT_TRUE_MSG(test, ${condition}, ${JSON.stringify(message)});`];
  });
  return ['', `/* ${number}. ${stimulusText(stimulus)} */`, ...stimulusLines(stimulus, harts), ...seen];
}

function stimulusLines(stimulus: Stimulus, harts: number): string[] {
  switch (stimulus.type) {
    case 'event_init.call':
      return openLines(stimulus.event, stimulus.attribute);
    case 'destroy.call':
      return [
        `if (event[${stimulus.event}].destroy)`,
        `\tevent[${stimulus.event}].destroy(&event[${stimulus.event}]);`,
      ];
    case 'event.free':
      return [`memset(&event[${stimulus.event}], 0, sizeof(*event));`];
    case 'add.call':
      return [
        `answer = paths_on(${stimulus.hart}, (struct paths_call){ .answers = PATHS_PMU->add, .event = &event[${stimulus.event}], .flags = ${flagsText(stimulus.flags)} });`,
      ];
    case 'del.call':
    case 'start.call':
    case 'stop.call': {
      const callback = stimulus.type.split('.')[0]!;
      return [
        `paths_on(${stimulus.hart}, (struct paths_call){ .does = PATHS_PMU->${callback}, .event = &event[${stimulus.event}], .flags = ${flagsText(stimulus.flags)} });`,
      ];
    }
    case 'read.call':
      return [
        `paths_on(${stimulus.hart}, (struct paths_call){ .reads = PATHS_PMU->read, .event = &event[${stimulus.event}] });`,
      ];
    case 'hart.tick':
      return [`/* time passes by itself on ${harts === 1 ? 'the hart' : 'all harts'} */`];
    case 'foreign.take':
      return ['PATHS_PERF_IRQ = paths_foreign;'];
    case 'foreign.release':
      return ['PATHS_PERF_IRQ = NULL;'];
  }
}

function openLines(event: number, attribute: Attribute): string[] {
  const { type, config, sampling } = attributeKind(attribute);
  const filter = { 'exclude-kernel': 'exclude_kernel', 'exclude-idle': 'exclude_idle' }[attribute as string];
  return [
    ...(filter === undefined ? [] : [`event[${event}].attr.${filter} = 1;`]),
    `answer = paths_open(&event[${event}], ${type}, ${config}, ${sampling === true}); /* ${attribute} */`,
  ];
}

function flagsText(flags: number): string {
  const names = Object.entries(PERF_EF).flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [`PERF_EF_${name}`]));
  return names.length === 0 ? '0' : names.join(' | ');
}

/** The expectation as C; undefined where nothing there can tell. */
function conditionOf(expected: Expectation): string | undefined {
  switch (expected.what) {
    case 'answer':
      return expected.oneOf.map((answer) => `answer == ${answer === 0 ? 0 : `-${answer}`}`).join(' || ');
    case 'active events':
      return `PATHS_ACTIVE_EVENTS == ${expected.is}`;
    case 'PMC owner': {
      const owner = { nobody: '== NULL', foreign: '== paths_foreign' }[expected.is as string];
      return owner === undefined
        ? 'PATHS_PERF_IRQ != NULL && PATHS_PERF_IRQ != paths_foreign'
        : `PATHS_PERF_IRQ ${owner}`;
    }
    case 'destroy set':
      return `${expected.is ? '' : '!'}event[${expected.event}].destroy`;
    case 'n_events':
      return `PATHS_N_EVENTS(${expected.hart}) == ${expected.is}`;
    case 'slots': {
      const found = expected.is.map(
        (event) => ` && PATHS_SLOTS(${expected.hart})[event[${event}].hw.idx] == &event[${event}]`,
      );
      return `paths_occupied(${expected.hart}) == ${expected.is.length}${found.join('')}`;
    }
    case 'hw.state': {
      const { event, has, lacks } = expected;
      const set = has === 0 ? [] : [`(event[${event}].hw.state & ${has}) == ${has}`];
      return [...set, ...(lacks === 0 ? [] : [`!(event[${event}].hw.state & ${lacks})`])].join(' && ');
    }
    case 'warnings':
    case 'count':
      return undefined;
  }
}
