import * as assert from 'uvu/assert';

/** Asserts that it throws an Error of exactly this message; uvu's `throws` takes a string for its own message. */
export function throwsMessage(run: () => unknown, message: string): void {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  assert.instance(thrown, Error, `nothing was thrown; expected: ${message}`);
  assert.is((thrown as Error).message, message);
}
