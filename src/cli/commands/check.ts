import { watchFile } from 'node:fs';
import type { Command } from 'commander';
import type { ComparedDriver } from '../../audit/change/compared.ts';
import type { Report } from '../../findings/report.ts';
import type { Change } from '../../subject/patch/index.ts';
import { EXIT, Interrupted, UsageError } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { say, write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options {
  readonly tree?: string;
  readonly all?: true;
  readonly json?: true;
  readonly watch?: true;
}

const EXAMPLES = `
Examples:
  hartproof check drivers/perf/NAME.c       a driver as it is saved; what the last commit has already is not new
  hartproof check - < fix.patch             a patch, in the tree that it applies to (or --tree LINUX)
  hartproof check series.mbox               a series, patch by patch
  hartproof check HEAD~3..                  the commits of a branch, one by one
  hartproof check --watch drivers/perf/NAME.c

As a hook of git, and in b4: docs/check.md.
Exit status: 0 nothing new, 1 something new (with --all: anything) or not decided any more, 2 usage or environment.`;

export function register(program: Command): void {
  program
    .command('check')
    .description('say what a patch, a series or a saved file breaks in a driver, and what was there before')
    .argument('<what...>', 'a .c file, a patch or mailbox, - for standard input, or a range of commits')
    .option('--tree <dir>', 'the kernel tree that it is of (default: the one around)')
    .option('--all', 'also what was there before, what is fixed, and what only a caller without a contract reaches')
    .option('--json', 'write the outcome as JSON')
    .option('--watch', 'check again at each save of a .c file')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string[], options: Options) => {
      process.exitCode = await run(what, options);
      if (options.watch) watch(what, options);
    });
}

/** A commit, and what it does to each driver that it touches. */
interface Checked {
  readonly title: string;
  readonly drivers: readonly ComparedDriver[];
}

async function run(what: readonly string[], options: Options): Promise<number> {
  const { readCheck } = await import('../check-input.ts');
  const done: Checked[] = [];
  await interruptible(async (signal) => {
    for (const one of what) {
      const { changes, root } = await readCheck(one, options.tree);
      const checker = new Checker(root, signal);
      for (const change of changes) {
        const checked = { title: change.title, drivers: await checker.check(change) };
        if (signal.aborted) throw new Interrupted('interrupted: what was not checked by then is no pass');
        done.push(checked);
        if (!options.json) await writeChange(checked, changes.length > 1, options);
      }
    }
  });
  const { isNew } = await import('../../audit/change/lines.ts');
  if (done.every(({ drivers }) => drivers.length === 0)) say('no driver with a struct pmu is touched');
  if (options.json) await write(undefined, `${JSON.stringify(await toJson(done), null, 2)}\n`);
  const isBad = ({ findings, undecided }: ComparedDriver): boolean =>
    undecided.length > 0 ||
    findings.some((one) => isNew(one) || (options.all === true && one.finding.reachable && one.state !== 'fixed'));
  return done.some(({ drivers }) => drivers.some(isBad)) ? EXIT.findings : EXIT.clean;
}

/** Audits the drivers of commits one after the other; what one commit leaves, the next one finds. */
class Checker {
  readonly #reports = new Map<string, Report>();
  readonly #files = new Map<string, string>();

  constructor(
    readonly root: string | undefined,
    readonly signal: AbortSignal,
  ) {}

  async check({ files }: Change): Promise<ComparedDriver[]> {
    const { isDriver } = await import('../../subject/source.ts');
    const { comparedOf } = await import('../../audit/change/compared.ts');
    const before = new Map(this.#files);
    for (const { path, before: old, after } of files) {
      if (old !== undefined) before.set(path, old);
      if (after === undefined) this.#files.delete(path);
      else this.#files.set(path, after);
    }
    const found: ComparedDriver[] = [];
    for (const { path, before: old = '', after = '' } of files) {
      if (!path.endsWith('.c') || !(isDriver(after) || isDriver(old))) continue;
      const now = isDriver(after) ? await this.#audit(path, this.#files) : undefined;
      if (isDriver(after) && now === undefined) continue;
      found.push(comparedOf(path, now, isDriver(old) ? await this.#audit(path, before) : undefined));
    }
    return found;
  }

  /** The report on a driver; undefined, with a line that says why, if it cannot be audited. */
  async #audit(path: string, files: ReadonlyMap<string, string>): Promise<Report | undefined> {
    const key = JSON.stringify([path, ...files]);
    const known = this.#reports.get(key);
    if (known !== undefined) return known;
    const { auditText } = await import('../check-audit.ts');
    const { NoSubject } = await import('../../subject/index.ts');
    const status = statusLine();
    status.show(() => path);
    try {
      const report = await auditText({ path, files, root: this.root }, this.signal, (text) =>
        status.show(() => `${path}: ${text}`),
      );
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

/** The lines of a commit; of several, under its title, with how many findings are new, were there, are fixed. */
async function writeChange({ title, drivers }: Checked, several: boolean, { all }: Options): Promise<void> {
  const { checkLines } = await import('../../audit/change/lines.ts');
  const count = (state: string): number =>
    drivers.reduce(
      (sum, { findings }) => sum + findings.filter((one) => one.state === state && one.finding.reachable).length,
      0,
    );
  const told = `${count('new')} new, ${count('there before')} there before, ${count('fixed')} fixed`;
  if (several) await write(undefined, `# ${title}: ${drivers.length === 0 ? 'no driver' : told}\n`);
  else if (drivers.length > 0) say(told);
  for (const driver of drivers)
    for (const line of checkLines(driver, all === true)) await write(undefined, `${line.replaceAll('\n', ' ')}\n`);
}

async function toJson(done: readonly Checked[]) {
  const { tokenOf } = await import('../../findings/token.ts');
  return {
    schema: 'hartproof.check/1',
    patches: done.map(({ title, drivers }) => ({
      title,
      drivers: drivers.map(({ path, findings, undecided }) => ({
        file: path,
        undecided,
        findings: findings.map(({ finding: { id, rule, cause, place, reachable, counterexamples }, state }) => ({
          ...{ id, token: tokenOf(id), property: rule.id, severity: rule.severity, state, text: cause },
          ...(place && { line: place.lines[0], function: place.function }),
          ...{ userReachable: reachable, length: counterexamples[0]?.length },
        })),
      })),
    })),
  };
}

/** Checks again at each save, one after the other. */
function watch(what: readonly string[], options: Options): void {
  let last = Promise.resolve();
  for (const file of what)
    watchFile(file, { interval: 200 }, () => {
      last = last.then(async () => {
        try {
          await run(what, options);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          say(error.message);
        }
      });
    });
}
