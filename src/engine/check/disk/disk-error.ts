/** A search on disk cannot begin, or go on from where one was stopped: the message says why, in one line. @public */
export class DiskError extends Error {
  override readonly name = 'DiskError';
}
