/** What is said of a name that nothing has: a name like it, if there is one, and all names that there are. */
export const noSuch = (what: string, name: string, known: readonly string[]): string =>
  `there is no ${what} ${name}${didYouMean(name, known)}; there are ${known.join(', ')}`;

/** ` (did you mean that?)`, or nothing if no name is like it. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/** The known name that is the fewest letters away, if that is about a third of them at the most; or that begins so. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const asked = name.slice(0, 100).toLowerCase();
  const [best] = known
    .map((candidate) => ({ candidate, distance: distanceOf(asked, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.ceil(candidate.length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate ?? known.find((candidate) => beginsLike(candidate.toLowerCase(), asked));
}

/** A beginning of fewer letters could be that of anything. */
const FEWEST = 4;

/** Whether a name begins with another one, but for one letter. */
const beginsLike = (name: string, beginning: string): boolean =>
  beginning.length >= FEWEST &&
  [0, 1].some((more) => distanceOf(beginning, name.slice(0, beginning.length + more)) <= 1);

/** How many letters must be put in, left out, replaced, or swapped with the next to make one word of another. */
function distanceOf(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[one.length]![other.length]!;
}
