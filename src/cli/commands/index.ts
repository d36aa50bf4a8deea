import type { Command } from 'commander';
import { register as audit } from './audit.ts';
import { register as check } from './check.ts';
import { register as completions } from './completions.ts';
import { register as conform } from './conform.ts';
import { register as coverage } from './coverage.ts';
import { register as crosscheck } from './crosscheck.ts';
import { register as diff } from './diff.ts';
import { register as explain } from './explain.ts';
import { register as explore } from './explore.ts';
import { register as exportModel } from './export.ts';
import { register as graph } from './graph.ts';
import { register as init } from './init.ts';
import { register as mail } from './mail.ts';
import { register as paths } from './paths.ts';
import { register as prove } from './prove.ts';
import { register as reach } from './reach.ts';
import { register as repair } from './repair.ts';
import { register as replay } from './replay.ts';
import { register as show } from './show.ts';
import { register as simulate } from './simulate.ts';
import { register as trace } from './trace.ts';

/** Adds one command to the program. */
export type Register = (program: Command) => void;

/** The commands, by what they are for. */
export const COMMANDS: Readonly<Record<string, readonly Register[]>> = {
  'Decide what a driver keeps:': [audit, check, prove, conform, crosscheck],
  'Understand a finding:': [show, explain, explore, replay, graph, reach, simulate],
  'Mend and answer:': [repair, diff, mail],
  'Take it to a kernel:': [paths, coverage, trace, exportModel],
  'Set up:': [init, completions],
};
