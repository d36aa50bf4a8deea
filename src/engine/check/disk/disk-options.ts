/** Where a search keeps its states on disk. @public */
export interface DiskOptions {
  /** A directory of this search alone: not there yet, or empty, or with what the same search left when it was stopped. */
  readonly directory: string;
  /**
   * What else must be the same for a search to go on, by name: a version, the name of a driver, values that the functions of properties
   * close over. Of these functions only the text is compared.
   */
  readonly identity?: Readonly<Record<string, string>>;
  /** How many successors are looked at together (default 2^17). Fewer are for tests. */
  readonly together?: number;
  /** How many milliseconds lie between two checkpoints at least (default 1000): an end of the process costs so much and a level. */
  readonly checkpointEvery?: number;
}
