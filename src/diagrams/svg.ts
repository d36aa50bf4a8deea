import { DARK_STYLE } from './palette.ts';

/**
 * The picture that Graphviz draws of a text in its language: transparent, with a style for dark pages.
 * Throws an Error if Graphviz does not understand the text.
 */
export async function svgOf(dot: string): Promise<string> {
  // A megabyte of WebAssembly: only for who wants a picture.
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const drawn = viz.renderString(dot, { format: 'svg' });
  return drawn
    .slice(drawn.indexOf('<svg'))
    .replace(/<!--.*?-->\n?/gs, '')
    .replaceAll('font-family="Arial"', 'font-family="Arial,Helvetica,Liberation Sans,sans-serif"')
    .replace(/(<svg[^>]*)>/, `$1 role="img">\n<style>\n${DARK_STYLE}\n</style>`);
}
