import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/cpp';
import { withoutComments } from '../../subject/comments.ts';

/** A part of a C file: a node of its syntax tree, or several in a row. */
export type Range = Pick<SyntaxNode, 'from' | 'to'>;

/** The C is not as a rule expects it: the message says where it looked, and what is not so. */
export class NotRecognised extends Error {
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
  }
}

/** A C file, and what is where in it. */
export class CFile {
  readonly #root: SyntaxNode;

  constructor(readonly text: string) {
    this.#root = parser.parse(text).topNode;
  }

  written({ from, to }: Range): string {
    return this.text.slice(from, to);
  }

  /** The text without comments, and without blanks but between two words: what is compared. */
  tight(range: Range): string {
    return withoutComments(this.written(range))
      .replace(/\s+/g, ' ')
      .replace(/ (?!\w)|(?<!\w) /g, '');
  }

  /** All nodes of some kinds, in their order. */
  all(kinds: readonly string[], inside: SyntaxNode = this.#root): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    inside.cursor().iterate(({ name, node }) => {
      if (kinds.includes(name)) found.push(node);
    });
    return found;
  }

  /** The definition of a function. Throws {@link NotRecognised}. */
  function(name: string): SyntaxNode {
    return this.must(this.functionCalled(name), name, 'its definition');
  }

  functionCalled(name: string): SyntaxNode | undefined {
    return this.all(['FunctionDefinition']).find((one) => this.nameOf(one) === name);
  }

  nameOf(definition: SyntaxNode): string | undefined {
    const name = definition.getChild('FunctionDeclarator')?.getChild('Identifier');
    return name ? this.written(name) : undefined;
  }

  /** The function in which a node stands. */
  functionAround(node: SyntaxNode): SyntaxNode | undefined {
    for (let at = node.parent; at !== null; at = at.parent) if (at.name === 'FunctionDefinition') return at;
    return undefined;
  }

  /** The name of a function's first parameter. Throws {@link NotRecognised}. */
  parameter(definition: SyntaxNode): string {
    const [first] = this.all(['ParameterDeclaration'], definition);
    const name = first && this.all(['Identifier'], first).at(-1);
    return this.written(this.must(name, this.nameOf(definition)!, 'a parameter'));
  }

  /** The statements of a block, or of a function's body. Declarations and comments are none. */
  statements(block: SyntaxNode): SyntaxNode[] {
    const body = block.name === 'FunctionDefinition' ? (block.getChild('CompoundStatement') ?? block) : block;
    const found: SyntaxNode[] = [];
    for (let at = body.firstChild; at !== null; at = at.nextSibling) if (isStatement(at)) found.push(at);
    return found;
  }

  /** The first statement at any depth that reads like that, whole. Throws {@link NotRecognised}, which tells it as `what`. */
  statement(definition: SyntaxNode, pattern: RegExp, what: string): SyntaxNode {
    return this.must(this.statementLike(definition, pattern), this.nameOf(definition)!, what);
  }

  statementLike(definition: SyntaxNode, pattern: RegExp): SyntaxNode | undefined {
    return this.all(STATEMENTS, definition).find((node) => pattern.test(this.tight(node)));
  }

  /** The condition of an `if`, with its parentheses. */
  condition(branch: SyntaxNode): SyntaxNode {
    return branch.getChild('ConditionClause')!;
  }

  /** What an `if` does: its one statement, or the statements of its block. */
  branch(branch: SyntaxNode): SyntaxNode[] {
    const body = this.condition(branch).nextSibling!;
    return body.name === 'CompoundStatement' ? this.statements(body) : [body];
  }

  /** A node with the comment that stands right above it. */
  withComment(node: SyntaxNode): Range {
    const above = node.prevSibling;
    const belongs = above?.name === 'BlockComment' && /^\n[\t ]*$/.test(this.text.slice(above.to, node.from));
    return { from: belongs ? above.from : node.from, to: node.to };
  }

  /** The value of a field in an initialiser, such as `.add = …`. */
  initialiser(field: string): string | undefined {
    const pair = this.all(['InitializerPair']).find((one) => this.tight(one).startsWith(`.${field}=`));
    return (
      pair &&
      this.tight(pair)
        .slice(field.length + 2)
        .replace(/^&/, '')
    );
  }

  must<T>(found: T | null | undefined, where: string, what: string): T {
    if (found === undefined || found === null) throw new NotRecognised(where, `${what} was not found`);
    return found;
  }
}

const STATEMENTS = ['ExpressionStatement', 'IfStatement', 'ReturnStatement', 'SwitchStatement', 'DoStatement'];

const isStatement = ({ name }: SyntaxNode): boolean =>
  name.endsWith('Statement') && name !== 'CaseStatement' && name !== 'LabeledStatement';
