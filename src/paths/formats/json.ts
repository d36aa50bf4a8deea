import type { PathTests } from '../path-tests.ts';

/** Path tests for other runners: see `docs/paths.md`. Fields are only ever added to a version. */
export interface PathsJson extends Omit<PathTests, 'covers'> {
  readonly schema: 'hartproof.paths/1';
  /** What the tests cover: `machine` and `name` of each state, transition, pair or outcome. */
  readonly covers: readonly { readonly machine: string; readonly name: string }[];
}

export function toJson({ covers, ...tests }: PathTests): string {
  const json: PathsJson = {
    schema: 'hartproof.paths/1',
    ...tests,
    covers: covers.map(({ machine, name }) => ({ machine, name })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
