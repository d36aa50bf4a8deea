import type { Command } from 'commander';
import { register as audit } from './audit.ts';
import { register as conform } from './conform.ts';

/** Adds one command to the program. */
export type Register = (program: Command) => void;

export const COMMANDS: readonly Register[] = [audit, conform];
