/** A list of numbers in one piece of memory, which the garbage collector need not look through. */
export class Numbers {
  #numbers = new Float64Array(1 << 10);
  length = 0;

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const more = new Float64Array(2 * this.length);
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers[this.length++] = number;
  }

  /** The number at an index that is there. */
  at(index: number): number {
    return this.#numbers[index]!;
  }
}

/** A list of times in nanoseconds: those of 64 bits, as numbers would round them. */
export class Times {
  #times = new BigUint64Array(1 << 10);
  length = 0;

  push(time: bigint): void {
    if (this.length === this.#times.length) {
      const more = new BigUint64Array(2 * this.length);
      more.set(this.#times);
      this.#times = more;
    }
    this.#times[this.length++] = time;
  }

  at(index: number): bigint {
    return this.#times[index]!;
  }

  set(index: number, time: bigint): void {
    this.#times[index] = time;
  }
}

/** How many texts are kept as one. */
const TOGETHER = 256;

/** A list of short texts, many of which are one string: a piece cut out of another string would keep all of that. */
export class Texts {
  /** The end of each in its string. */
  readonly #ends = new Numbers();
  readonly #whole: string[] = [];
  #last: string[] = [];
  #length = 0;

  push(text: string): void {
    this.#length += text.length;
    this.#ends.push(this.#length);
    this.#last.push(text);
    if (this.#last.length < TOGETHER) return;
    this.#whole.push(this.#last.join(''));
    this.#last = [];
    this.#length = 0;
  }

  /** The text at an index that is there. */
  at(index: number): string {
    const place = index % TOGETHER;
    const whole = this.#whole[(index - place) / TOGETHER];
    return whole === undefined
      ? this.#last[place]!
      : whole.slice(place === 0 ? 0 : this.#ends.at(index - 1), this.#ends.at(index));
  }
}
