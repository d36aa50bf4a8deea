import { resolve } from 'node:path';
import type { Report } from '../findings/report.ts';
import { shellPath, shellWord } from './shell.ts';

/** What an audit was asked with, as far as it decides what is found. */
export interface AskedAgain {
  readonly driver?: string;
  readonly config?: string | true;
  readonly source?: string;
  readonly header?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly device?: string;
  readonly define?: readonly string[];
  readonly undefine?: readonly string[];
}

const FILES = ['source', 'header', 'tree', 'shim'] as const;

/**
 * The command that finds a finding of an audit again: its model, environment and property alone, of the same driver. Of a driver
 * that is compiled with a kernel tree, which has no models, its property alone, with the tree that was found.
 */
export function auditAgain(asked: AskedAgain, foundTree?: string): NonNullable<Report['again']> {
  const { driver, config, device, define = [], undefine = [] } = asked;
  const files = { ...asked, ...(foundTree !== undefined && { tree: resolve(foundTree) }) };
  const words = [
    ...(driver === undefined || driver === 'as-posted' ? [] : ['--driver', shellWord(driver)]),
    ...(config === undefined ? [] : ['--config', ...(config === true ? [] : [shellPath(config)])]),
    ...FILES.flatMap((name) => (files[name] === undefined ? [] : [`--${name}`, shellPath(files[name])])),
    ...(device === undefined ? [] : ['--device', shellPath(device)]),
    ...(define.length === 0 ? [] : ['--define', ...define.map(shellWord)]),
    ...(undefine.length === 0 ? [] : ['--undefine', ...undefine.map(shellWord)]),
  ];
  return ({ rule, counterexamples }) => {
    const [model, environment] = foundTree === undefined ? (counterexamples[0]?.scope.split(', ') ?? []) : [];
    return [
      'audit',
      ...(model === undefined || environment === undefined ? [] : [model, '--environment', environment]),
      ...['--property', rule.id],
      ...words,
    ].join(' ');
  };
}
