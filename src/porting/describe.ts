/** What `hartproof` is to a file that describes a PMU: enough for that, and quick to load. */
export * from './cache-map.ts';
export * from './define-pmu.ts';
