import { isAbsolute, resolve } from 'node:path';
import type { ArtifactLocation, Invocation, Location, Log, ReportingDescriptor, Run, Tool } from 'sarif';
import type { Place } from '../findings/trace.ts';
import { pathToUri } from '../outside/escape.ts';
import { VERSION } from '../version.ts';

/** What every SARIF log of ours has, whatever its results are of. */

/** The file that all source lines are counted in, relative to the root of a kernel tree. */
const DRIVER_FILE = 'arch/riscv/kernel/perf_event.c';

/** A log of one run. */
export const logOf = (run: Run): Log => ({
  version: '2.1.0',
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  runs: [run],
});

export const toolOf = (rules: ReportingDescriptor[]): Tool => ({
  driver: { name: 'Hartproof', version: VERSION, rules },
});

/** One invocation, with a warning for each thing that was not searched to its end. */
export const invocationsOf = (stopped: readonly string[]): Invocation[] => [
  {
    executionSuccessful: true,
    ...(stopped.length > 0 && {
      toolExecutionNotifications: stopped.map((text) => ({ level: 'warning' as const, message: { text } })),
    }),
  },
];

/** A file: under the root of the sources, which is where the tool runs or the tree of a patch, unless it lies elsewhere. */
const artifactOf = (file: string): ArtifactLocation =>
  isAbsolute(file) || file.startsWith('../')
    ? { uri: `file://${pathToUri(resolve(file))}` }
    : { uri: pathToUri(file), uriBaseId: '%SRCROOT%' };

/** A place in the C; its function is left out where it is not known. */
export function locationOf({ function: name, lines: [startLine, endLine], file }: Place): Location {
  return {
    physicalLocation: {
      artifactLocation: artifactOf(file ?? DRIVER_FILE),
      region: { startLine, endLine },
    },
    ...(name !== '' && { logicalLocations: [{ name, kind: 'function' }] }),
  };
}
