import type { ComparedDriver, ComparedFinding } from '../audit/change/compared.ts';
import { isNew } from '../audit/change/lines.ts';
import type { Finding } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import type { Change, Changed } from '../subject/patch/index.ts';
import { type CheckInput, readCheck } from './check-input.ts';
import { type Interrupted, UsageError } from './exit.ts';
import { interrupted } from './interrupt.ts';
import { statusLine } from './status.ts';

/** What a commit does to a driver. */
export interface CheckedDriver {
  readonly compared: ComparedDriver;
  readonly file: Changed;
  /** What was found after it; before it, where it deletes the driver. */
  readonly report: Report;
}

/** A commit, and what it does to each driver that it touches. */
export interface Checked {
  readonly change: Change;
  /** What the commit was read from. */
  readonly input: CheckInput;
  readonly drivers: readonly CheckedDriver[];
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
  const checker = new Checker(input.root, signal, input.changes.length === 1 ? onFinding : undefined);
  for (const change of input.changes) {
    const drivers = await checker.check(change);
    if (signal.aborted) throw interrupted();
    yield { change, input, drivers };
  }
}

/** Whether a commit makes a driver worse: something is new, or is not decided any more. */
export const isWorse = ({ drivers }: Checked): boolean =>
  drivers.some(({ compared: { findings, undecided } }) => undecided.length > 0 || findings.some(isNew));

/** Audits the drivers of commits one after the other; what one commit leaves, the next one finds. */
class Checker {
  readonly #reports = new Map<string, Report>();
  readonly #files = new Map<string, string>();

  constructor(
    readonly root: string | undefined,
    readonly signal: AbortSignal,
    readonly onFinding: OnFinding | undefined,
  ) {}

  async check({ files }: Change): Promise<CheckedDriver[]> {
    const { isDriver } = await import('../subject/source.ts');
    const { comparedOf, stateOf } = await import('../audit/change/compared.ts');
    const before = new Map(this.#files);
    for (const { path, before: old, after } of files) {
      if (old !== undefined) before.set(path, old);
      if (after === undefined) this.#files.delete(path);
      else this.#files.set(path, after);
    }
    const found: CheckedDriver[] = [];
    for (const file of files) {
      const { path, before: old = '', after = '' } = file;
      if (!path.endsWith('.c') || !(isDriver(after) || isDriver(old))) continue;
      // What was there before is known first, so that what is new can be told as it is found.
      const then = isDriver(old) ? await this.#audit(path, before) : undefined;
      const tell = (finding: Finding): void =>
        this.onFinding?.(path, {
          finding,
          state: stateOf(
            finding,
            then?.findings.find(({ id }) => id === finding.id),
          ),
        });
      const now = isDriver(after) ? await this.#audit(path, this.#files, tell) : undefined;
      found.push({ compared: comparedOf(path, now, then), file, report: (now ?? then)! });
    }
    return found;
  }

  /** The report on a driver. Throws a UsageError that says why if it cannot be audited. */
  async #audit(
    path: string,
    files: ReadonlyMap<string, string>,
    tell: (finding: Finding) => void = () => undefined,
  ): Promise<Report> {
    const key = JSON.stringify([path, ...files]);
    const known = this.#reports.get(key);
    if (known !== undefined) return known;
    const { auditText } = await import('./check-audit.ts');
    const { NoSubject } = await import('../subject/compiler.ts');
    const status = statusLine();
    status.show(() => path);
    try {
      const report = await auditText({ path, files, root: this.root }, this.signal, (finding) => {
        status.show(() => `${path}: ${finding.cause}`);
        tell(finding);
      });
      this.#reports.set(key, report);
      return report;
    } catch (error) {
      if (error instanceof NoSubject || error instanceof RangeError) throw new UsageError(`${path}: ${error.message}`);
      throw error;
    } finally {
      status.clear();
    }
  }
}
