import * as assert from 'uvu/assert';

/** That a property rejects with such a message. */
export async function rejects(property: Promise<unknown>, message: RegExp): Promise<void> {
  assert.match(
    await property.then(
      () => 'it was fulfilled',
      (error: Error) => error.message,
    ),
    message,
  );
}
