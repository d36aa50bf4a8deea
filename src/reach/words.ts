/** A word of a question, and where it stands in it. */
export interface WordAt {
  readonly text: string;
  /** Whether it stood in quotation marks: then it is a name or a value, whatever it says. */
  readonly quoted: boolean;
  /** The place of its first character, from 0. */
  readonly at: number;
}

/** Thrown at a question that cannot be understood: the message says why, and shows the place. */
export class BadQuestion extends RangeError {
  constructor(question: string, at: number, reason: string) {
    // One character a column, so that the mark stands where it should.
    const line = [...question].map((char) => (/\s/.test(char) ? ' ' : char)).join('');
    super(`${reason}\n  ${line}\n  ${' '.repeat([...question.slice(0, at)].length)}^`);
  }
}

/** The longest question that is read. */
const LONGEST = 2000;

const WORD = /\s+|"([^"]*)"|(==|!=|<=|>=|[=<>(),])|([^\s"=!<>(),]+)/y;

/** The words of a question. Throws {@link BadQuestion} at what is none. */
export function wordsOf(question: string): WordAt[] {
  if (question.length > LONGEST)
    throw new BadQuestion(`${question.slice(0, 60)}…`, 0, `a question has ${LONGEST} characters at the most`);
  const words: WordAt[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < question.length) {
    const at = WORD.lastIndex;
    const match = WORD.exec(question);
    if (match === null) {
      const reason = question[at] === '"' ? 'a quotation mark is not closed' : `${question[at]} is no word`;
      throw new BadQuestion(question, at, reason);
    }
    const [, inQuotes, operator, word] = match;
    const text = inQuotes ?? operator ?? word;
    if (text !== undefined) words.push({ text, quoted: inQuotes !== undefined, at });
  }
  return words;
}
