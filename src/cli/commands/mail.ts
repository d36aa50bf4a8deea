import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Finding } from '../../findings/finding.ts';
import type { AnsweredDriver } from '../../reports/mail/reply.ts';
import type { Letter } from '../../subject/patch/index.ts';
import type { Checked, CheckedDriver } from '../checker.ts';
import { EXIT, UsageError } from '../exit.ts';
import { checkWritable } from '../formats.ts';
import { interruptible } from '../interrupt.ts';
import { say, write } from '../output.ts';

interface Options {
  readonly tree?: string;
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  hartproof mail fix.patch                  the answer to a patch, in the tree that it applies to (or --tree LINUX)
  hartproof mail - < fix.patch -o reply.eml
  hartproof mail series.mbox                of a series, an answer to each patch of which there is something to say
  hartproof mail HEAD~3..                   the same of the commits of a branch

The answer goes to whom the patch was sent; nothing is sent. Look it through, and send it as any mail: docs/mail.md.
Exit status: 0 nothing is new, 1 something is new or not decided any more, 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument('<patch>', 'a patch or mailbox, - for standard input, or a range of commits')
    .option('--tree <dir>', 'the kernel tree that it applies to (default: the one around)')
    .option('-o, --output <file>', 'write to a file')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string, options: Options) => {
      process.exitCode = await run(what, options);
    });
}

async function run(what: string, { tree, output }: Options): Promise<number> {
  if (what.endsWith('.c') && existsSync(what))
    throw new UsageError(
      `${what} is no patch: hartproof audit --source ${what} --markdown FILE writes a mail about a driver`,
    );
  if (output !== undefined) await checkWritable('--output', output);
  const { checkEach, isWorse } = await import('../checker.ts');
  const mails: string[] = [];
  let worse = false;
  let drivers = 0;
  await interruptible(async (signal) => {
    for await (const checked of checkEach(what, tree, signal)) {
      worse ||= isWorse(checked);
      drivers += checked.drivers.length;
      const mail = await mailOf(checked, what);
      if (mail !== undefined) mails.push(mail);
    }
  });
  if (drivers === 0) say('no driver with a struct pmu is touched');
  if (mails.length === 0) say('nothing is violated that a mail could tell: none is written');
  else await write(output, await mailbox(mails));
  return worse ? EXIT.findings : EXIT.clean;
}

/** One mail as it is, several as a mailbox. */
async function mailbox(mails: readonly string[]): Promise<string> {
  if (mails.length === 1) return mails[0]!;
  const { severalReplies } = await import('../../reports/several.ts');
  return severalReplies(mails);
}

/** The answer to a commit; undefined if there is nothing to be said about it. */
async function mailOf(checked: Checked, what: string): Promise<string | undefined> {
  const { change, input } = checked;
  const letter: Letter = change.letter ?? { subject: change.title, thread: [], texts: [] };
  const isTold = ({ compared: { findings, undecided } }: CheckedDriver): boolean =>
    undecided.length > 0 || findings.some(({ finding, state }) => finding.reachable && state !== 'fixed');
  if (!checked.drivers.some(isTold)) return undefined;
  const { toReply } = await import('../../reports/mail/reply.ts');
  const drivers: AnsweredDriver[] = [];
  for (const driver of checked.drivers) drivers.push({ ...driver, fixesOf: await fixesIn(driver, input, letter) });
  const inTree = drivers.some(({ report }) => report.seen?.headers.startsWith('Linux '));
  const commit = await commitOf(input, letter);
  const again = await againOf(what, letter, input, inTree || input.readsTree);
  return toReply({ letter, drivers, ...again, ...(commit !== undefined && { commit }) });
}

type Input = Checked['input'];

/** The command that shows the same in a folder that has the patch alone, with the tree that it was checked in. */
async function againOf(what: string, letter: Letter, { root, repository, isRange }: Input, needsTree: boolean) {
  const { shellPath, shellWord } = await import('../shell.ts');
  const tree = needsTree && root !== undefined ? shellPath(root) : undefined;
  const check = tree === undefined ? 'check' : `check --tree ${tree}`;
  const needs = tree === undefined ? '' : `${tree}: the tree`;
  if (!isRange) {
    const name = what === '-' ? fileNameOf(letter.subject) : basename(what);
    return { again: `${check} ${shellPath(name)}`, needs: [needs, `${name}: this patch`].filter(Boolean).join('; ') };
  }
  const commit = letter.commit!.slice(0, 12);
  if (repository === root) return { again: `${check} ${commit}~..${commit}`, needs };
  const give = `git -C ${shellPath(repository!)} format-patch -1 --full-index --stdout ${shellWord(commit)}`;
  return { before: `${give} | `, again: `${check} -`, needs };
}

/** The name under which git would write a patch. */
const fileNameOf = (subject = ''): string =>
  `${
    subject
      .replace(/^(?:\s*\[[^\]]*\])+/, '')
      .replace(/[^\w.]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 52) || 'fix'
  }.patch`;

/** The commit that was checked, or that the tree is at, as a person writes it; undefined where git does not know it. */
async function commitOf({ root, repository, isRange }: Input, { commit }: Letter): Promise<string | undefined> {
  const { commitText, isTop } = await import('../git.ts');
  const of = isRange ? repository : root;
  const known = of === undefined || !isTop(of) ? undefined : commitText(of, isRange ? commit! : 'HEAD');
  return known === undefined ? undefined : `commit ${known}`;
}

/** What brought each finding: of what is new, a commit that is in the repository; of what was there, by the blame of its line. */
async function fixesIn(
  { compared, files }: CheckedDriver,
  { repository, isRange }: Input,
  { commit }: Letter,
): Promise<AnsweredDriver['fixesOf']> {
  const { blame, commitText } = await import('../git.ts');
  const fixes = new Map<Finding, string>();
  for (const { finding, state } of repository === undefined ? [] : compared.findings) {
    const { place } = finding;
    const file = files.find(({ path, after }) => path === (place?.file ?? compared.path) && after !== undefined);
    const brought =
      state === 'new'
        ? isRange && commitText(repository!, commit!)
        : file && place && blame(repository!, file.path, file.after!, place.lines[0]);
    if (brought) fixes.set(finding, `Fixes: ${brought}`);
  }
  return (finding) => fixes.get(finding);
}
