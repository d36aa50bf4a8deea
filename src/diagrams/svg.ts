import type { Viz } from '@viz-js/viz';
import { type Layout, readLayout } from './layout.ts';
import { DARK_STYLE } from './palette.ts';
import { titleMoves } from './titles.ts';

let graphviz: Promise<Viz> | undefined;

/**
 * The picture that Graphviz draws of a text in its language: transparent, with a style for dark pages.
 * Throws an Error if Graphviz does not understand the text.
 */
export async function svgOf(dot: string): Promise<string> {
  // A megabyte of WebAssembly: only for who wants a picture, and once.
  graphviz ??= import('@viz-js/viz').then(({ instance }) => instance());
  const { output, errors } = (await graphviz).renderFormats(dot, ['svg', 'json']);
  if (output === undefined) throw new Error(errors.map(({ message }) => message).join('; '));
  const drawn = output.svg!;
  const layout = readLayout(output.json!);
  const title = /<title>[^<]*<\/title>/.exec(drawn)![0];
  return measured(besideArrows(drawn.slice(drawn.indexOf('<svg')).replace(/<!--.*?-->\n?/gs, ''), layout), layout)
    .replaceAll('font-family="Arial"', 'font-family="Arial,Helvetica,Liberation Sans,sans-serif"')
    .replace(/(<svg[^>]*)>/, (_, head) => `${head} role="img">\n${title}\n<style>\n${DARK_STYLE}\n</style>`);
}

/** The titles of frames moved to where no arrow runs through them, or in front of the arrows. */
function besideArrows(svg: string, layout: Layout): string {
  const moves = titleMoves(layout);
  const inFront: string[] = [];
  const moved = svg.replace(CLUSTER, (group, name: string) => {
    const move = moves.get(plain(name)) ?? 0;
    if (move !== 'covers')
      return group.replace(
        /(<text [^>]*? x=")([^"]*)/g,
        (_, head: string, x: string) => head + rounded(Number(x) + move),
      );
    // A border in the colour of the frame hides what runs behind the letters.
    const border = `paint-order="stroke" stroke-width="5" stroke="${/fill="([^"]*)"/.exec(group)![1]}"`;
    inFront.push(...group.match(TEXT)!.map((text) => text.replace('<text', `<text ${border}`)));
    return group.replace(TEXT, '');
  });
  return moved.replace(/<\/g>\s*<\/svg>/, (end) => inFront.join('') + end);
}

const CLUSTER = /<g id="[^"]*" class="cluster">\s*<title>([^<]*)<\/title>.*?<\/g>/gs;
const TEXT = /<text [^>]*>[^<]*<\/text>\n?/g;

/** Each text as wide as Graphviz took it to be, whichever font it is drawn in: so none is wider than its box. */
function measured(svg: string, { texts }: Layout): string {
  const widths = new Map(texts.map(({ text, size, bold, width }) => [keyOf(text, size, bold), width]));
  return svg.replace(/<text ([^>]*)>([^<]*)<\/text>/g, (whole, attributes: string, text: string) => {
    const size = Number(/font-size="([^"]*)"/.exec(attributes)?.[1]);
    const width = widths.get(keyOf(plain(text), size, attributes.includes('font-weight="bold"')));
    if (width === undefined || text.trim() === '') return whole;
    return `<text ${attributes} textLength="${rounded(width)}" lengthAdjust="spacingAndGlyphs">${text}</text>`;
  });
}

const keyOf = (text: string, size: number, bold: boolean): string => JSON.stringify([text, size, bold]);

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Text of XML as Graphviz writes it, without its entities. */
const plain = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code, name) =>
    code ? String.fromCodePoint(code) : (NAMED[name] ?? whole),
  );

const rounded = (value: number): number => Math.round(value * 100) / 100;
