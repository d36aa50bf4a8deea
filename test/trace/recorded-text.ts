import type { CoreName } from '../../machines/cores.ts';
import type { NamedDriver } from '../../src/trace/check.ts';
import { foldRecording, type Imported, type ImportReport, readRecording } from '../../src/trace/index.ts';

/** What the text of a recorder comes to, by the posted driver or another one. */
export function imported(text: string, environment: CoreName = '4.16', driver?: NamedDriver): Imported {
  const folding = foldRecording(readRecording(text), { environment, ...(driver && { driver }) });
  for (;;) {
    const step = folding.next();
    if (step.done) return step.value;
  }
}

export const reportOf = (text: string, environment?: CoreName, driver?: NamedDriver): ImportReport =>
  imported(text, environment, driver).report;
