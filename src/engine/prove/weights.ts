import { NotApplicable } from './names.ts';

/** A move of a component, by the text of its state, and what the fact adds to the integer. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly by: number;
  readonly told: string;
}

/** A weight for each state of a component, so that the integer is the sum of them; or the moves that show that there is none. */
export type Weighed =
  | { readonly weights: ReadonlyMap<string, number>; readonly loop?: never; readonly off?: never }
  | { readonly weights?: never; readonly loop: readonly Move[]; readonly off: number };

/**
 * The weights under which an integer is a sum over all components: a system of equations with one for each move, w(to) = w(from) + by,
 * which is solved along the moves from the first states, of weight 0, and verified on every one.
 */
export function weigh(initial: number, first: readonly string[], moves: readonly Move[]): Weighed {
  if (initial !== 0) return { loop: [], off: initial };
  const weights = new Map(first.map((state) => [state, 0]));
  const via = new Map<string, Move>();
  const leaving = new Map<string, Move[]>();
  for (const move of moves) {
    const others = leaving.get(move.from);
    if (others) others.push(move);
    else leaving.set(move.from, [move]);
  }
  const open = [...first];
  for (let state = open.shift(); state !== undefined; state = open.shift())
    for (const move of leaving.get(state) ?? []) {
      const weight = weights.get(state)! + move.by;
      const known = weights.get(move.to);
      if (known === undefined && weight >= 0) {
        weights.set(move.to, weight);
        via.set(move.to, move);
        open.push(move.to);
      } else if (known !== weight) {
        const loop = [move];
        for (let at = via.get(move.from); at !== undefined; at = via.get(at.from)) loop.unshift(at);
        return { loop, off: weight - (known ?? 0) };
      }
    }
  return { weights };
}

/** The weight of a component's state. Throws if it is not known: a move leads where the weights do not. */
export function weightOf(weights: ReadonlyMap<string, number>, state: string): number {
  const weight = weights.get(state);
  if (weight === undefined) throw new NotApplicable('a component comes into a state that has no weight');
  return weight;
}

/** What a component does that changes the integer, and not what it is: in words. */
export function loopText(weighed: Weighed | undefined): string {
  if (weighed?.loop === undefined) return '';
  if (weighed.loop.length === 0) return `it begins at ${weighed.off}`;
  const steps = weighed.loop.map(({ told, by }) => {
    const { type, attribute } = JSON.parse(told) as { type: string; attribute?: string };
    return `${type}${attribute ? ` ${attribute}` : ''}${by === 0 ? '' : ` (${by > 0 ? '+' : ''}${by})`}`;
  });
  return `${steps.join(', ')} leads where another path leads, and leaves it ${weighed.off > 0 ? '+' : ''}${weighed.off}`;
}
