import type { Viz } from '@viz-js/viz';
import { DARK_STYLE } from './palette.ts';

let graphviz: Promise<Viz> | undefined;

/**
 * The picture that Graphviz draws of a text in its language: transparent, with a style for dark pages.
 * Throws an Error if Graphviz does not understand the text.
 */
export async function svgOf(dot: string): Promise<string> {
  // A megabyte of WebAssembly: only for who wants a picture, and once.
  graphviz ??= import('@viz-js/viz').then(({ instance }) => instance());
  const drawn = (await graphviz).renderString(dot, { format: 'svg' });
  const title = /<title>[^<]*<\/title>/.exec(drawn)![0];
  return drawn
    .slice(drawn.indexOf('<svg'))
    .replace(/<!--.*?-->\n?/gs, '')
    .replaceAll('font-family="Arial"', 'font-family="Arial,Helvetica,Liberation Sans,sans-serif"')
    .replace(/(<svg[^>]*)>/, (_, head) => `${head} role="img">\n${title}\n<style>\n${DARK_STYLE}\n</style>`);
}
