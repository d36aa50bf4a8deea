import { attribute, type Box, numbers, overlap, textsOf } from './geometry.ts';

/** A line from top to bottom. */
interface Lane {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** What is wrong with a picture of a sequence, as an eye sees it: words on words, on a lane or on an arrow, a frame on a lane that is not its own, what is cut. */
export function faultsOfSequence(svg: string): string[] {
  const [, , width, height] = numbers(/viewBox="([^"]*)"/.exec(svg)![1]!) as [number, number, number, number];
  const texts = textsOf(svg);
  const rects = rectsOf(svg);
  const lanes = [...svg.matchAll(/<path class="lane" d="M([\d.]+) ([\d.]+)V([\d.]+)"/g)].map(([, ...said]): Lane => {
    const [x, top, bottom] = said.map(Number) as [number, number, number];
    return { x, top, bottom };
  });
  const arrows = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)H([\d.]+)"/g)].map(([, from, y, to]): Box => {
    const [left, right] = [Number(from), Number(to)].sort((a, b) => a - b) as [number, number];
    return { of: `the arrow at ${y}`, left, right, top: Number(y) - 1, bottom: Number(y) + 1 };
  });
  const frames = rects.filter(({ of }) => of === 'frame');
  const isIn = (inner: Box, outer: Box): boolean =>
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
  const free = texts.filter((text) => !frames.some((frame) => isIn(text, frame)));
  return [
    ...texts.flatMap((one, index) =>
      texts
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => `${one.of} lies on ${other.of}`),
    ),
    ...free.flatMap((text) =>
      [
        ...lanes.filter((lane) => isOn(lane, text)).map(({ x }) => `the lane at ${x}`),
        ...onto(text, [...arrows, ...frames]),
      ].map((what) => `${text.of} lies on ${what}`),
    ),
    ...frames.flatMap((frame) =>
      lanes
        .filter((lane) => isOn(lane, frame) && Math.abs((frame.left + frame.right) / 2 - lane.x) > 1)
        .map(({ x }) => `a frame at ${frame.left}, ${frame.top} lies on the lane at ${x}`),
    ),
    ...frames.flatMap((one, index) =>
      frames
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => `a frame at ${one.left}, ${one.top} lies on one at ${other.left}, ${other.top}`),
    ),
    ...[...texts, ...rects, ...arrows]
      .filter(({ left, right, top, bottom }) => left < 0 || top < 0 || right > width || bottom > height)
      .map(({ of }) => `${of} is cut`),
  ];
}

/** The rectangles of a picture: those with round corners and a border are frames of words. */
const rectsOf = (svg: string): Box[] =>
  [...svg.matchAll(/<rect ([^>]*)\/>/g)].map(([, attributes]) => {
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(attribute(attributes!, name))) as [
      number,
      number,
      number,
      number,
    ];
    const isFrame = attribute(attributes!, 'rx') !== undefined && attribute(attributes!, 'stroke') !== undefined;
    return { of: isFrame ? 'frame' : 'ground', left: x, top: y, right: x + width, bottom: y + height };
  });

const isOn = ({ x, top, bottom }: Lane, box: Box): boolean =>
  x > box.left && x < box.right && bottom > box.top && top < box.bottom;

const onto = (text: Box, others: readonly Box[]): string[] =>
  others.filter((other) => overlap(text, other)).map(({ of }) => of);
