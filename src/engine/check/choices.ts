/**
 * What machines decide one way throughout a search, and perhaps otherwise in the next one of the same product: a bit each. Their guards
 * ask it here, so that what was tabulated is kept from one search to the next, but for what depends on it.
 */
export class Choices {
  /** The bits that are decided with yes. To be changed between searches only. */
  chosen = 0;
  /** The bits that were asked for, since somebody set it to 0. */
  asked = 0;

  /** Whether a bit is decided with yes. */
  ask(bit: number): boolean {
    this.asked |= bit;
    return (this.chosen & bit) !== 0;
  }
}

/** What was computed under some choices: it holds under all that agree with `value` on `mask`. */
interface Computed {
  readonly mask: number;
  readonly value: number;
  readonly result: number;
}

/** What depends on choices, computed once for all that agree on those that it asked for. */
export class ByChoice {
  readonly #known = new Map<number, Computed[]>();

  constructor(readonly choices: Choices) {}

  /** Whether nothing that it computed asked for a choice. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** What `compute` answers under the present choices, and the bits that it asks for: they are noted as asked in either case. */
  of(key: number, compute: () => number): Pick<Computed, 'result' | 'mask'> {
    const { choices } = this;
    const known = this.#known.get(key)?.find(({ mask, value }) => (choices.chosen & mask) === value);
    if (known !== undefined) {
      choices.asked |= known.mask;
      return known;
    }
    const before = choices.asked;
    choices.asked = 0;
    try {
      const result = compute();
      const mask = choices.asked;
      const computed = { mask, value: choices.chosen & mask, result };
      if (mask !== 0) this.#known.set(key, [...(this.#known.get(key) ?? []), computed]);
      return computed;
    } finally {
      choices.asked |= before;
    }
  }
}
