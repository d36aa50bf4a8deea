export { isExact, lastPlace, SourceAudit, type SourceOptions, type SourceOutcome } from './audit.ts';
export { type Build, type BuildOptions, build } from './build.ts';
export { findCompiler, NoSubject } from './compiler.ts';
export { type Conformance, conform, type Difference, replayTogether } from './conform.ts';
export { type Place, placeOf } from './places.ts';
export { SUBJECT_PROPERTIES } from './properties.ts';
export { conformModels, FULL_WIDTH } from './scopes.ts';
export { selfTest, type Tested } from './self-test.ts';
export { type DriverSource, fileSource, readSource, readSources } from './source.ts';
