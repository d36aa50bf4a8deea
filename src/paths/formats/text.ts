import type { PathTests } from '../path-tests.ts';
import { expectationText, stimulusText } from '../words.ts';

/** Path tests to read: each step, and of what the contract says after it what was not expected after the step before. */
export function toText(tests: PathTests): string {
  const parts = [
    header(tests),
    ...tests.tests.map(({ name, steps }) => {
      let known = new Set<string>();
      const lines = steps.flatMap(({ stimulus, expect }, number) => {
        const all = expect.map(expectationText);
        const news = expect.flatMap(({ property, what }, index) =>
          known.has(all[index]!) && what !== 'answer' ? [] : [`        ${all[index]} (${property})`],
        );
        known = new Set(all);
        return [`  ${String(number + 1).padStart(3)}. ${stimulusText(stimulus)}`, ...news];
      });
      return [name, ...lines].join('\n');
    }),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What the tests are, and how close to the fewest steps. */
export function header({
  model,
  environment,
  coverage,
  tests,
  covers,
  steps,
  closing,
  lowerBound,
  ...scope
}: PathTests): string {
  const bound = steps === lowerBound ? 'no fewer can do it' : `fewer than ${lowerBound} cannot do it`;
  const covered = covers.filter(({ place }) => place === undefined).length;
  const several = (['events', 'harts'] as const)
    .filter((what) => scope[what] > 1)
    .map((what) => `${scope[what]} ${what}`);
  const each = several.length === 0 ? '' : ` (on each of ${several.join(' and ')})`;
  return `${model} in ${environment}: ${covered} ${coverage}${each} in ${tests.length === 1 ? '1 test' : `${tests.length} tests`} of ${steps} steps (${bound}), and ${closing} to clean up.`;
}
