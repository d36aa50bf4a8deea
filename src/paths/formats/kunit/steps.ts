import { attributeKind, COUNTERS, PERF_EF } from '../../../facts/index.ts';
import type { Expectation, Stimulus } from '../../contract.ts';
import type { PathStep, PathTest } from '../../path-tests.ts';
import { expectationText, stimulusText } from '../../words.ts';

/** The steps of a case, in C: what is done, and what must be seen after it. */
export const stepsText = ({ steps }: PathTest): string[] =>
  steps.flatMap(({ stimulus, expect }, index) => {
    const where = `step ${index + 1}, ${stimulusText(stimulus)}`;
    return [
      '',
      `/* ${index + 1}. ${stimulusText(stimulus)} */`,
      ...stimulusLines(stimulus, steps.slice(index)),
      ...inNamed(expect.flatMap((expected) => assertion(expected, where))),
    ];
  });

function stimulusLines(stimulus: Stimulus, rest: readonly PathStep[]): string[] {
  const of = 'event' in stimulus ? `&event[${stimulus.event}]` : '';
  switch (stimulus.type) {
    case 'event_init.call':
      return openLines(stimulus, rest);
    case 'destroy.call':
      return [`paths_destroy(${of});`];
    case 'event.free':
      return [`paths_new(${of});`];
    case 'add.call':
      return [`answer = paths_on(${stimulus.hart}, PATHS_ADD, ${of}, ${flagsText(stimulus.flags)});`];
    case 'del.call':
    case 'start.call':
    case 'stop.call': {
      const callback = stimulus.type.split('.')[0]!.toUpperCase();
      return [`paths_on(${stimulus.hart}, PATHS_${callback}, ${of}, ${flagsText(stimulus.flags)});`];
    }
    case 'read.call':
      return [`paths_on(${stimulus.hart}, PATHS_READ, ${of}, 0);`];
    case 'hart.tick':
      return ['/* time passes by itself */'];
    case 'foreign.take':
      return [
        '#ifdef PATHS_PERF_IRQ',
        'PATHS_PERF_IRQ = paths_foreign;',
        '#else',
        'kunit_skip(test, "this driver has no PMC that another owner could take");',
        '#endif',
      ];
    case 'foreign.release':
      return ['#ifdef PATHS_PERF_IRQ', 'PATHS_PERF_IRQ = NULL;', '#endif'];
  }
}

function openLines({ event, attribute }: Stimulus & { type: 'event_init.call' }, rest: readonly PathStep[]): string[] {
  const { type, config, sampling } = attributeKind(attribute);
  const filter = { 'exclude-kernel': 'exclude_kernel', 'exclude-idle': 'exclude_idle' }[attribute as string];
  return [
    ...(filter === undefined ? [] : [`event[${event}].event.attr.${filter} = 1;`]),
    `answer = paths_open(&event[${event}], ${type}, ${config}, ${sampling === true}, ${counterOf(event, rest)}); /* ${attribute} */`,
  ];
}

/** The number of the counter that an event has from its open on, of those that can be read from a kernel; -1 for any other. */
function counterOf(event: number, [, ...rest]: readonly PathStep[]): number {
  for (const { stimulus, expect } of rest) {
    if (stimulus.type === 'event.free' && stimulus.event === event) break;
    for (const expected of expect)
      if (expected.what === 'count' && expected.event === event)
        return (COUNTERS as readonly (string | null)[]).indexOf(expected.counter);
  }
  return -1;
}

function flagsText(flags: number): string {
  const names = Object.entries(PERF_EF).flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [`PERF_EF_${name}`]));
  return names.length === 0 ? '0' : names.join(' | ');
}

/** An assertion, and the macro without which it cannot be made. */
interface Assertion {
  readonly needs: string | undefined;
  readonly line: string;
}

/** Lines that follow each other and need the same macro are in one `#ifdef`. */
function inNamed(assertions: readonly Assertion[]): string[] {
  return assertions.flatMap(({ needs, line }, index) => [
    ...(needs !== undefined && assertions[index - 1]?.needs !== needs ? [`#ifdef ${needs}`] : []),
    line,
    ...(needs !== undefined && assertions[index + 1]?.needs !== needs ? ['#endif'] : []),
  ]);
}

function assertion(expected: Expectation, where: string): Assertion[] {
  const seen = seenOf(expected);
  if (seen === undefined) return [];
  const { condition, needs, found = { text: '', values: '' } } = seen;
  const message = `${where}: ${expected.property}: ${expectationText(expected)}`.replaceAll('%', '%%');
  const text = expected.what === 'count' ? `${where}: ${expected.property}: ${found.text}` : message;
  return [{ needs, line: `KUNIT_ASSERT_TRUE_MSG(test, ${condition}, ${JSON.stringify(text)}${found.values});` }];
}

interface Seen {
  readonly condition: string;
  readonly needs?: string;
  /** What is told of what was found, as a format and its values. */
  readonly found?: { readonly text: string; readonly values: string };
}

/** The expectation as C; undefined where nothing there can tell. */
function seenOf(expected: Expectation): Seen | undefined {
  switch (expected.what) {
    case 'answer':
      return { condition: expected.oneOf.map((answer) => `answer == ${answer === 0 ? 0 : `-${answer}`}`).join(' || ') };
    case 'active events':
      return { condition: `PATHS_ACTIVE_EVENTS == ${expected.is}`, needs: 'PATHS_ACTIVE_EVENTS' };
    case 'PMC owner': {
      const owner = { nobody: '== NULL', foreign: '== paths_foreign' }[expected.is as string];
      const driver = 'PATHS_PERF_IRQ != NULL && PATHS_PERF_IRQ != paths_foreign';
      return { condition: owner === undefined ? driver : `PATHS_PERF_IRQ ${owner}`, needs: 'PATHS_PERF_IRQ' };
    }
    case 'destroy set':
      return { condition: `${expected.is ? '' : '!'}event[${expected.event}].event.destroy` };
    case 'n_events':
      return { condition: `PATHS_N_EVENTS(${expected.hart}) == ${expected.is}`, needs: 'PATHS_N_EVENTS' };
    case 'slots': {
      const found = expected.is.map(
        (event) => ` && PATHS_SLOTS(${expected.hart})[event[${event}].event.hw.idx] == &event[${event}].event`,
      );
      const condition = `paths_occupied(${expected.hart}) == ${expected.is.length}${found.join('')}`;
      return { condition, needs: 'PATHS_SLOTS' };
    }
    case 'hw.state': {
      const { event, has, lacks } = expected;
      const state = `event[${event}].event.hw.state`;
      const set = has === 0 ? [] : [`(${state} & ${has}) == ${has}`];
      return { condition: [...set, ...(lacks === 0 ? [] : [`!(${state} & ${lacks})`])].join(' && ') };
    }
    case 'count':
      return {
        condition: `paths_counted(&event[${expected.event}])`,
        found: {
          text: `event ${expected.event}: count is %llu, where its counter went on by %llu to %llu`,
          values: `, paths_counts(&event[${expected.event}])`,
        },
      };
    case 'warnings':
      return undefined;
  }
}
