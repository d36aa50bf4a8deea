export * from './cache-map.ts';
export * from './config.ts';
export * from './define-pmu.ts';
export * from './models.ts';
