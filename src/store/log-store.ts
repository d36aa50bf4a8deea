import type { Fact } from '../facts/index.ts';

/** A file as it was: its path, from the directory in which it was read, and a digest of its text. */
export interface ConfigFile {
  readonly file: string;
  readonly digest: string;
}

/** What a log is of. */
export interface LogHeader {
  readonly schema: 'hartproof.log/1';
  readonly model: string;
  readonly environment: string;
  readonly driver: string;
  /** The file that described the PMU and its driver, if it was no modelled one. */
  readonly config?: ConfigFile;
  /** The width of a machine word in bits, where it is not the model's own. */
  readonly wordBits?: number;
  /** Of a kernel's trace, which no model is made for: how many events and harts the machines are of. */
  readonly trace?: { readonly events: number; readonly harts: number };
  /** The promises that cannot be judged along it, although it speaks of them: what it was made of did not show enough. */
  readonly undecided?: readonly string[];
  /** The digest of the machines that wrote it: see {@link machinesDigest}. */
  readonly machines: string;
  /** The promise that it breaks, if it is a counterexample. */
  readonly breaks?: string;
}

/** A state that was folded before, so that it need not be folded again. */
export interface Snapshot {
  /** How many facts were folded. */
  readonly version: number;
  /** As JSON. */
  readonly state: unknown;
}

/**
 * Logs of facts by name. A log only grows, and its version is the number of its facts.
 * What an {@link LogStore.append} has returned from is on disk, whatever happens to the process afterwards.
 */
export interface LogStore {
  /** The names of all logs, sorted. */
  logs(): string[];
  /** Begins a log. Throws {@link LogExists}. */
  create(name: string, header: LogHeader): void;
  /** Throws {@link NoSuchLog}. */
  header(name: string): LogHeader;
  /** Throws {@link NoSuchLog}. */
  version(name: string): number;
  /**
   * Adds facts to a log whose version is what the writer believes, and returns the new version.
   * Throws {@link VersionConflict} if another writer was there first, and {@link NoSuchLog}; nothing is added then.
   */
  append(name: string, expectedVersion: number, facts: readonly Fact[]): number;
  /** The facts of a log from a position on (0: all), in order. Throws {@link NoSuchLog}. */
  read(name: string, from?: number): Iterable<Fact>;
  /** Keeps a state for later. */
  keepSnapshot(name: string, snapshot: Snapshot): void;
  /** The latest state that was kept at or before a version. */
  snapshot(name: string, atMost: number): Snapshot | undefined;
  /** What had to be dropped when the store was opened: lines that a crash tore before they were acknowledged. */
  readonly dropped: readonly string[];
  close(): void;
}

/** Two writers wrote to one log: the second one's view of it is old. */
export class VersionConflict extends Error {
  constructor(
    readonly log: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`${log} is at version ${actual}, not ${expected}: another writer was there first`);
  }
}

export class LogExists extends Error {
  constructor(readonly log: string) {
    super(`there is a log ${log} already`);
  }
}

export class NoSuchLog extends Error {
  constructor(readonly log: string) {
    super(`there is no log ${log}`);
  }
}

/** What is on disk is no log, or one of another kind. */
export class BrokenLog extends Error {}

/** Throws {@link BrokenLog} unless a value is the header of a log that this version can read. */
export function checkHeader(value: unknown, where: string): LogHeader {
  const header = value as Partial<LogHeader> | null;
  if (typeof header !== 'object' || header?.schema === undefined) throw new BrokenLog(`${where}: no header of a log`);
  if (header.schema !== 'hartproof.log/1')
    throw new BrokenLog(`${where}: a log of schema ${String(header.schema)}; this version reads hartproof.log/1`);
  for (const field of ['model', 'environment', 'driver', 'machines'] as const)
    if (typeof header[field] !== 'string') throw new BrokenLog(`${where}: the header has no ${field}`);
  const { config, wordBits } = header;
  if (wordBits !== undefined && !(Number.isInteger(wordBits) && wordBits >= 1 && wordBits <= 64))
    throw new BrokenLog(`${where}: wordBits of the header is no width from 1 to 64`);
  if (config !== undefined && (typeof config?.file !== 'string' || typeof config.digest !== 'string'))
    throw new BrokenLog(`${where}: the config of the header has no file or no digest`);
  return header as LogHeader;
}
