export { machinesDigest } from './digest.ts';
export * from './header.ts';
export { JsonLinesStore } from './json-lines.ts';
export * from './log-store.ts';
export { type Origin, Origins, originText, timeText } from './origin.ts';
