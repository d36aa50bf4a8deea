import type { TracedFunction } from './driver.ts';

/** Comments and literals, closed or not, are taken whole, so that no character is looked at twice. */
const TOKEN =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]+|\\[\s\S])*"?|'(?:[^'\\\n]+|\\[\s\S])*'?|(?<token>\w+|->|[^\s\w])/g;

const isName = (token: string | undefined): token is string => token !== undefined && /^[A-Za-z_]/.test(token);

/** C as its tokens, without comments and literals: what names functions and variables is found in one pass. */
export class CText {
  readonly #tokens: readonly string[];

  constructor(text: string) {
    const tokens: string[] = [];
    for (const { groups } of text.matchAll(TOKEN)) if (groups!.token !== undefined) tokens.push(groups!.token);
    this.#tokens = tokens;
  }

  /** The functions that are assigned to a field, in an initialiser or by a statement. */
  assigned(field: string): string[] {
    const names = this.#all(field).flatMap((at) => {
      const [before, after] = [this.#tokens[at - 1], this.#tokens[at + 1]];
      if ((before !== '.' && before !== '->') || after !== '=') return [];
      const name = this.#tokens[this.#tokens[at + 2] === '&' ? at + 3 : at + 2];
      return isName(name) && name !== 'NULL' ? [name] : [];
    });
    return [...new Set(names)];
  }

  /** The definition of a function. */
  functionNamed(name: string): TracedFunction | undefined {
    for (const at of this.#all(name)) {
      if (this.#tokens[at + 1] !== '(') continue;
      let end = at + 2;
      while (end < this.#tokens.length && !'();{}'.includes(this.#tokens[end]!)) end++;
      if (this.#tokens[end] !== ')' || this.#tokens[end + 1] !== '{') continue;
      let from = at;
      while (from > 0 && !';{}'.includes(this.#tokens[from - 1]!)) from--;
      return {
        name,
        parameters: this.#list(at + 2, end).map((tokens) => tokens.findLast(isName) ?? ''),
        isStatic: this.#tokens.slice(from, at).includes('static'),
      };
    }
    return undefined;
  }

  /** The first variable of a type whose name has some text in it. */
  variable(type: string, part: string): string | undefined {
    return this.#all(type)
      .map((at) => this.#tokens[at + 1]!)
      .find((name) => isName(name) && name.includes(part));
  }

  /** The first per-CPU variable that is a struct. */
  perCpu(): { readonly struct: string; readonly variable: string } | undefined {
    const at = this.#tokens.findIndex(
      (token, index) => token.startsWith('DEFINE_PER_CPU') && this.#tokens[index + 2] === 'struct',
    );
    const [struct, comma, variable] = this.#tokens.slice(at + 3, at + 6);
    return at >= 0 && isName(struct) && comma === ',' && isName(variable) ? { struct, variable } : undefined;
  }

  /** What stands between the braces of a struct, up to the first that closes. */
  struct(name: string): CText | undefined {
    const at = this.#all(name).find((at) => this.#tokens[at - 1] === 'struct' && this.#tokens[at + 1] === '{');
    return at === undefined
      ? undefined
      : new CText(this.#tokens.slice(at + 2, this.#tokens.indexOf('}', at)).join(' '));
  }

  has(name: string): boolean {
    return this.#tokens.includes(name);
  }

  /** The length of an array, as it is written. */
  lengthOf(array: string): string | undefined {
    const at = this.#all(array).find((at) => this.#tokens[at + 1] === '[' && this.#tokens[at + 3] === ']');
    return at === undefined ? undefined : this.#tokens[at + 2];
  }

  /** The number that a macro stands for. */
  macro(name: string): number | undefined {
    const at = this.#all(name).find(
      (at) => this.#tokens[at - 1] === 'define' && /^\d+$/.test(this.#tokens[at + 1] ?? ''),
    );
    return at === undefined ? undefined : Number(this.#tokens[at + 1]);
  }

  /** Where a token stands. */
  #all(token: string): number[] {
    const found: number[] = [];
    for (let at = this.#tokens.indexOf(token); at >= 0; at = this.#tokens.indexOf(token, at + 1)) found.push(at);
    return found;
  }

  /** The tokens of a list, between its commas. */
  #list(from: number, to: number): string[][] {
    const items: string[][] = [[]];
    for (const token of this.#tokens.slice(from, to))
      if (token === ',') items.push([]);
      else items.at(-1)!.push(token);
    return items;
  }
}
