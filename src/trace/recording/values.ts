import { type Word, word } from '../../facts/index.ts';
import { BrokenLine } from '../broken-line.ts';
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

/** The values of the last text with a quoted one: those of a line are asked for one after another, and kept as text between. */
let last: { of: Values; values: Map<string, string> } | undefined;

/** A number of a few digits, as nearly all are: 0 to 999,999,999,999,999. */
const FEW = /^\d{1,15}$/;

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
    return this.#address(name, this.#need(name));
  }

  addressIf(name: string): string | undefined {
    const text = this.#find(name);
    return text === undefined ? undefined : this.#address(name, text);
  }

  /** An `int`. */
  integer(name: string): number {
    return this.#integer(name, this.#need(name));
  }

  integerIf(name: string): number | undefined {
    const text = this.#find(name);
    return text === undefined ? undefined : this.#integer(name, text);
  }

  /** 64 bits. */
  word(name: string): Word {
    return this.#word(name, this.#need(name));
  }

  wordIf(name: string): Word | undefined {
    const text = this.#find(name);
    return text === undefined ? undefined : this.#word(name, text);
  }

  /** The text of a value: what stands behind its name, the last time that it is there. */
  #find(name: string): string | undefined {
    const { text } = this;
    if (text.includes('"')) {
      if (last?.of !== this) last = { of: this, values: parse(text) };
      return last.values.get(name);
    }
    let at = text.lastIndexOf(` ${name}=`) + 1;
    if (at === 0 && !text.startsWith(`${name}=`)) return undefined;
    at += name.length + 1;
    const value = text.slice(at, ended(text.indexOf(' ', at), text.length));
    return value === '(fault)' ? undefined : value;
  }

  #need(name: string): string {
    const text = this.#find(name);
    if (text === undefined) throw new BrokenLine(this.line, `${this.probe} has no ${name}=`);
    return text;
  }

  #address(name: string, text: string): string {
    if (/^0x[1-9a-f][0-9a-f]{0,15}$/.test(text)) return text.slice(2);
    const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text)?.[1];
    if (digits === undefined) throw this.#broken(name, text, 'an address');
    return BigInt(`0x${digits}`).toString(16);
  }

  #integer(name: string, text: string): number {
    const few = Number(text);
    if (Math.abs(few) < 2 ** 31 && /^-?\d{1,10}$/.test(text)) return few === 0 ? 0 : few;
    return Number(BigInt.asIntN(32, this.#number(name, text)));
  }

  #word(name: string, text: string): Word {
    return FEW.test(text) ? Number(text) : word(this.#number(name, text), 64);
  }

  #number(name: string, text: string): bigint {
    const found = /^(-?)(0x[0-9a-f]{1,16}|\d{1,20})$/i.exec(text);
    if (found === null) throw this.#broken(name, text, 'a number');
    return BigInt(found[2]!) * (found[1] === '-' ? -1n : 1n);
  }

  #broken(name: string, text: string, what: string): BrokenLine {
    return new BrokenLine(this.line, `${this.probe}: ${name}=${shown(text.slice(0, 80))} is not ${what}`);
  }
}
