import { type Colour, DARK_STYLE, escapeXml, light } from './palette.ts';
import { textWidth } from './text-width.ts';

/** How a text is written. */
export interface TextStyle {
  readonly colour?: Colour;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Of its letters, in pixels; that of the picture if it is left out. */
  readonly size?: number;
}

/** The size of all text that says no other, in pixels. */
export const SIZE = 12;

/** A text of SVG at a place, in pixels, that is as wide as it was taken to be, whichever font it is drawn in. */
export function svgText(
  x: number,
  y: number,
  said: string,
  { colour = 'ink', bold = false, anchor = 'middle', size = SIZE }: TextStyle = {},
): string {
  const style = `${bold ? ' font-weight="bold"' : ''}${size === SIZE ? '' : ` font-size="${size}"`}`;
  const width = `textLength="${rounded(textWidth(said, size, bold))}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}" fill="${light(colour)}"${style} ${width}>${escapeXml(said)}</text>`;
}

/** A length as a picture says it: to a tenth. */
export const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The head of a picture of this size, in pixels, with what it is of, and a style for dark pages. */
export const svgHead = (width: number, height: number, title: string): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="Arial,Helvetica,Liberation Sans,sans-serif" font-size="${SIZE}">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>\n${DARK_STYLE}\n</style>`,
  ].join('\n');
