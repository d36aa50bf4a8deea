import type { ComparedDriver, ComparedFinding } from '../../audit/change/compared.ts';
import { byCause, type Finding } from '../../findings/finding.ts';
import type { Report } from '../../findings/report.ts';
import { tokenOf } from '../../findings/token.ts';
import { ascii } from '../../outside/escape.ts';
import { visible } from '../../outside/visible.ts';
import type { Letter } from '../../subject/patch/index.ts';
import { VERSION } from '../../version.ts';
import { wrap } from '../wrap.ts';
import { callsText, causeText, whoText } from './cause.ts';
import { attribution, headersOf } from './headers.ts';
import { LEFT_OUT, Quote } from './quote.ts';
import { WIDTH } from './schedule.ts';

/** What an answer to a patch is made of. */
export interface Answered {
  readonly letter: Letter;
  readonly drivers: readonly AnsweredDriver[];
  /** The command that shows the same, without what names the package, and what gives it its input. */
  readonly again: string;
  readonly before?: string;
  /** What one has to have to run it, in one sentence without its full stop; empty: nothing but the patch. */
  readonly needs: string;
  /** The commit of the tree that it was seen with, as a person writes it. */
  readonly commit?: string;
}

/** A driver that the patch changes: what it does to it, and the commits that brought lines of it. */
export interface AnsweredDriver {
  readonly compared: ComparedDriver;
  /** The files of it that the patch changes, at least one; the driver's own first. */
  readonly files: readonly ComparedFile[];
  readonly report: Report;
  /** `Fixes: 0123456789ab ("a title")`, for a finding whose line a commit brought; undefined where none is known to. */
  readonly fixesOf: (finding: Finding) => string | undefined;
}

type ComparedFile = ConstructorParameters<typeof Quote>[0];

/** The answer to a patch, as a mail: headers, what is wrong beneath the lines that it is about, and how to see it. */
export function toReply(answered: Answered): string {
  const { letter, drivers } = answered;
  const fixes = new Set(
    drivers.flatMap(({ compared, fixesOf }) =>
      compared.findings.flatMap((one) => (isTold(one, 'new') ? (fixesOf(one.finding) ?? []) : [])),
    ),
  );
  const fresh = drivers.flatMap((driver) => newParts(driver, letter));
  const body = [
    ...(fresh.length === 0 ? ['This patch brings no new finding.'] : [attribution(letter) ?? [], fresh].flat()),
    ...drivers.flatMap(undecidedParts),
    ...drivers.flatMap(olderParts),
    ...againParts(answered),
    [
      wrap('If you mend it in a patch of its own, please add:', WIDTH),
      '',
      ...fixes,
      'Reported-by: NAME <ADDRESS>',
      'Closes: https://lore.kernel.org/r/MESSAGE-ID-OF-THIS-MAIL',
    ].join('\n'),
  ];
  // The first quoted line follows the attribution at once.
  return `${[headersOf(letter).join('\n'), body.join('\n\n').replace(' wrote:\n\n>', ' wrote:\n>')].join('\n\n')}\n`;
}

const isTold = ({ finding, state }: ComparedFinding, asked: ComparedFinding['state']): boolean =>
  state === asked && finding.reachable;

/** What the patch brings, file by file, from the top to the end, each beneath its line; first what is in none of them. */
function newParts({ compared, files, report }: AnsweredDriver, letter: Letter): string[] {
  const fresh = compared.findings.filter((one) => isTold(one, 'new')).map(({ finding }) => finding);
  const fileOf = ({ place }: Finding): ComparedFile =>
    files.find(({ path }) => path === (place?.file ?? compared.path)) ?? files[0]!;
  const parts = files.flatMap((file) =>
    quotedParts(
      file,
      fresh.filter((finding) => fileOf(finding) === file),
      report,
      letter,
    ),
  );
  return parts.length === 0 ? [] : [...parts, LEFT_OUT];
}

function quotedParts(file: ComparedFile, findings: readonly Finding[], report: Report, letter: Letter): string[] {
  const lineOf = ([first]: readonly Finding[]): number => first!.place?.lines[0] ?? 0;
  const quote = new Quote(file, letter.texts.join('\n'));
  const parts: string[] = [];
  for (const group of byCause(findings).toSorted((one, other) => lineOf(one) - lineOf(other))) {
    const { place, where } = group[0]!;
    const isHere = place !== undefined && (place.file ?? file.path) === file.path;
    const { lines, isIn } = quote.upTo(isHere ? lineOf(group) : 0);
    if (lines.length > 0) parts.push(lines.join('\n'));
    if (!isIn && where !== '') parts.push(elsewhere(group[0]!, report));
    parts.push(causeText(group, report, { isQuoted: true }));
  }
  return parts;
}

/** A line that is in no hunk: where it is, and what stands there. */
function elsewhere({ where, place }: Finding, { lineAt }: Report): string {
  const text = place === undefined ? undefined : lineAt?.(place.file, place.lines[0]);
  const said = wrap(`It shows outside of the hunks, in ${ascii(where)}${text === undefined ? '.' : ':'}`, WIDTH);
  return text === undefined ? said : `${said}\n\n    ${ascii(text.replaceAll('\t', '    ').trim())}`;
}

const undecidedParts = ({ compared: { path, undecided } }: AnsweredDriver): string[] =>
  undecided.length === 0
    ? []
    : [wrap(ascii(`Of ${path}, these are not decided any more, which is no pass: ${undecided.join(', ')}.`), WIDTH)];

/** What the driver had before the patch: a list, with the commits that brought it. */
function olderParts({ compared, report, fixesOf }: AnsweredDriver): string[] {
  const older = compared.findings.filter((one) => isTold(one, 'there before')).map(({ finding }) => finding);
  if (older.length === 0) return [];
  const items = byCause(older).map((group) => {
    const [first] = group as [Finding];
    const [log] = first.counterexamples;
    const worth =
      log === undefined
        ? ''
        : ` Severity ${first.rule.severity}: ${callsText(log)}, made by ${whoText(group, first, report)}.`;
    const fixes = fixesOf(first);
    const at = first.where === '' ? '' : ` (${first.where})`;
    return [
      wrap(ascii(`- ${first.cause}${at}.${worth} ${tokenOf(first.id)}`), WIDTH, 2),
      ...(fixes === undefined ? [] : [fixes]),
    ].join('\n');
  });
  return [wrap(`Not of this patch, and in ${ascii(compared.path)} before it already:`, WIDTH), ...items];
}

/** How to see it, and with what it was seen. */
function againParts({ before = '', again, needs, commit, drivers }: Answered): string[] {
  const seen = drivers.flatMap(({ report }) => report.seen ?? [])[0];
  const with_ = [
    `hartproof ${VERSION}`,
    ...(commit === undefined ? [] : [commit]),
    ...(seen === undefined || seen.headers === '' ? [] : [`the headers of ${seen.headers}`]),
    ...(seen === undefined ? [] : [...seen.config, `the calls of the perf core of ${seen.core}`]),
  ];
  return [
    wrap(`To see it${needs === '' ? '' : ` (${needs})`}:`, WIDTH),
    visible(`${before}npx hartproof@${VERSION} ${again}`),
    wrap(ascii(`Seen with ${with_.join(', ')}.`), WIDTH),
  ];
}
