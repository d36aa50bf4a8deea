import type { Letter } from './letters.ts';

/** What a subject says of a patch: `[PATCH v2 1/3]`. */
export interface Tag {
  readonly isPatch: boolean;
  readonly version: number;
  readonly number?: number;
  readonly total?: number;
  readonly isResent: boolean;
  /** The subject without what stands in brackets before it. */
  readonly title: string;
}

/** Reads the brackets before a subject. */
export function tagOf(subject: string): Tag {
  const [, brackets = '', title = ''] = /^(?:\s*fwd?:)?\s*((?:\[[^\]]*\]\s*)*)(.*)$/i.exec(subject) ?? [];
  const numbers = /\b(\d{1,4})\/(\d{1,4})\b/.exec(brackets);
  return {
    isPatch: /patch|\brfc\b/i.test(brackets) || numbers !== null,
    version: Number(/(?:\b|patch)v(\d{1,3})\b/i.exec(brackets)?.[1] ?? 1),
    ...(numbers !== null && { number: Number(numbers[1]), total: Number(numbers[2]) }),
    isResent: /\b(resend|resent|repost)\b/i.test(brackets),
    title: title.trim(),
  };
}

/** Letters that are applied in their order: the patches of one series, or one alone. */
export interface Series {
  readonly version: number;
  readonly total?: number;
  readonly letters: Letter[];
}

/** Why a letter is not applied. */
export interface LeftOut {
  readonly letter: Letter;
  readonly why: string;
}

interface Entry {
  readonly letter: Letter;
  readonly tag: Tag;
}

/**
 * The newest version of each series in some letters, its patches by their numbers, and what is left out: older versions and
 * what was sent again. Throws a RangeError if there are two different patches of one number and it is not said which is meant.
 */
export function newest(letters: readonly Letter[]): { series: Series[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const groups: Entry[][] = [];
  for (const letter of letters) {
    const entry = { letter, tag: tagOf(letter.subject ?? '') };
    const group = entry.tag.number === undefined ? undefined : groups.find((entries) => belongs(entry, entries));
    const same = [...(group ?? []), ...groups.flat()].find((other) => isSame(entry, other));
    if (same === undefined) {
      if (group === undefined) groups.push([entry]);
      else group.push(entry);
      continue;
    }
    const holder = groups.find((entries) => entries.includes(same))!;
    const kept = keep(same, entry);
    leftOut.push({ letter: (kept === same ? entry : same).letter, why: 'sent twice' });
    holder[holder.indexOf(same)] = kept;
  }
  const series = groups.filter((entries) => {
    const newer = groups.find(
      (others) => others[0]!.tag.version > entries[0]!.tag.version && areVersions(entries, others),
    );
    if (newer !== undefined)
      for (const { letter } of entries) leftOut.push({ letter, why: `v${newer[0]!.tag.version} is there` });
    return newer === undefined;
  });
  return { series: series.map(inOrder), leftOut };
}

function inOrder(entries: readonly Entry[]): Series {
  const sorted = entries.toSorted((one, other) => (one.tag.number ?? 0) - (other.tag.number ?? 0));
  const [{ tag }] = entries as [Entry];
  return {
    version: tag.version,
    ...(tag.total !== undefined && { total: tag.total }),
    letters: sorted.map(({ letter }) => letter),
  };
}

/** The first message of the thread that a letter is in. */
const rootOf = ({ thread, id }: Letter): string | undefined => thread[0] ?? id;

const sameAuthor = (one: Entry, other: Entry): boolean => one.letter.author === other.letter.author;

/** Whether a numbered patch is of the series of others. */
function belongs({ letter, tag }: Entry, entries: readonly Entry[]): boolean {
  const [first] = entries as [Entry];
  if (first.tag.number === undefined || first.tag.version !== tag.version || first.tag.total !== tag.total)
    return false;
  const isTaken = entries.some((other) => other.tag.number === tag.number && other.tag.title !== tag.title);
  return !isTaken && (rootOf(letter) === rootOf(first.letter) || first.letter.author === letter.author);
}

/** Whether two letters are the same patch of the same version. */
function isSame(one: Entry, other: Entry): boolean {
  if (one.letter.id !== undefined && one.letter.id === other.letter.id)
    return one.letter.texts.join() === other.letter.texts.join();
  const [a, b] = [one.tag, other.tag];
  if (!a.isPatch || !b.isPatch || a.title === '') return false;
  return (
    a.version === b.version &&
    a.number === b.number &&
    a.total === b.total &&
    a.title === b.title &&
    sameAuthor(one, other)
  );
}

/** Which of two letters of the same patch is taken: the one that says that it was sent again, or either if they are alike. */
function keep(one: Entry, other: Entry): Entry {
  if (one.tag.isResent !== other.tag.isResent) return one.tag.isResent ? one : other;
  if (hunksOf(one) === hunksOf(other)) return one;
  if (one.tag.isResent) return (one.letter.date ?? '') > (other.letter.date ?? '') ? one : other;
  throw new RangeError(
    `there are two different ${JSON.stringify(one.letter.subject)} in it, and neither says that it is the newer one`,
  );
}

/** What a patch changes, without what was written around it. */
const hunksOf = ({ letter }: Entry): string =>
  letter.texts
    .flatMap((text) => text.split('\n').filter((line) => /^([+-]|@@ )/.test(line) && !/^-- ?$/.test(line)))
    .join('\n');

/** Whether two series are versions of the same: they share a title or a thread, and are of one author. */
function areVersions(older: readonly Entry[], newer: readonly Entry[]): boolean {
  const titles = new Set(older.map(({ tag }) => tag.title.toLowerCase()));
  const messages = new Set(
    older.flatMap(({ letter }) => [letter.id, ...letter.thread]).filter((id) => id !== undefined),
  );
  return newer.some(
    (entry) =>
      titles.has(entry.tag.title.toLowerCase()) ||
      [entry.letter.id, ...entry.letter.thread].some((id) => id !== undefined && messages.has(id)),
  );
}
