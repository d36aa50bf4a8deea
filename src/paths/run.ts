import type { Answer } from '../facts/index.ts';
import type { Expectation } from './contract.ts';
import type { PathTest, PathTests } from './path-tests.ts';
import { mismatch, type SystemUnderTest } from './system-under-test.ts';

/** The step of a path test at which a driver does not do what is expected of it. @experimental */
export interface Failure {
  /** The number of the step, from 0. */
  readonly step: number;
  /** What was expected and not met; the first is of the call itself, if that is one of them. */
  readonly broken: readonly { readonly expected: Expectation; readonly found: string }[];
  /** Why the call could not be made, or did not end; then nothing was looked at. */
  readonly stopped?: string;
}

/** Runs one test against a driver until it violates a property; undefined if it does not. @experimental */
export async function runPath(
  underTest: SystemUnderTest,
  { events, harts, group }: Pick<PathTests, 'events' | 'harts' | 'group'>,
  { steps }: PathTest,
): Promise<Failure | undefined> {
  await underTest.reset({ events, harts, group });
  for (const [step, { before, stimulus, expect }] of steps.entries()) {
    let answer: Answer | undefined;
    try {
      for (const passed of before) await underTest.call({ type: 'hart.tick', ...passed });
      answer = await underTest.call(stimulus);
    } catch (error) {
      return { step, broken: [], stopped: (error as Error).message };
    }
    const seen = await underTest.observe();
    const broken = expect.flatMap((expected) => {
      const found = mismatch(expected, answer, seen);
      return found === undefined ? [] : [{ expected, found }];
    });
    if (broken.length > 0) return { step, broken };
  }
  return undefined;
}
