import { factText } from '../diagrams/fact-text.ts';
import { PERF_HES } from '../facts/index.ts';
import type { Expectation, Stimulus } from './contract.ts';
import type { PathTest } from './path-tests.ts';
import type { Failure } from './run.ts';

/** What is done, in one line. */
export function stimulusText(stimulus: Stimulus): string {
  const event = 'event' in stimulus ? `event ${stimulus.event}: ` : '';
  const hart = 'hart' in stimulus ? ` on hart ${stimulus.hart}` : '';
  if (stimulus.type === 'foreign.take') return 'another owner takes the PMC';
  if (stimulus.type === 'foreign.release') return 'another owner gives the PMC back';
  return `${event}${factText(stimulus)}${hart}`;
}

/** What the contract says, in one line. */
export function expectationText(expected: Expectation): string {
  switch (expected.what) {
    case 'answer':
      return `answers ${expected.oneOf.map((answer) => (answer === 0 ? '0' : `-${answer}`)).join(' or ')}`;
    case 'warnings':
      return 'no WARN_ON_ONCE';
    case 'active events':
      return `riscv_active_events is ${expected.is}`;
    case 'PMC owner':
      return `perf_irq is ${{ nobody: 'NULL', driver: "this driver's", foreign: "the other owner's" }[expected.is]}`;
    case 'destroy set':
      return `event ${expected.event}: destroy is ${expected.is ? 'set' : 'NULL'}`;
    case 'n_events':
      return `hart ${expected.hart}: n_events is ${expected.is}`;
    case 'slots':
      return `hart ${expected.hart}: events[] holds ${expected.is.length === 0 ? 'nothing' : expected.is.map((event) => `event ${event}`).join(' and ')}`;
    case 'hw.state':
      return `event ${expected.event}: hw.state ${stateText(expected)}`;
    case 'count':
      return `event ${expected.event}: count is ${expected.is}`;
  }
}

function stateText({ has, lacks }: { readonly has: number; readonly lacks: number }): string {
  const set = has === 0 ? [] : [`has ${bits(has)}`];
  return [...set, ...(lacks === 0 ? [] : [`has no ${bits(lacks)}`])].join(' and ');
}

const bits = (state: number): string =>
  Object.entries(PERF_HES)
    .flatMap(([name, bit]) => ((state & bit) === 0 ? [] : [name]))
    .join('|');

/**
 * Where a driver violates a property in a test: the step, what was expected, what was found, and the property.
 *
 * @experimental
 */
export function failureText({ name, steps }: PathTest, { step, broken, stopped }: Failure): string {
  return [
    `${name}: step ${step + 1}, ${stimulusText(steps[step]!.stimulus)}`,
    ...(stopped === undefined ? [] : [`  ${stopped}`]),
    ...broken.map(({ expected, found }) => `  ${expected.property}: ${expectationText(expected)}; found ${found}`),
  ].join('\n');
}
