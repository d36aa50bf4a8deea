/** How high letters are at least that can be read on a screen: the size of their font, in CSS pixels. */
export const READABLE = 10;

/** How far a picture may shrink, in pixels for one of its units, so that its smallest letters can still be read. */
export function leastScale(svg: string): number {
  const sizes = [...svg.matchAll(/font-size(?:="|:)([\d.]+)/g)].map(([, size]) => Number(size));
  return sizes.length === 0 ? 0 : READABLE / Math.min(...sizes);
}

/** How wide a picture has to be shown, in pixels, so that its smallest letters can be read. Throws a RangeError if it does not say how wide it is. */
export function leastWidth(svg: string): number {
  const width = /<svg[^>]* viewBox="[\d.]+ [\d.]+ ([\d.]+) /.exec(svg)?.[1];
  if (width === undefined) throw new RangeError('the picture has no viewBox');
  return Math.ceil(Number(width) * leastScale(svg));
}
