import * as assert from 'uvu/assert';

/** That a promise rejects with such a message. */
export async function rejects(promise: Promise<unknown>, message: RegExp): Promise<void> {
  assert.match(
    await promise.then(
      () => 'it was fulfilled',
      (error: Error) => error.message,
    ),
    message,
  );
}
