import type { Layout, PlacedCluster, PlacedText, Point } from './layout.ts';

/** How far an arrow stays away from a title, and a title from the frame's corner. */
const [CLEAR, CORNER] = [3, 8];

/**
 * How far the title of each frame is moved to the side, so that no arrow that comes into the frame runs through it: Graphviz
 * keeps a strip free of states for it, and draws arrows across. `covers` where all of the strip is crossed: there the title
 * stays, and has to cover the arrow.
 */
export function titleMoves({ clusters, curves }: Layout): Map<string, number | 'covers'> {
  return new Map(clusters.map((cluster) => [cluster.name, moveOf(cluster, curves)]));
}

function moveOf({ left, right, title }: PlacedCluster, curves: Layout['curves']): number | 'covers' {
  const said = title.filter(({ text }) => text.trim() !== '');
  if (said.length === 0) return 0;
  const start = Math.min(...said.map((text) => text.left));
  const width = Math.max(...said.map((text) => text.left + text.width)) - start;
  const crossings = curves.map((curve) => crossingOf(curve, said)).filter((crossing) => crossing !== undefined);
  const [least, most] = [left + CORNER, right - CORNER - width];
  // It stands where it is, at a corner, or just beside an arrow.
  const places = [start, least, most, ...crossings.flatMap(([from, to]) => [from - CLEAR - width, to + CLEAR])];
  const free = places.filter(
    (place) =>
      (place === start || (place >= least && place <= most)) &&
      crossings.every(([from, to]) => place + width <= from - CLEAR || place >= to + CLEAR || from > to),
  );
  const nearest = free.sort((a, b) => Math.abs(a - start) - Math.abs(b - start))[0];
  return nearest === undefined ? 'covers' : nearest - start;
}

/** From where to where an arrow runs through the strip of a title; undefined if it does not. */
function crossingOf(curve: readonly Point[], title: readonly PlacedText[]): [from: number, to: number] | undefined {
  const bottom = Math.min(...title.map(({ base }) => base)) - CLEAR;
  const top = Math.max(...title.map(({ base, size }) => base + size)) + CLEAR;
  const inside = curve.filter(([, y]) => y >= bottom && y <= top).map(([x]) => x);
  return inside.length === 0 ? undefined : [Math.min(...inside), Math.max(...inside)];
}
