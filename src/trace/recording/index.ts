export { FORMATS, type FormatName } from './formats.ts';
export * from './import.ts';
export { type Hit, NoRecording, type Recording, readRecording } from './read.ts';
