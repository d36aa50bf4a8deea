import type { ComparedDriver, ComparedFinding } from '../audit/change/compared.ts';
import { isNew } from '../audit/change/lines.ts';
import type { Finding } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import type { Texts } from '../subject/ground/patched-tree.ts';
import type { Change, Changed } from '../subject/patch/index.ts';
import { type CheckInput, readCheck } from './check-input.ts';
import { type Interrupted, UsageError } from './exit.ts';
import { interrupted } from './interrupt.ts';
import { statusLine } from './status.ts';

/** What a commit does to a driver. */
export interface CheckedDriver {
  readonly compared: ComparedDriver;
  /** The files of the driver that it changes, at least one; the driver's own first. */
  readonly files: readonly Changed[];
  /** The text of the driver's own after it; undefined where it deletes the driver. */
  readonly text: string | undefined;
  /** What was found after it; before it, where it deletes the driver. */
  readonly report: Report;
}

/** A commit, and what it does to each driver that it touches. */
export interface Checked {
  readonly change: Change;
  /** What the commit was read from. */
  readonly input: CheckInput;
  readonly drivers: readonly CheckedDriver[];
  /** Drivers that are built on what it changes, and did not compile here before it either: why, by their paths. */
  readonly unchecked: ReadonlyMap<string, string>;
}

/** Told of what is found in a driver, given by its path, while its search goes on. */
export type OnFinding = (path: string, one: ComparedFinding) => void;

/**
 * Checks what a person names, commit by commit; where that is one, `onFinding` is told what is found at once. Throws a UsageError
 * for what cannot be read, or does not compile, and {@link Interrupted} once the signal is aborted.
 */
export async function* checkEach(
  what: string,
  tree: string | undefined,
  signal: AbortSignal,
  onFinding?: OnFinding,
): AsyncGenerator<Checked> {
  const input = await readCheck(what, tree);
  const checker = new Checker(input, signal, input.changes.length === 1 ? onFinding : undefined);
  for (const change of input.changes) {
    const checked = await checker.check(change);
    if (signal.aborted) throw interrupted();
    yield { change, input, ...checked };
  }
}

/** Whether a commit makes a driver worse: something is new, or is not decided any more. */
export const isWorse = ({ drivers }: Checked): boolean =>
  drivers.some(({ compared: { findings, undecided } }) => undecided.length > 0 || findings.some(isNew));

/** Audits the drivers of commits one after the other; what one commit leaves, the next one finds. */
class Checker {
  readonly #reports = new Map<string, Report>();
  /** The texts of what was changed so far; undefined for what is gone. */
  readonly #files = new Map<string, string | undefined>();

  constructor(
    readonly input: CheckInput,
    readonly signal: AbortSignal,
    readonly onFinding: OnFinding | undefined,
  ) {}

  async check({ files }: Change): Promise<Pick<Checked, 'drivers' | 'unchecked'>> {
    const { comparedOf, stateOf } = await import('../audit/change/compared.ts');
    const { driversIn } = await import('./check-audit.ts');
    const before = new Map(this.#files);
    for (const { path, before: old, after } of files) {
      before.set(path, old);
      this.#files.set(path, after);
    }
    const paths = files.map(({ path }) => path);
    const { drivers: old } = await driversIn(paths, { ...this.input, files: before });
    const { drivers: now } = await driversIn(paths, { ...this.input, files: this.#files });
    const drivers: CheckedDriver[] = [];
    const unchecked = new Map<string, string>();
    for (const path of new Set([...old.keys(), ...now.keys()])) {
      // What was there before is known first, so that what is new can be told as it is found.
      let then: Report | undefined;
      try {
        then = old.has(path) ? await this.#audit(path, before) : undefined;
      } catch (error) {
        if (!(error instanceof UsageError) || paths.includes(path)) throw error;
        unchecked.set(path, error.message);
        continue;
      }
      const tell = (finding: Finding): void =>
        this.onFinding?.(path, {
          finding,
          state: stateOf(
            finding,
            then?.findings.find(({ id }) => id === finding.id),
          ),
        });
      const after = now.get(path);
      const report = after === undefined ? undefined : await this.#audit(path, this.#files, tell);
      const its = new Set([...(old.get(path)?.files ?? []), ...(after?.files ?? [])]);
      drivers.push({
        compared: comparedOf(path, report, then),
        files: files
          .filter((file) => its.has(file.path))
          .toSorted((one, other) => +(other.path === path) - +(one.path === path)),
        text: after?.text,
        report: (report ?? then)!,
      });
    }
    return { drivers, unchecked };
  }

  /** The report on a driver. Throws a UsageError that says why if it cannot be audited. */
  async #audit(path: string, files: Texts, tell: (finding: Finding) => void = () => undefined): Promise<Report> {
    const key = JSON.stringify([path, ...files]);
    const known = this.#reports.get(key);
    if (known !== undefined) return known;
    const { auditText } = await import('./check-audit.ts');
    const { NoSubject } = await import('../subject/compiler.ts');
    const status = statusLine();
    status.show(() => path);
    try {
      const report = await auditText({ ...this.input, path, files }, this.signal, (finding) => {
        status.show(() => `${path}: ${finding.cause}`);
        tell(finding);
      });
      this.#reports.set(key, report);
      return report;
    } catch (error) {
      if (error instanceof NoSubject || error instanceof RangeError)
        throw new UsageError(error.message.startsWith(path) ? error.message : `${path}: ${error.message}`);
      throw error;
    } finally {
      status.clear();
    }
  }
}
