import type { DriverName } from '../../machines/drivers.ts';
import type { Finding, Rule } from './finding.ts';

/** What a cell of a table says of a verdict: a format gives it a colour. */
export type Tone = 'holds' | 'violated' | 'bounded' | 'vacuous';

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** What stands under it where there is room. */
  readonly note?: string;
}

/** A table of a report: all verdicts, what was compared, the broken copies. */
export interface Table {
  readonly id: string;
  readonly title: string;
  /** A sentence before it. */
  readonly lead?: string;
  readonly head: readonly string[];
  /** How many of the last columns are numbers. */
  readonly numbers: number;
  readonly rows: readonly (readonly Cell[])[];
  /** Sentences after it. */
  readonly notes: readonly string[];
}

/** What a test case came to; of one that passed, nothing. */
export interface CaseOutcome {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type?: string;
  readonly message: string;
  readonly text?: string;
}

/** A test case of JUnit. */
export interface Case {
  readonly classname: string;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly seconds?: number;
  readonly outcome?: CaseOutcome;
  /** What it printed. */
  readonly output?: string;
}

/** A test suite of JUnit. */
export interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly cases: readonly Case[];
}

/** A patch to the driver, and what an audit of the driver with it said. */
export interface AuditedPatch {
  readonly patch: string;
  /** What its audit came to, in sentences. */
  readonly text: string;
  /** Whether with it, and nothing else, this finding is none. */
  readonly mends: (finding: Finding) => boolean;
}

/** All that was checked and found: what each format writes. @public */
export interface Report {
  /** The command: `audit`, `conform`. */
  readonly command: string;
  /** What was checked: the name of a driver, or a file. */
  readonly subject: string;
  /** The same as a heading: `driver as-posted`. */
  readonly title: string;
  /** What it came to, in sentences. */
  readonly summary: readonly string[];
  /** How long it took, where that was measured. */
  readonly milliseconds?: number;
  /** What was not searched to its end and why that is no pass, in sentences. */
  readonly reservations: readonly string[];
  /** What a baseline says, what was taken of a patch and what was assumed; in sentences. */
  readonly notes: readonly string[];
  /** Which file the lines are those of, and the like, for a reader of a mail. */
  readonly legend: readonly string[];
  readonly rules: readonly Rule[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly tables: readonly Table[];
  /** What held, in paragraphs or list items: the end of a mail. */
  readonly closing: readonly string[];
  /** Of any driver's C: the core that makes the calls, the headers, and the configuration that it was compiled with. */
  readonly seen?: { readonly core: string; readonly headers: string; readonly config: readonly string[] };
  /** The command that finds a finding again, without what names the package. */
  readonly again?: (finding: Finding) => string;
  /** The modelled driver whose charts a page can draw. */
  readonly driver?: DriverName;
  /** A line of the driver's own text, where that is at hand. */
  readonly lineAt?: (file: string | undefined, line: number) => string | undefined;
  /** The whole text of one of the driver's files, where that is at hand. */
  readonly textAt?: (file: string | undefined) => string | undefined;
  /** Patches that mend what is wrong: what changes least first. */
  readonly fixes?: readonly AuditedPatch[];
  /** The tests that it is to a runner of tests. */
  suites(): readonly Suite[];
  /** The report as data, with the name of its schema. */
  json(): unknown;
}

/** Why a report leaves a property open, as a note of its tables says it. */
export function whyUndecided({ tables }: Report, property: string): string | undefined {
  const start = `${property} is bounded: `;
  const note = tables.flatMap(({ notes }) => notes).find((text) => text.startsWith(start));
  return note?.slice(start.length).replace(/\.$/, '');
}

/** The properties that a report leaves open. */
export const undecidedIn = ({ tables }: Report): string[] =>
  tables.flatMap(({ rows }) =>
    rows.flatMap((row) => (row.some(({ tone }) => tone === 'bounded') ? [row[0]!.text] : [])),
  );
