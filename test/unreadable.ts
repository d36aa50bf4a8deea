import { READABLE } from '../src/diagrams/readable.ts';

/** An expression for a page: what cannot be read in it. Letters of pictures that are too small, and what is said in an empty field and is cut. */
export const UNREADABLE = `(() => {
  const found = [];
  for (const text of document.querySelectorAll('figure svg text')) {
    if (!text.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    if (size < ${READABLE} - 0.05) found.push('too small to be read: ' + text.textContent + ' ' + size.toFixed(1));
  }
  for (const input of document.querySelectorAll('input[placeholder]')) {
    if (!input.checkVisibility() || input.value !== '') continue;
    const pen = document.createElement('canvas').getContext('2d');
    const { font, paddingLeft, paddingRight } = getComputedStyle(input);
    pen.font = font;
    const room = input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    if (pen.measureText(input.placeholder).width > room + 1) found.push('cut: ' + input.placeholder);
  }
  return found;
})()`;
