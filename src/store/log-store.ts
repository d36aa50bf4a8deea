import type { Fact } from '../facts/index.ts';
import type { LogHeader } from './header.ts';
import type { Origins } from './origin.ts';

/**
 * Logs of facts by name. A log only grows, and its version is the number of its facts.
 * What an {@link LogStore.append} has returned from is on disk, whatever happens to the process afterwards.
 */
export interface LogStore {
  /** The names of all logs, sorted. */
  logs(): string[];
  /**
   * Begins a log, with its first facts and where in a kernel's trace they come from: all of it is there afterwards, or nothing.
   * Throws {@link LogExists}.
   */
  create(name: string, header: LogHeader, facts?: readonly Fact[], origins?: Origins): void;
  /**
   * Does all that `action` writes at once, which takes as long as one write: all of it is there afterwards, or nothing. A store of one
   * file a log writes one log after another.
   */
  together(action: () => void): void;
  /** Throws {@link NoSuchLog}. */
  header(name: string): LogHeader;
  /** Throws {@link NoSuchLog}. */
  version(name: string): number;
  /**
   * Adds facts to a log whose version is what the writer believes, and returns the new version.
   * Throws {@link VersionConflict} if another writer was there first, and {@link NoSuchLog}; nothing is added then.
   */
  append(name: string, expectedVersion: number, facts: readonly Fact[]): number;
  /**
   * The facts of a log from a position on (0: all), in order; `origins` is filled with where in a kernel's trace they come from.
   * Throws {@link NoSuchLog}, and {@link BrokenLog} where one is none.
   */
  read(name: string, from?: number, origins?: Origins): Iterable<Fact>;
  /** Where the fact at a position (from 0; -1: the header) is, for an error. */
  placeOf(name: string, position: number): string;
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
