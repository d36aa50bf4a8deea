import type { CoreName } from '../../machines/cores.ts';
import { foldRecording, type Imported, type ImportReport, readRecording } from '../../src/trace/index.ts';

/** What the text of a recorder comes to, by the posted driver. */
export function imported(text: string, environment: CoreName = '4.16'): Imported {
  const folding = foldRecording(readRecording(text), { environment });
  for (;;) {
    const step = folding.next();
    if (step.done) return step.value;
  }
}

export const reportOf = (text: string, environment?: CoreName): ImportReport => imported(text, environment).report;
