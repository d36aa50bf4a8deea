export type { Deed, Expectation } from './contract.ts';
export { type PathStep, type PathTest, type PathTests, pathTests } from './path-tests.ts';
export { type Failure, runPath } from './run.ts';
export { SimulatedDriver } from './simulated.ts';
export { mismatch, type Observation, type Subject } from './subject.ts';
export { subjectOf } from './subjects.ts';
export { deedText, expectationText, failureText } from './words.ts';
