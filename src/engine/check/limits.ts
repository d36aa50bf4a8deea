/** Where a search stops although it is not done. @public */
export interface Limits {
  readonly states?: number;
  /** Bytes for the states, what rebuilds the path to them, and the transitions where a property needs them. */
  readonly bytes?: number;
  readonly milliseconds?: number;
}

/** What stops a search; what was covered until then is the outcome. */
export interface Stops {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /** Asked now and then: why the search should be stopped, such as lack of memory. */
  readonly watch?: () => string | undefined;
}

/** The limit that is reached by so many states, bytes and milliseconds, or what else stops a search, if anything does. */
export function reached({ limits = {}, signal, watch }: Stops, so: Required<Limits>): string | undefined {
  if (signal?.aborted) return 'interrupted';
  if (so.states >= (limits.states ?? Infinity)) return `limit of ${limits.states} states`;
  if (so.bytes >= (limits.bytes ?? Infinity)) return `limit of ${limits.bytes} bytes`;
  if (so.milliseconds >= (limits.milliseconds ?? Infinity)) return `limit of ${limits.milliseconds} ms`;
  return watch?.();
}
