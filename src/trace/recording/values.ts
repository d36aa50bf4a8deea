import { type Word, word } from '../../facts/index.ts';
import { BrokenLine } from '../line.ts';

/** The values that a probe recorded, each as `name=value`. What could not be fetched is missing. */
export class Values {
  readonly #values = new Map<string, string>();

  constructor(
    readonly line: number,
    /** The probe, for messages. */
    readonly probe: string,
    text: string,
  ) {
    for (const [, name, quoted, plain] of text.matchAll(/([\w$]+)=(?:"([^"]*)"|(\S+))/g)) {
      const value = quoted ?? plain!;
      if (value !== '(fault)') this.#values.set(name!, value);
    }
  }

  /** The address that a value is, in one way of writing; `0` is NULL. */
  address(name: string): string {
    const text = this.#need(name);
    const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text)?.[1];
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

  textIf(name: string): string | undefined {
    return this.#values.get(name);
  }

  #number(name: string): bigint {
    const text = this.#need(name);
    const found = /^(-?)((?:0x[0-9a-f]+)|\d+)$/i.exec(text);
    if (found === null) throw this.#broken(name, text, 'a number');
    return BigInt(found[2]!) * (found[1] === '-' ? -1n : 1n);
  }

  #need(name: string): string {
    const text = this.#values.get(name);
    if (text === undefined) throw new BrokenLine(this.line, `${this.probe} has no ${name}=`);
    return text;
  }

  #broken(name: string, text: string, what: string): BrokenLine {
    return new BrokenLine(this.line, `${this.probe}: ${name}=${text} is not ${what}`);
  }
}
