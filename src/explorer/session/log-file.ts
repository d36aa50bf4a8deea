import type { Fact } from '../../facts/index.ts';
import type { LogHeader } from '../../store/header.ts';

/** A log as JSON Lines that the store reads. */
export const writeLogFile = (header: LogHeader, facts: readonly Fact[]): string =>
  `${[{ ...header, length: facts.length }, ...facts].map((line) => JSON.stringify(line)).join('\n')}\n`;
