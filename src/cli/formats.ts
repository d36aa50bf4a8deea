import { statSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Baseline } from '../audit/baseline.ts';
import type { Report } from '../findings/report.ts';
import { severalMails, severalObjects, severalPages, severalRuns, severalSuites } from '../reports/several.ts';
import { EXIT, messageOf, UsageError } from './exit.ts';
import { keepReports } from './last-report.ts';
import { LOGS } from './logs.ts';
import { say, write } from './output.ts';
import { page } from './pager.ts';

/** What else decides what stands in a report. */
interface ReportOptions {
  /** In SARIF, also what only a caller without a contract reaches. */
  readonly guards?: true;
  /** In JUnit, a test case for each property, model and environment; else for each cause. */
  readonly perProperty?: true;
}

/** A file that a report can be written to. */
interface Format<T> {
  readonly describe: string;
  /** Loads what writes it, only when it is asked for. */
  readonly load: () => Promise<(result: T, options: ReportOptions) => string | Promise<string>>;
  /** What the texts of several results come to in one file. */
  readonly several: (texts: readonly string[]) => string;
}

/** A value as the text of a file. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The formats of every report by their option: `--html FILE`. */
export const FORMATS = {
  html: {
    describe: 'write a page to look at: findings to unfold, counterexamples to step through, pictures',
    load: async () => (await import('../reports/html.ts')).toHtml,
    several: severalPages,
  },
  markdown: {
    describe: 'write a mail for a kernel list: plain text that is Markdown too',
    load: async () => (await import('../reports/markdown.ts')).toMarkdown,
    several: severalMails,
  },
  junit: {
    describe: 'write JUnit XML: a test case for each thing that was decided',
    load: async () => {
      const { toJunit } = await import('../reports/junit.ts');
      return (report, { perProperty }) => toJunit(report, { ...(perProperty && { perProperty }) });
    },
    several: severalSuites,
  },
  sarif: {
    describe: 'write SARIF 2.1.0, with the counterexamples as code flows',
    load: async () => {
      const { toSarif } = await import('../reports/sarif.ts');
      return (report, { guards }) => json(toSarif(report, { ...(guards && { guards }) }));
    },
    several: severalRuns,
  },
} as const satisfies Record<string, Format<Report>>;

/** Of these, what a check writes: for the tools of a CI. */
export const CHECK_FORMATS = { junit: FORMATS.junit, sarif: FORMATS.sarif } as const;

/** What only an audit can write beside these. */
export const BASELINE_FORMATS = {
  writeBaseline: {
    describe: 'write the findings as a baseline',
    load: async () => json,
    several: severalObjects,
  },
} as const satisfies Record<string, Format<Baseline>>;

type Formats<T, Name extends string> = Readonly<Record<Name, Format<T>>>;

/** The option of a format: `writeBaseline` is `--write-baseline`. */
export const optionOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Gives a command the options that say what stands in its SARIF and its JUnit. */
export const addReportOptions = (command: Command): Command =>
  command
    .option('--guards', 'in SARIF, also what only a caller without a contract reaches')
    .option('--per-property', 'in JUnit, a test case for each property that was asked, not for each cause');

/** Gives a command the option of each format. */
export function addFormats(command: Command, formats: Readonly<Record<string, Format<never>>>): Command {
  for (const [name, { describe }] of Object.entries(formats)) command.option(`${optionOf(name)} <file>`, describe);
  return command;
}

/** Where the report itself goes, as text for a terminal or as JSON. */
export interface ReportAsked {
  /** JSON: to standard output instead of the text, or to a file beside it. */
  readonly json?: string | true;
  /** Every finding whole, with its counterexample. */
  readonly all?: true;
  /** The same, with every fact a row. */
  readonly steps?: true;
  /** The directory in which the report is kept, for `show`; false: nowhere. */
  readonly keep?: string | false;
}

/** Writes a report on standard output, and its JSON where it is asked for; and keeps it, for `show`. */
export function reportOutputs({ json: asked, all, steps, keep = LOGS }: ReportAsked): Output<Report>[] {
  const options = { detail: steps ? 'facts' : 'callbacks', all: (all ?? steps) === true } as const;
  const text = async () => {
    const { toText } = await import('../reports/terminal.ts');
    return (report: Report) => toText(report, options);
  };
  const data = async () => (report: Report) => json(report.json());
  const outputs: Output<Report>[] = [];
  if (asked !== true)
    outputs.push(async (reports) => {
      const shown = await textOf({ load: text, several: severalMails }, reports);
      await (options.all ? page(shown) : write(undefined, shown));
    });
  if (asked !== undefined)
    outputs.push(async (reports) =>
      write(asked === true ? undefined : asked, await textOf({ load: data, several: severalObjects }, reports)),
    );
  if (keep !== false) outputs.push(async (reports) => keepReports(reports, keep));
  return outputs;
}

/** Writes one of the things that were asked for, of one driver or of several. */
export type Output<T> = (results: readonly T[]) => Promise<void>;

/**
 * What writes the files that were asked for, once the result is there.
 * Throws a UsageError if one of them cannot be written: before the work, not after it.
 */
export async function filesAsked<T, Name extends string>(
  formats: Formats<T, Name>,
  options: { readonly [N in NoInfer<Name>]?: string } & ReportOptions,
): Promise<Output<T>[]> {
  const outputs: Output<T>[] = [];
  const taken = new Map<string, string>();
  for (const name of Object.keys(formats) as Name[]) {
    const file = options[name];
    if (file === undefined) continue;
    await checkWritable(optionOf(name), file);
    const other = taken.get(resolve(file));
    if (other !== undefined) throw new UsageError(`${other} and ${optionOf(name)} both write ${file}`);
    taken.set(resolve(file), optionOf(name));
    outputs.push(async (results) => write(file, await textOf(formats[name], results, options)));
  }
  return outputs;
}

/** The results in a format: as they are, if there is one only. */
export async function textOf<T>(
  { load, several }: Omit<Format<T>, 'describe'>,
  results: readonly T[],
  options: ReportOptions = {},
): Promise<string> {
  const format = await load();
  const texts: string[] = [];
  for (const result of results) texts.push(await format(result, options));
  return texts.length === 1 ? texts[0]! : several(texts);
}

/**
 * Writes all that was asked for, each whatever becomes of the others. What cannot be written is said on standard error,
 * and the exit status is that of an environment that lacks something instead of `status`.
 */
export async function writeAll<T>(
  outputs: readonly Output<T>[],
  results: readonly T[],
  status: number,
): Promise<number> {
  let failed = false;
  for (const output of outputs)
    try {
      await output(results);
    } catch (error) {
      failed = true;
      say(messageOf(error));
    }
  return failed ? EXIT.usage : status;
}

/** Throws a UsageError if the file for JSON cannot be written, or has the name of a model, which it took from those that are named. */
export async function checkJson(
  file: string | true | undefined,
  models: readonly { readonly name: string }[],
): Promise<void> {
  if (typeof file !== 'string') return;
  if (models.some(({ name }) => name === file))
    throw new UsageError(`--json takes ${file} for its file: name the model before it, or write --json=./${file}`);
  await checkWritable('--json', file);
}

/** Throws a UsageError that names the option if a file cannot be written, as far as that can be told without doing it. */
export async function checkWritable(option: string, file: string): Promise<void> {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error('it is a directory');
    await access(there === undefined ? dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: cannot write ${file}: ${(error as Error).message}`);
  }
}
