/**
 * What a terminal or a page does not show, and may act on: controls, format characters (those that turn the direction of text
 * among them), line and paragraph separators, halves of a character.
 */
const unseen = (): RegExp => /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The same, but for the colours that a report of ours is written in (SGR, one or two digits). */
const unseenButColours = (): RegExp => new RegExp(`\u001b\\[\\d{1,2}m|${unseen().source}`, 'gu');

/** Most text is ASCII that is all seen: that is known without the tables of Unicode, for which help would have to wait. */
const isPlain = (text: string): boolean => /^[\n\t -~]*$/.test(text);

/**
 * Text from outside, as it may be shown: what is unseen in it is spelt out, ESC as `\x1b`. Newlines and tabs stay.
 * What is above ASCII is spelt as JSON does: so JSON in the text still says the same.
 */
export const visible = (text: string): string => (isPlain(text) ? text : text.replace(unseen(), spelt));

/** {@link visible}, for a report that has colours of its own in it. */
export const visibleInColour = (text: string): string =>
  isPlain(text) ? text : text.replace(unseenButColours(), (found) => (found.length > 2 ? found : spelt(found)));

/** A character spelt out, by its code units. */
export function spelt(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0));
  return units
    .map((unit) =>
      unit < 0x7f ? `\\x${unit.toString(16).padStart(2, '0')}` : `\\u${unit.toString(16).padStart(4, '0')}`,
    )
    .join('');
}
