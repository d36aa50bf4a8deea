/** How wide the characters of Arial are, in thousandths of its size; Helvetica and Liberation Sans are as wide. */
const WIDTHS: Readonly<Record<number, string>> = {
  191: "'",
  222: 'ijl',
  260: '|',
  278: ' !,./:;I[\\]ft\u00a0',
  333: '()-`r',
  389: '*',
  334: '{}',
  355: '"',
  469: '^',
  500: 'Jckvsxyz',
  556: '#$0123456789?L_abdeghnopqu',
  584: '+<=>~−',
  611: 'FTZ',
  667: '&ABEKPSVXY',
  722: 'CDHNRUw',
  778: 'GOQ',
  833: 'Mm',
  889: '%',
  944: 'W',
};

const WIDTH_OF = new Map(
  Object.entries(WIDTHS).flatMap(([width, characters]) =>
    [...characters].map((character) => [character, Number(width)] as const),
  ),
);

/** Arrows and marks, and whatever else, is at most as wide as it is high. */
const WIDEST = 1000;

/** Bold letters are wider by about so much. */
const BOLDER = 1.08;

/** How wide a text is in Arial of that size, in the units of the size. */
export function textWidth(text: string, size: number, bold = false): number {
  const width = [...text].reduce((sum, character) => sum + (WIDTH_OF.get(character) ?? WIDEST), 0);
  return (width * size * (bold ? BOLDER : 1)) / 1000;
}

/** A text as lines that are no wider than so much, where its words allow that; broken at blanks. */
export function linesWithin(text: string, most: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? undefined : `${lines.at(-1)} ${word}`;
    if (longer !== undefined && textWidth(longer, size, bold) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
