/**
 * C without its comments: each is one blank. One that does not end goes to the end of the text, so that any text takes a time in
 * proportion to its length. With `strings`, what stands in quotes is left out as well.
 */
export function withoutComments(text: string, { strings = false } = {}): string {
  return text.replace(strings ? COMMENTS_AND_STRINGS : COMMENTS, ' ');
}

const COMMENTS = /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/g;
const COMMENTS_AND_STRINGS = /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|"(?:[^"\\\n]|\\.)*"?/g;

/** Each run of blanks as one: a line feed where there is one in it. */
export const tight = (text: string): string => text.replace(/\s+/g, (blanks) => (blanks.includes('\n') ? '\n' : ' '));
