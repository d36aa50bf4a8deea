/**
 * The library: audit a driver, compare C with a model, judge a kernel's trace, make path tests, and report what was found.
 * The engine beneath it is `hartproof/engine`; the machines of the first driver and its perf core are `hartproof/machines`.
 */
export { DRIVERS, type DriverMachine, type DriverName, withDecisions } from '../machines/drivers.ts';
export * from '../machines/hardware/index.ts';
export { type BankOptions, counterBank, DEVICES } from '../models/devices/index.ts';
export {
  compose,
  ENVIRONMENTS,
  type Environment,
  MODELS,
  type Model,
  modelOf,
  PROPERTIES,
  propertyOf,
  type Scope,
} from '../models/index.ts';
export { type AuditOptions, audit, type Result } from './audit/audit.ts';
export type { AuditResult } from './audit/audit-result.ts';
export type { AuditTarget } from './audit/audit-target.ts';
export { compiled } from './audit/compiled.ts';
export { type AuditJson, toJson } from './audit/json.ts';
export { described, modelled } from './audit/modelled.ts';
export { reportOf } from './audit/report.ts';
export { type Violation, violationsOf } from './audit/violation.ts';
export { type Attribute, type Counter, type Fact, PERF, type Pmu, type Property, type Role } from './facts/index.ts';
export type { Finding } from './findings/finding.ts';
export type { Report } from './findings/report.ts';
export {
  COVERAGES,
  type Coverage,
  coverageOf,
  type Failure,
  failureText,
  type PathTest,
  type PathTests,
  pathTests,
  runPath,
  SimulatedDriver,
  type SystemUnderTest,
  systemUnderTest,
} from './paths/index.ts';
export { definePmu, everyCacheEvent, modelsFor, type Port } from './porting/index.ts';
export { type Repair, repair } from './repair/repair.ts';
export { toHtml } from './reports/html.ts';
export { toJunit } from './reports/junit.ts';
export { toMarkdown } from './reports/markdown.ts';
export { toSarif } from './reports/sarif.ts';
export { toText } from './reports/terminal.ts';
export {
  type Build,
  build,
  type Conformance,
  conform,
  type Difference,
  fileSource,
  readSource,
  SourceAudit,
} from './subject/index.ts';
export { checkTrace, parseTrace, type TraceOptions, type TraceReport } from './trace/index.ts';
