import type { DriverMachine } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import type { Pmu } from '../facts/index.ts';
import { type Defect, defectsOf } from './defects.ts';
import { type Candidate, type Explanation, fitsOf, isPlausible, type RuledOut, ruledOutBy } from './fit.ts';
import { type Bounds, boundsOf, type Given } from './given.ts';
import { type Response, responseOf, type Widths } from './response.ts';

/** What becomes of a number. */
export interface Explained {
  readonly given: Given;
  readonly bounds: Bounds;
  /** Whether nothing is wrong with it, as far as it is known what it should be. */
  readonly plausible: boolean;
  /** What makes such a number, the best fit first. */
  readonly explanations: readonly Explanation[];
  readonly ruledOut: readonly RuledOut[];
}

/** The widths that counters and masks of PMUs have. */
const USUAL_WIDTHS = [32, 40, 48, 56, 63, 64];

/** How near a power of two a count must be for a plausible one to be suspected, in bits. */
const SUSPICIOUS = 14;

/** What is asked: of which driver, in which models. */
export interface Asked {
  readonly machine: DriverMachine;
  readonly models: readonly Model[];
  readonly pmu: Pmu;
  readonly environments: readonly Environment[];
  /** Whether it is known to be this driver: then it has no other mask. */
  readonly known: boolean;
}

/** Explains numbers that one driver, or one like it, counted. */
export class CountExplainer {
  #defects: Promise<Defect[]> | undefined;
  readonly #responses = new Map<Defect, Map<string, Response>>();

  constructor(readonly asked: Asked) {}

  async explain(given: Given): Promise<Explained> {
    const bounds = boundsOf(given);
    const plausible = isPlausible(given, bounds);
    // What is as it is expected needs no explanation.
    if (plausible && (bounds.expected !== undefined || given.value === undefined))
      return { given, bounds, plausible, explanations: [], ruledOut: [] };
    const { machine, models, environments } = this.asked;
    this.#defects ??= defectsOf(machine, models, environments);
    const explanations: Explanation[] = [];
    const ruledOut: RuledOut[] = [];
    for (const defect of await this.#defects) {
      const fits: Explanation[] = [];
      let why: string | undefined;
      for (const [widths, assumed] of this.#widthsOf(defect, given)) {
        const candidate: Candidate = { defect, widths, assumed, response: this.#responseOf(defect, widths) };
        why = ruledOutBy(candidate, given);
        if (why === undefined) fits.push(...fitsOf(candidate, given));
      }
      const [best] = fits.toSorted((a, b) => b.bits - a.bits);
      if (best !== undefined) explanations.push(best);
      else if (why !== undefined) ruledOut.push({ defect, why });
    }
    const worth = plausible ? explanations.filter(({ jump, bits }) => jump && bits >= SUSPICIOUS) : explanations;
    return {
      given,
      bounds,
      plausible: plausible && worth.length === 0,
      explanations: withoutTwins(worth.toSorted((a, b) => b.bits - a.bits)),
      ruledOut,
    };
  }

  /** The widths at which a defect is tried, and whether they are only assumed. */
  #widthsOf({ board }: Defect, { widths = [], value }: Given): (readonly [Widths, boolean])[] {
    const own = this.asked.pmu.counterWidth;
    const others = this.asked.known || value === undefined ? widths : [...widths, ...USUAL_WIDTHS];
    const isGiven = (bits: number): boolean => bits === own || widths.includes(bits);
    const masks = [...new Set([own, ...others])];
    if (board === 'wide') {
      const boards = widths.length > 0 ? widths : USUAL_WIDTHS;
      return masks.flatMap((counterWidth) =>
        [...new Set(boards)]
          .filter((counterBits) => counterBits < counterWidth && counterBits < 63)
          .map(
            (counterBits) => [{ counterWidth, counterBits }, !(isGiven(counterBits) && isGiven(counterWidth))] as const,
          ),
      );
    }
    if (board === 'narrow')
      return masks.filter((bits) => bits < 63).map((counterWidth) => [{ counterWidth }, !isGiven(counterWidth)]);
    return masks.map((counterWidth) => [{ counterWidth }, !isGiven(counterWidth)]);
  }

  #responseOf(defect: Defect, widths: Widths): Response {
    const known = this.#responses.get(defect) ?? new Map<string, Response>();
    this.#responses.set(defect, known);
    const key = JSON.stringify(widths);
    const response = known.get(key) ?? responseOf(defect, widths);
    known.set(key, response);
    return response;
  }
}

/** One of those that come from one mistake, in one way: the best. */
function withoutTwins(explanations: readonly Explanation[]): Explanation[] {
  const mannerOf = ({ defect, jump, response }: Explanation): string =>
    JSON.stringify([
      defect.name,
      jump?.situation.kind,
      response.intervals.filter(({ counted, ran }) => counted !== ran).map(({ during, hart }) => [during, hart]),
    ]);
  return explanations.filter(
    (one, index) => explanations.findIndex((other) => mannerOf(other) === mannerOf(one)) === index,
  );
}
