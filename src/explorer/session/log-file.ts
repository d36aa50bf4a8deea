import { readLog } from '../../diagrams/log.ts';
import type { Fact } from '../../facts/index.ts';
import { checkHeader, type LogHeader } from '../../store/log-store.ts';

/** A log as it lies in a file. */
export interface LogFile {
  /** Absent in a file that holds facts and nothing else. */
  readonly header?: LogHeader;
  readonly facts: readonly Fact[];
}

/** Reads a log: JSON Lines as the store keeps them, or facts as JSON. Throws an Error that says where it is none. */
export function readLogFile(text: string): LogFile {
  const { facts } = readLog(text);
  const first = text.slice(0, Math.max(0, text.indexOf('\n')));
  return { ...(isHeader(first) && { header: checkHeader(JSON.parse(first), 'line 1') }), facts };
}

function isHeader(line: string): boolean {
  try {
    return typeof JSON.parse(line)?.schema === 'string';
  } catch {
    return false;
  }
}

/** A log as JSON Lines that the store reads. */
export const writeLogFile = (header: LogHeader, facts: readonly Fact[]): string =>
  `${[header, ...facts].map((line) => JSON.stringify(line)).join('\n')}\n`;
