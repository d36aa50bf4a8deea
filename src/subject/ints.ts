/** Whole numbers by number, from 0 on: as many as are set. What was never set is 0. */
export class Ints {
  length = 0;
  #all = new Int32Array(1 << 10);

  at(place: number): number {
    return this.#all[place] ?? 0;
  }

  set(place: number, value: number): void {
    if (place >= this.#all.length) this.#grow(place);
    if (place >= this.length) this.length = place + 1;
    this.#all[place] = value;
  }

  /** Adds one at the end; answers its place. */
  push(value: number): number {
    const place = this.length;
    this.set(place, value);
    return place;
  }

  #grow(place: number): void {
    const larger = new Int32Array(2 ** Math.ceil(Math.log2(place + 1)));
    larger.set(this.#all);
    this.#all = larger;
  }
}
