/** A line of a trace that cannot be read. */
export class BrokenLine extends Error {
  constructor(
    /** Its number in the file, from 1. */
    readonly line: number,
    reason: string,
  ) {
    super(`line ${line}: ${reason}`);
  }
}
