/**
 * What a terminal or a page does not show, and may act on: controls, format characters (those that turn the direction of text
 * among them), line and paragraph separators, halves of a character.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The same, but for the colours that a report of ours is written in (SGR, one or two digits). */
const UNSEEN_BUT_COLOURS = new RegExp(`\u001b\\[\\d{1,2}m|${UNSEEN.source}`, 'gu');

/**
 * Text from outside, as it may be shown: what is unseen in it is spelt out, ESC as `\x1b`. Newlines and tabs stay.
 * What is above ASCII is spelt as JSON does: so JSON in the text still says the same.
 */
export const visible = (text: string): string => text.replace(UNSEEN, spelt);

/** {@link visible}, for a report that has colours of its own in it. */
export const visibleInColour = (text: string): string =>
  text.replace(UNSEEN_BUT_COLOURS, (found) => (found.length > 2 ? found : spelt(found)));

/** A character spelt out, by its code units. */
export function spelt(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0));
  return units
    .map((unit) =>
      unit < 0x7f ? `\\x${unit.toString(16).padStart(2, '0')}` : `\\u${unit.toString(16).padStart(4, '0')}`,
    )
    .join('');
}
