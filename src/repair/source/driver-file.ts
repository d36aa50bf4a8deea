import type { SyntaxNode } from '@lezer/common';
import { type Probe, probe } from '../../subject/probe.ts';
import type { DriverSource } from '../../subject/source.ts';
import { CFile, NotRecognised, type Range } from './c-file.ts';
import { Edits } from './edits.ts';

type Callback = 'event_init' | 'add' | 'del' | 'start' | 'stop' | 'read';

/** Where `event_init` reserves the PMC: the statements, from the first that counts or reserves to the one that answers EBUSY. */
export interface Reserving extends Range {
  /** The first of the statements. */
  readonly first: SyntaxNode;
}

/** A PMU driver's C file: its functions by what they are for, whatever they are called. */
export class DriverFile extends CFile {
  readonly edits: Edits = new Edits(this);
  readonly #names: Probe;

  constructor(readonly source: DriverSource) {
    super(source.text);
    this.#names = probe(source);
  }

  /** A callback of `struct pmu`. Throws {@link NotRecognised}. */
  callback(name: Callback): SyntaxNode {
    return this.function(this.must(this.initialiser(name), 'struct pmu', `.${name}`));
  }

  /** The function that events get as `destroy`. Throws {@link NotRecognised}. */
  get destroy(): SyntaxNode {
    return this.function(this.#name('DESTROY', 'event->destroy'));
  }

  get destroyName(): string {
    return this.nameOf(this.destroy)!;
  }

  /** The variable that counts the live events. Throws {@link NotRecognised}. */
  get activeEvents(): string {
    return this.#name('ACTIVE_EVENTS', 'an atomic_t that counts the live events');
  }

  /** The variable that says who holds the PMC. Throws {@link NotRecognised}. */
  get perfIrq(): string {
    return this.#name('PERF_IRQ', 'perf_irq');
  }

  /** The array of the events on a CPU. Throws {@link NotRecognised}. */
  get slots(): string {
    return this.#name('EVENTS', 'an array of the events on a CPU');
  }

  /** `event->hw.`, as the function writes it. */
  hw(definition: SyntaxNode): string {
    const event = this.parameter(definition);
    for (const one of this.all(['InitDeclarator'], definition)) {
      const pointer = new RegExp(`^\\*(\\w+)=&${event}->hw$`).exec(this.tight(one))?.[1];
      if (pointer !== undefined) return `${pointer}->`;
    }
    return `${event}->hw.`;
  }

  /** The `switch` over the event's type in `event_init`, and the variable that gets the counter or an error. */
  mapping(): { choice: SyntaxNode; code: string } {
    const init = this.callback('event_init');
    const name = this.nameOf(init)!;
    const choice = this.statement(init, /^switch\([^{]*\btype\)/, 'a switch over the type of the event');
    const sets = this.all(['AssignmentExpression'], choice).map((one) => /^(\w+)=/.exec(this.tight(one))?.[1]);
    return { choice, code: this.must(sets[0], name, 'a variable that the switch over the type sets') };
  }

  /** The statement in `event_init` that leaves it if mapping failed. */
  failing(): SyntaxNode {
    const { code } = this.mapping();
    return this.statement(this.callback('event_init'), new RegExp(`^if\\(${code}<0\\)`), `if (${code} < 0) …`);
  }

  /** The statements in `event_init` that reserve the PMC. Throws {@link NotRecognised}. */
  reserving(): Reserving {
    const init = this.callback('event_init');
    const name = this.nameOf(init)!;
    const all = this.statements(init);
    const counts = (one: SyntaxNode): boolean =>
      /\batomic_inc\w*\(/.test(this.tight(one)) || this.#calls(one).some((callee) => this.#takesPmc(callee));
    const first = this.must(all.find(counts), name, 'a statement that counts the event or reserves the PMC');
    const last = all.find((one) => one.from >= first.from && /return-EBUSY;/.test(this.tight(one)));
    return { first, from: first.from, to: this.must(last, name, 'return -EBUSY').to };
  }

  /** Puts a guard before a statement. Throws {@link NotRecognised} if it is there already. */
  guard(statement: SyntaxNode, text: string): void {
    const code = new CFile(text);
    if (this.tight(this.functionAround(statement)!).includes(code.tight({ from: 0, to: text.length }).trim()))
      throw new NotRecognised(this.nameOf(this.functionAround(statement)!)!, 'the change is made already');
    this.edits.before(this.withComment(statement), text);
  }

  #calls(statement: SyntaxNode): string[] {
    return this.all(['CallExpression'], statement).map((call) => this.tight(call.firstChild!));
  }

  #takesPmc(name: string): boolean {
    const definition = this.functionCalled(name);
    return definition !== undefined && new RegExp(`\\b${this.perfIrq}=[^=]`).test(this.tight(definition));
  }

  #name(what: keyof Probe, says: string): string {
    return this.must(this.#names[what], this.source.path, says);
  }
}
