export { FORMATS, type FormatName } from './formats.ts';
export type { Hit } from './hits.ts';
export * from './import.ts';
export { NoRecording, type Recording, readRecording } from './read.ts';
