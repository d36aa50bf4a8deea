import type { Invocation, Location, Log, ReportingDescriptor, Run, Tool } from 'sarif';
import type { Place } from './story.ts';

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
  driver: { name: 'Hartproof', version: '0.1.0', rules },
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

/** A place in the C; its function is left out where it is not known. */
export function locationOf({ function: name, lines: [startLine, endLine], file }: Place): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: file ?? DRIVER_FILE, uriBaseId: '%SRCROOT%' },
      region: { startLine, endLine },
    },
    ...(name !== '' && { logicalLocations: [{ name, kind: 'function' }] }),
  };
}
