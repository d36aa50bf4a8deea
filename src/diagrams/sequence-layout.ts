import type { Lane, Sequence, Step } from './sequence.ts';
import { SIZE } from './svg-text.ts';
import { textWidth } from './text-width.ts';

/** Beside a text: in its frame, and to a lane or another text. */
const [INSIDE, APART] = [10, 8];

/** What is written at the head of a lane, in lines: what it is, and whose. */
export const headLines = ({ title }: Lane): string[] => title.split(/ (?=of |\()/);

/** How wide the frame of a head is. */
export const headWidth = (lane: Lane): number =>
  Math.ceil(Math.max(...headLines(lane).map((line) => textWidth(line, SIZE, true)))) + 2 * INSIDE;

/** Whether a step is written bold. */
export const isBold = ({ call }: Step): boolean => call === 'begins';

/** How wide the frame of a step is that is done to nothing shared. */
export const frameWidth = (step: Step): number => Math.ceil(textWidth(step.text, SIZE, isBold(step))) + 2 * INSIDE;

/** The facts that a step stands for, by their numbers in the log. */
export function numberText({ number, end }: Step): string {
  if (number === undefined) return '';
  const first = number.toLocaleString('en');
  return end === undefined ? first : `${first}–${end.toLocaleString('en')}`;
}

/** Where everything stands, from left to right. */
export interface Columns {
  /** The right end of the numbers. */
  readonly numbers: number;
  readonly at: (lane: string) => number;
  readonly width: number;
}

/**
 * Lanes as near to each other as what is written allows: heads stand side by side, a frame lies on no other lane, and what is done
 * to a lane is written between it and the one before.
 */
export function columnsOf({ lanes, steps }: Sequence): Columns {
  const index = new Map(lanes.map(({ id }, position) => [id, position]));
  const numbers = APART + Math.ceil(Math.max(0, ...steps.map((step) => textWidth(numberText(step), SIZE))));
  /** How far it is from the lane before, at least. */
  const gap = lanes.map((lane, position) =>
    position === 0 ? 0 : (headWidth(lanes[position - 1]!) + headWidth(lane)) / 2 + APART,
  );
  const first = lanes[0];
  let left = first === undefined ? 0 : headWidth(first) / 2;
  let right = lanes.length === 0 ? 0 : headWidth(lanes.at(-1)!) / 2;
  const widen = (position: number, by: number): void => {
    if (position < gap.length && position > 0) gap[position] = Math.max(gap[position]!, by);
  };
  for (const step of steps) {
    const lane = index.get(step.lane)!;
    if (step.to === undefined) {
      const half = frameWidth(step) / 2;
      widen(lane, half + APART);
      widen(lane + 1, half + APART);
      if (lane === 0) left = Math.max(left, half);
      if (lane === lanes.length - 1) right = Math.max(right, half);
    } else {
      const to = index.get(step.to)!;
      widen(to > lane ? to : to + 1, textWidth(step.text, SIZE) + 2 * MESSAGE);
    }
  }
  const places: number[] = [];
  for (const by of gap) places.push(Math.round((places.at(-1) ?? numbers + APART + left) + by));
  const width = Math.ceil((places.at(-1) ?? numbers) + right + APART);
  return { numbers, at: (lane) => places[index.get(lane)!]!, width };
}

/** Between what is written on an arrow and the lanes beside it: there is the head of the arrow. */
export const MESSAGE = 10;
