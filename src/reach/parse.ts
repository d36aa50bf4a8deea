import { noSuch } from '../outside/no-such.ts';
import type { Comparison, Expression, Happens, Operator, Question, Step, Which } from './expression.ts';
import { BadQuestion, type WordAt, wordsOf } from './words.ts';

/** The names that a question can use of facts: every type, with its fields. */
export type FactNames = ReadonlyMap<string, readonly string[]>;

const OPERATORS: Readonly<Record<string, Operator>> = {
  ...{ '=': '=', '==': '=', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
};
const QUANTIFIERS = ['any', 'every', 'no'] as const;
const INDICES = ['event', 'hart'] as const;
const KEYWORDS = new Set(['and', 'or', 'not', 'then', 'never', 'returns', 'is', 'of', 'on', '(', ')', ',']);

/** The most steps that `then` can join. */
const MOST_STEPS = 20;
/** So many brackets can stand in each other. */
const DEEPEST = 50;

/** Reads a question. Throws `BadQuestion`, which says what is wrong and where, if it cannot be understood. */
export const parse = (text: string, facts: FactNames): Question => new Parser(text, facts).question();

class Parser {
  readonly #words: readonly WordAt[];
  #next = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly facts: FactNames,
  ) {
    this.#words = wordsOf(text);
  }

  question(): Question {
    const { text } = this;
    const steps: Step[] = [];
    let without: Expression | undefined;
    for (;;) {
      const start = this.#at;
      const never = this.#take('never');
      const said = this.#or();
      const isLast = !this.#take('then');
      if (isLast && !this.#isAtEnd) this.#fail(`${this.#word!.text} was not expected here: and, or, then, or the end`);
      if (!never) {
        steps.push({ wants: said, ...(without && { without }) });
        without = undefined;
        if (steps.length > MOST_STEPS) this.#fail(`a question has ${MOST_STEPS} steps at the most`, start);
      } else if (isLast && steps.length === 0 && without === undefined) {
        return { text, kind: 'never', steps: [{ wants: said }] };
      } else if (isLast) {
        this.#fail('never stands alone, or before the step until which something does not happen', start);
      } else {
        without = without === undefined ? said : { kind: 'or', of: [without, said] };
      }
      if (isLast) return { text, kind: 'reach', steps };
    }
  }

  #or(): Expression {
    return this.#joined('or', () => this.#joined('and', () => this.#not()));
  }

  #joined(kind: 'and' | 'or', one: () => Expression): Expression {
    const of = [one()];
    while (this.#take(kind)) of.push(one());
    return of.length === 1 ? of[0]! : { kind, of };
  }

  #not(): Expression {
    if (++this.#depth > DEEPEST) this.#fail(`more than ${DEEPEST} of not and ( stand in each other`);
    try {
      if (this.#take('not')) return { kind: 'not', of: this.#not() };
      if (!this.#take('(')) return this.#atom();
      const inner = this.#or();
      this.#expect(')');
      return inner;
    } finally {
      this.#depth--;
    }
  }

  #atom(): Expression {
    const which = this.#which();
    if (which !== undefined) return this.#ofWhich(which);
    const word = this.#word;
    if (word === undefined) return this.#fail('something is missing at the end');
    if (!word.quoted && KEYWORDS.has(word.text)) this.#fail(`${word.text} was not expected here`);
    const isFact = !word.quoted && (this.facts.has(word.text) || this.facts.has(`${word.text}.call`));
    return isFact ? this.#happens() : { kind: 'seen', ...this.#comparison() };
  }

  /** `event 0`, `any hart`: whose state is meant. */
  #which(): Which | undefined {
    const [first, second] = [this.#word, this.#words[this.#next + 1]];
    if (first === undefined || second === undefined || first.quoted || second.quoted) return undefined;
    const { at } = first;
    const quantifier = QUANTIFIERS.find((name) => name === first.text);
    const index = INDICES.find((name) => name === (quantifier === undefined ? first : second).text);
    if (index === undefined || (quantifier === undefined && !/^\d{1,4}$/.test(second.text))) return undefined;
    this.#next += 2;
    return { index, of: quantifier ?? Number(second.text), at };
  }

  #ofWhich(which: Which): Expression {
    if (!this.#take('is')) return { kind: 'seen', which, ...this.#comparison() };
    if (which.index !== 'event')
      this.#fail('only an event is in a state; of a hart, say what is seen: hart 0 n_events = 1');
    const inDriver = this.#take('in');
    const { text: state, at } = this.#name('a state');
    return { kind: 'is', which, state, inDriver, at };
  }

  /** A fact: its type, or a callback that is called or returns; and which one. */
  #happens(): Happens {
    const { text: name, at } = this.#name('a fact');
    let type = this.facts.has(name) ? name : undefined;
    const fields: Comparison[] = [];
    for (;;) {
      const here = this.#at;
      if (this.#take('returns')) {
        type = this.#ofCallback(name, 'return', here);
        if (this.#startsValue) fields.push({ name: 'answer', operator: '=', at: here, ...this.#value() });
      } else if (this.#take('is')) {
        this.#expect('called');
        type = this.#ofCallback(name, 'call', here);
      } else if (this.#take('of') || this.#take('on')) {
        const at = this.#at;
        const which = this.#which();
        if (which === undefined || typeof which.of !== 'number') return this.#fail('event or hart, and its number', at);
        fields.push({ name: which.index, operator: '=', value: `${which.of}`, at: which.at, valueAt: which.at });
      } else if (this.#take('(')) {
        do fields.push(this.#comparison());
        while (this.#take(','));
        this.#expect(')');
      } else break;
    }
    if (type === undefined) return this.#fail(`${name} is a callback: say that it is called, or what it returns`, at);
    for (const field of fields) this.#checkField(type, field);
    return { kind: 'happens', type, fields, at };
  }

  #ofCallback(name: string, what: 'call' | 'return', at: number): string {
    const type = `${name}.${what}`;
    return this.facts.has(type) ? type : this.#fail(`${name} is no callback`, at);
  }

  #checkField(type: string, { name, at }: Comparison): void {
    const known = this.facts.get(type)!;
    if (!known.includes(name)) this.#fail(noSuch(`field of ${type}`, name, known), at);
  }

  #comparison(): Comparison {
    const { text: first, at } = this.#name('a name');
    const names = [first];
    while (this.#word && !this.#word.quoted && !KEYWORDS.has(this.#word.text) && !(this.#word.text in OPERATORS))
      names.push(this.#words[this.#next++]!.text);
    const operator = this.#word && !this.#word.quoted ? OPERATORS[this.#word.text] : undefined;
    const name = names.join(' ');
    if (operator === undefined) return this.#fail(this.#notKnown(name), at);
    this.#next++;
    return { name, operator, at, ...this.#value() };
  }

  #notKnown(name: string): string {
    const callbacks = [...this.facts.keys()].flatMap((type) => (type.endsWith('.call') ? [type.slice(0, -5)] : []));
    return `${noSuch('fact', name, [...callbacks, ...this.facts.keys()])}; and what is not compared with a value is a fact`;
  }

  get #startsValue(): boolean {
    const word = this.#word;
    return word !== undefined && (word.quoted || (!KEYWORDS.has(word.text) && !(word.text in OPERATORS)));
  }

  #value(): Pick<Comparison, 'value' | 'valueAt'> {
    const { text, at } = this.#name('a value');
    // An errno is what the C returns the negative of.
    return { value: /^-E[A-Z]+$/.test(text) ? text.slice(1) : text, valueAt: at };
  }

  #name(what: string): WordAt {
    const word = this.#word;
    if (word === undefined) return this.#fail(`${what} is missing at the end`);
    if (!word.quoted && (KEYWORDS.has(word.text) || word.text in OPERATORS))
      return this.#fail(`${what} was expected here, not ${word.text}`);
    this.#next++;
    return word;
  }

  get #word(): WordAt | undefined {
    return this.#words[this.#next];
  }

  get #at(): number {
    return this.#word?.at ?? this.text.length;
  }

  get #isAtEnd(): boolean {
    return this.#next === this.#words.length;
  }

  #take(keyword: string): boolean {
    const word = this.#word;
    if (word?.text !== keyword || word.quoted) return false;
    this.#next++;
    return true;
  }

  #expect(keyword: string): void {
    if (!this.#take(keyword)) this.#fail(`${keyword} was expected here`);
  }

  #fail(reason: string, at = this.#at): never {
    throw new BadQuestion(this.text, at, reason);
  }
}
