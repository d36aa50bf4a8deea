import {
  CACHE_CONFIGS,
  CACHE_OPS,
  CACHE_RESULTS,
  CACHES,
  type CacheEvent,
  ERRNO,
  type Errno,
  type MapEntry,
} from '../facts/index.ts';

/** What counts each cache event: a counter by name, or the error that `event_init` answers. */
export type CacheMap = {
  readonly [C in (typeof CACHES)[number]]: {
    readonly [O in (typeof CACHE_OPS)[number]]: {
      readonly [R in (typeof CACHE_RESULTS)[number]]: string | readonly string[];
    };
  };
};

/** A map in which every entry is the same, to be spread and changed: C has no such default. @public */
export function everyCacheEvent(entry: string | readonly string[]): CacheMap {
  const ofKeys = <K extends string, V>(keys: readonly K[], value: () => V): Record<K, V> =>
    Object.fromEntries(keys.map((key) => [key, value()])) as Record<K, V>;
  return ofKeys(CACHES, () => ofKeys(CACHE_OPS, () => ofKeys(CACHE_RESULTS, () => entry)));
}

export const isErrno = (entry: string): entry is Errno => Object.hasOwn(ERRNO, entry);

/**
 * Reads a cache map through `entryOf`, which refuses a bad entry. Every row must be there: what an initialiser in C leaves out
 * is 0, and 0 is the cycle counter. Answers the entries by `attr.config`.
 */
export function readCacheMap(
  map: unknown,
  entryOf: (field: string, entry: unknown) => MapEntry,
  refuse: (field: string, reason: string) => never,
): Record<number, MapEntry> {
  const row = (
    field: string,
    table: unknown,
    keys: readonly string[],
    read: (field: string, value: unknown) => void,
  ) => {
    if (typeof table !== 'object' || table === null) refuse(field, `is missing: ${ZERO}`);
    for (const key of Object.keys(table as object))
      if (!keys.includes(key)) refuse(`${field}.${key}`, `there is no such row; there are ${keys.join(', ')}`);
    for (const key of keys) read(`${field}.${key}`, (table as Record<string, unknown>)[key]);
  };
  const entries: Record<number, MapEntry> = {};
  row('cacheEvents', map, CACHES, (cache, ops) =>
    row(cache, ops, CACHE_OPS, (op, results) =>
      row(op, results, CACHE_RESULTS, (result, entry) => {
        const event = result.split('.').slice(1).join('-') as CacheEvent;
        entries[CACHE_CONFIGS[event]] = entryOf(result, entry);
      }),
    ),
  );
  return entries;
}

export const ZERO = 'what an initialiser in C leaves out is 0, and 0 is the cycle counter';
