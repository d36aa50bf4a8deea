import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Audited } from '../audit/audited.ts';
import { UsageError } from './exit.ts';

/** A file that an audit can be written to. */
interface Format {
  readonly describe: string;
  /** Loads what writes it, only when it is asked for. */
  readonly load: () => Promise<(audited: Audited) => string | Promise<string>>;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The formats of an audit by their option: `--html FILE`. */
export const FORMATS = {
  html: {
    describe: 'write a page to look at: findings to unfold, counterexamples to step through, pictures',
    load: async () => (await import('../audit/html/index.ts')).toHtml,
  },
  markdown: {
    describe: 'write a mail for a kernel list: plain text that is Markdown too',
    load: async () => (await import('../audit/markdown.ts')).toMarkdown,
  },
  junit: {
    describe: 'write JUnit XML: a test case for each promise, model and environment',
    load: async () => (await import('../audit/junit.ts')).toJunit,
  },
  sarif: {
    describe: 'write SARIF 2.1.0, with the counterexamples as code flows',
    load: async () => {
      const { toSarif } = await import('../audit/sarif.ts');
      return (audited) => json(toSarif(audited));
    },
  },
  writeBaseline: {
    describe: 'write the findings as a baseline',
    load: async () => {
      const { baselineOf } = await import('../audit/baseline.ts');
      return (audited) => json(baselineOf(audited));
    },
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

/** The option of a format: `writeBaseline` is `--write-baseline`. */
export const optionOf = (name: FormatName): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The files that were asked for, by format. Throws a UsageError if one of them cannot be written: before the work, not after it. */
export async function filesAsked(options: { readonly [F in FormatName]?: string }): Promise<[FormatName, string][]> {
  const asked = (Object.keys(FORMATS) as FormatName[]).flatMap((name): [FormatName, string][] => {
    const file = options[name];
    return file === undefined ? [] : [[name, file]];
  });
  for (const [name, file] of asked) await checkWritable(optionOf(name), file);
  return asked;
}

async function checkWritable(option: string, file: string): Promise<void> {
  try {
    await access(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: cannot write ${file}: ${(error as Error).message}`);
  }
}
