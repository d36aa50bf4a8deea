/**
 * What happens next cannot be known: nothing follows from it, and verdicts are *bounded* for that reason.
 *
 * @experimental
 */
export class Undecided extends Error {
  /** `ends`: nothing more can be asked; else only this one thing is not known. */
  constructor(
    readonly reason: string,
    readonly ends: boolean,
  ) {
    super(reason);
  }
}
