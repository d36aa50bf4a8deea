import type { Fact } from '../facts/index.ts';
import type { Expectation } from './contract.ts';
import type { PathTest, PathTests } from './path-tests.ts';
import { mismatch, type Subject } from './subject.ts';

/** The step of a path test at which a driver does not do what it promises. */
export interface Failure {
  /** The number of the step, from 0. */
  readonly step: number;
  /** What was expected and not met; the first is of the call itself, if that is one of them. */
  readonly broken: readonly { readonly expected: Expectation; readonly found: string }[];
}

/** Runs one test against a driver until it breaks a promise; undefined if it does not. */
export async function runPath(
  subject: Subject,
  { events, harts }: Pick<PathTests, 'events' | 'harts'>,
  { steps }: PathTest,
): Promise<Failure | undefined> {
  await subject.reset({ events, harts });
  for (const [step, { before, deed, expect }] of steps.entries()) {
    for (const passed of before) await subject.call({ type: 'hart.tick', ...passed } as Fact<'hart.tick'>);
    const answer = await subject.call(deed);
    const seen = await subject.observe();
    const broken = expect.flatMap((expected) => {
      const found = mismatch(expected, answer, seen);
      return found === undefined ? [] : [{ expected, found }];
    });
    if (broken.length > 0) return { step, broken };
  }
  return undefined;
}
