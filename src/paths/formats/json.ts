import type { PathTests } from '../path-tests.ts';

/** Path tests for other runners: see `docs/paths.md`. Fields are only ever added to a version. */
export interface PathsJson extends Omit<PathTests, 'covers'> {
  readonly schema: 'hartproof.paths/1';
  /** What the tests cover: `machine` and `name` of each state, transition, pair or outcome; `place`, where it is one of several events or harts. */
  readonly covers: readonly Omit<PathTests['covers'][number], 'of'>[];
}

export function toJson({ covers, ...tests }: PathTests): string {
  const json: PathsJson = {
    schema: 'hartproof.paths/1',
    ...tests,
    covers: covers.map(({ of: _, ...item }) => item),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
