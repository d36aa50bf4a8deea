import type { Command } from 'commander';

/** A command: what the help of all commands says of it, and where the rest is, which is loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  /** Its options and arguments, in short. */
  readonly takes: string;
  readonly about: string;
  readonly load: () => Promise<{ readonly register: Register }>;
}

/** Adds to a command, which has its name, what it takes and does. */
export type Register = (command: Command) => void;

/** The commands, by what they are for. */
export const COMMANDS: Readonly<Record<string, readonly CommandEntry[]>> = {
  'Decide what a driver keeps:': [
    {
      name: 'audit',
      takes: '[options] [model...]',
      about: 'search a driver for violated properties, and show the shortest path to each',
      load: () => import('./audit.ts'),
    },
    {
      name: 'check',
      takes: '[options] <what...>',
      about: 'say what a patch, a series or a saved file breaks in a driver, and what was there before',
      load: () => import('./check.ts'),
    },
    {
      name: 'prove',
      takes: '[options] [model...]',
      about: 'prove properties for any number of events and harts',
      load: () => import('./prove.ts'),
    },
    {
      name: 'conform',
      takes: '[options] [model...]',
      about: 'compare the model with the real C of a driver, in lockstep over whole scopes',
      load: () => import('./conform.ts'),
    },
    {
      name: 'crosscheck',
      takes: '[options] [model...]',
      about: 'search the models with SPIN too, and compare states and verdicts',
      load: () => import('./crosscheck.ts'),
    },
  ],
  'Understand a finding:': [
    {
      name: 'show',
      takes: '[options] [finding]',
      about: 'show a finding of the last report whole, with the lines of the driver beside its steps',
      load: () => import('./show.ts'),
    },
    {
      name: 'explain',
      takes: '[options] [what]',
      about: 'say what a property, a verdict or a word of a report means; or what makes a count that is wrong',
      load: () => import('./explain.ts'),
    },
    {
      name: 'explore',
      takes: '[options] [model|log|trace|finding]',
      about: 'step through a model or a log in the browser: machines, next facts, properties',
      load: () => import('./explore.ts'),
    },
    {
      name: 'replay',
      takes: '[options] [log]',
      about: 'fold a log of facts: what happened, what changed, which properties held',
      load: () => import('./replay.ts'),
    },
    {
      name: 'graph',
      takes: '[options] [name]',
      about: 'draw a machine, a small model, or a log',
      load: () => import('./graph.ts'),
    },
    {
      name: 'reach',
      takes: '[options] <question> [model...]',
      about: 'ask a question of your own: can this be, and by which shortest path?',
      load: () => import('./reach.ts'),
    },
    {
      name: 'simulate',
      takes: '[options] <model>',
      about: 'let a model run, and show what dmesg and perf stat would have shown',
      load: () => import('./simulate.ts'),
    },
  ],
  'Mend and answer:': [
    {
      name: 'repair',
      takes: '[options]',
      about: 'find the smallest sets of changes to a driver under which every property holds',
      load: () => import('./repair.ts'),
    },
    {
      name: 'diff',
      takes: '[options] <one> <other>',
      about: 'compare two drivers, or two versions of one: their properties, and the shortest log on which they part',
      load: () => import('./diff.ts'),
    },
    {
      name: 'mail',
      takes: '[options] <patch>',
      about: 'answer a patch as kernel lists do: the finding under the quoted line, how to see it, Fixes',
      load: () => import('./mail.ts'),
    },
  ],
  'Take it to a kernel:': [
    {
      name: 'paths',
      takes: '[options] <name>',
      about: 'generate few and short tests that cover a model, and run them',
      load: () => import('./paths.ts'),
    },
    {
      name: 'coverage',
      takes: '[options] <model>',
      about: 'say what tests, logs or a search reach of the machines of a model, and what they do not',
      load: () => import('./coverage.ts'),
    },
    {
      name: 'trace',
      takes: '',
      about: 'hold a kernel that really ran against the machines',
      load: () => import('./trace.ts'),
    },
    {
      name: 'export',
      takes: '[options] <model|log>',
      about: 'write a model for another model checker, or a log for a viewer of traces',
      load: () => import('./export.ts'),
    },
  ],
  'Set up:': [
    {
      name: 'init',
      takes: '[options] [file]',
      about: 'write a commented description of a PMU and its driver, to fill in',
      load: () => import('./init.ts'),
    },
    {
      name: 'completions',
      takes: '[options] [shell]',
      about: 'print what completes command lines of hartproof in bash, zsh or fish',
      load: () => import('./completions.ts'),
    },
  ],
};
