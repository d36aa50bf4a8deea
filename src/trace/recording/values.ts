import { type Word, word } from '../../facts/index.ts';
import { BrokenLine } from '../line.ts';
import { shown } from '../shown.ts';

/** The values of a text by name, each as `name=value` or `name="value"` between spaces. */
function parse(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const { length } = text;
  for (let at = 0; at < length; at++) {
    if (text[at] === ' ') continue;
    const end = ended(text.indexOf(' ', at), length);
    const equals = text.indexOf('=', at);
    if (equals < 0) break;
    if (equals < end) {
      const isQuoted = text[equals + 1] === '"';
      const close = isQuoted ? text.indexOf('"', equals + 2) : -1;
      const stop = close < 0 ? end : close;
      const value = text.slice(equals + (close < 0 ? 1 : 2), stop);
      if (value !== '(fault)') values.set(text.slice(at, equals), value);
      at = stop;
    } else at = end;
  }
  return values;
}

const ended = (index: number, length: number): number => (index < 0 ? length : index);

/** The last values that were read: those of a line are asked for one after another, and kept as text between. */
let last: { of: Values; values: Map<string, string> } | undefined;

/** The values that a probe recorded, each as `name=value`. What could not be fetched is missing. */
export class Values {
  constructor(
    readonly line: number,
    /** The probe, for messages. */
    readonly probe: string,
    readonly text: string,
  ) {}

  /** The address that a value is, in one way of writing; `0` is NULL. */
  address(name: string): string {
    const text = this.#need(name);
    const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text)?.[1];
    if (digits === undefined) throw this.#broken(name, text, 'an address');
    return BigInt(`0x${digits}`).toString(16);
  }

  addressIf(name: string): string | undefined {
    return this.#values.has(name) ? this.address(name) : undefined;
  }

  /** An `int`. */
  integer(name: string): number {
    return Number(BigInt.asIntN(32, this.#number(name)));
  }

  integerIf(name: string): number | undefined {
    return this.#values.has(name) ? this.integer(name) : undefined;
  }

  /** 64 bits. */
  word(name: string): Word {
    return word(this.#number(name), 64);
  }

  wordIf(name: string): Word | undefined {
    return this.#values.has(name) ? this.word(name) : undefined;
  }

  get #values(): Map<string, string> {
    if (last?.of !== this) last = { of: this, values: parse(this.text) };
    return last.values;
  }

  #number(name: string): bigint {
    const text = this.#need(name);
    const found = /^(-?)(0x[0-9a-f]{1,16}|\d{1,20})$/i.exec(text);
    if (found === null) throw this.#broken(name, text, 'a number');
    return BigInt(found[2]!) * (found[1] === '-' ? -1n : 1n);
  }

  #need(name: string): string {
    const text = this.#values.get(name);
    if (text === undefined) throw new BrokenLine(this.line, `${this.probe} has no ${name}=`);
    return text;
  }

  #broken(name: string, text: string, what: string): BrokenLine {
    return new BrokenLine(this.line, `${this.probe}: ${name}=${shown(text.slice(0, 80))} is not ${what}`);
  }
}
