import type { PathTests } from '../path-tests.ts';
import { header } from './text.ts';

/**
 * A test file for uvu that runs as it is. `HARTPROOF_SUBJECT` names what it tests: a modelled driver, `c:PATH` for the real C of one
 * (with `HARTPROOF_HEADER`, if a .c file needs a header of its own), or a module whose default export is a `SystemUnderTest`.
 */
export function toUvu(tests: PathTests): string {
  return `// Written by \`hartproof paths ${tests.model} --environment ${tests.environment} --coverage ${tests.coverage} --format uvu\`.
// ${header(tests)}
import { failureText, runPath, systemUnderTest } from 'hartproof';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const paths = ${JSON.stringify(only(tests), null, 1)};

const { HARTPROOF_SUBJECT = 'as-posted', HARTPROOF_HEADER } = process.env;
const underTest = await systemUnderTest(HARTPROOF_SUBJECT, paths.pmu, { header: HARTPROOF_HEADER });
const test = suite('paths');
test.after(() => underTest.close?.());

for (const path of paths.tests)
  test(path.name, async () => {
    const failure = await runPath(underTest, paths, path);
    if (failure) assert.unreachable(failureText(path, failure));
  });

test.run();
`;
}

/** What a run needs. */
const only = ({ events, harts, group, pmu, tests }: PathTests) => ({ events, harts, group, pmu, tests });
