import type { SyntaxNode } from '@lezer/common';
import type { DriverFile } from '../driver-file.ts';
import { indented } from '../edits.ts';
import type { Rule } from './rule.ts';

/** The count of the live events and `perf_irq` change together, under the mutex. */
export const countsUnderMutex: Rule = (driver) => {
  const { edits } = driver;
  const count = `&${driver.activeEvents}`;
  const init = driver.callback('event_init');
  const { destroy, destroyName } = driver;
  const first = driver.statement(
    init,
    new RegExp(`^if\\(atomic_inc_return\\(${count}\\)==1\\)\\{?(\\w+=)?\\w+\\(\\);\\}?$`),
    `if (atomic_inc_return(${count}) == 1) … = reserve…()`,
  );
  const last = driver.statement(
    destroy,
    new RegExp(`^if\\((atomic_dec_return\\(${count}\\)==0|atomic_dec_and_test\\(${count}\\))\\)\\{?\\w+\\(\\);\\}?$`),
    `if (atomic_dec_return(${count}) == 0) release…()`,
  );
  const reserve = called(driver, first, driver.nameOf(init)!);
  const release = called(driver, last, destroyName);
  declareBefore(driver, reserve);
  startsAsNobody(driver, reserve);
  for (const [branch, into] of [
    [first, reserve],
    [last, release],
  ] as const) {
    edits.replaceStatement(branch, edits.lines(driver.branch(branch)[0]!));
    guardLocked(driver, into, driver.written(driver.condition(branch)));
  }
};

/** The function that an `if` calls, and nothing else. */
function called(driver: DriverFile, branch: SyntaxNode, where: string): SyntaxNode {
  const [call] = driver.branch(branch).flatMap((one) => driver.all(['CallExpression'], one));
  return driver.function(driver.tight(driver.must(call, where, 'a call').firstChild!));
}

/** Puts what a function does under the mutex behind a condition. */
function guardLocked(driver: DriverFile, definition: SyntaxNode, condition: string): void {
  const name = driver.nameOf(definition)!;
  const all = driver.statements(definition);
  const lock = driver.must(
    all.find((one) => /^mutex_lock\(/.test(driver.tight(one))),
    name,
    'mutex_lock(…)',
  );
  const unlock = driver.must(
    all.find((one) => one.from > lock.from && /^mutex_unlock\(/.test(driver.tight(one))),
    name,
    'mutex_unlock(…)',
  );
  const inside = all.filter((one) => one.from > lock.from && one.to < unlock.from);
  const from = driver.must(inside[0], name, 'a statement between lock and unlock').from;
  const range = { from, to: inside.at(-1)!.to };
  const lines = indented(driver.edits.lines(range), '\t');
  const block = inside.length === 1 && !lines.includes('\n') ? `\n${lines}` : ` {\n${lines}\n}`;
  driver.edits.replaceStatement(range, `if ${condition}${block}`);
}

/** A function that is not always told who held the PMC starts with nobody. */
function startsAsNobody(driver: DriverFile, definition: SyntaxNode): void {
  const look = driver.statementLike(definition, new RegExp(`^\\w+=${driver.perfIrq};$`));
  const variable = look && driver.tight(look).split('=')[0];
  const declaration = driver
    .all(['Declaration'], definition)
    .find((one) => new RegExp(`\\b${variable};$`).test(driver.tight(one)));
  if (declaration === undefined) return;
  const { to } = declaration;
  driver.edits.replace({ from: to - 1, to }, ' = NULL;');
}

/** Moves the declaration of the count before its first use. */
function declareBefore(driver: DriverFile, definition: SyntaxNode): void {
  const { activeEvents, edits, perfIrq } = driver;
  const declarationOf = (name: string): SyntaxNode | undefined =>
    driver
      .all(['Declaration'])
      .find((one) => one.parent?.name === 'Program' && new RegExp(`\\b${name}\\b[^(]*;$`).test(driver.tight(one)));
  const count = driver.must(declarationOf(activeEvents), driver.source.path, `the declaration of ${activeEvents}`);
  if (count.from < definition.from) return;
  const owner = declarationOf(perfIrq);
  if (owner !== undefined && owner.from < definition.from) edits.after(owner, driver.written(count));
  else edits.before(driver.withComment(definition), `${driver.written(count)}\n`);
  edits.remove(count);
}

/** The PMC is taken only when nobody has it. */
export const takesOnlyFreePmc: Rule = (driver) => {
  const { edits, perfIrq } = driver;
  const takes = driver
    .all(['ExpressionStatement'])
    .find((one) => new RegExp(`^${perfIrq}=&?\\w+;$`).test(driver.tight(one)) && looksBefore(driver, one));
  const taking = driver.must(takes, driver.source.path, `${perfIrq} = … right behind old = ${perfIrq}`);
  const old = driver.tight(taking.prevSibling!).split('=')[0];
  const counts = taking.parent?.parent;
  const underMutex =
    counts?.name === 'IfStatement' && /\batomic_inc_return\(/.test(driver.tight(driver.condition(counts)));
  const guarded = `if (!${old})\n\t${edits.lines(taking)}`;
  if (!underMutex) {
    edits.replaceStatement(taking, guarded);
    return;
  }
  // Where the count has changed under the mutex, it is set right under the mutex as well.
  const gives = driver.statement(
    driver.callback('event_init'),
    new RegExp(`^atomic_dec\\(&${driver.activeEvents}\\);$`),
    `atomic_dec(&${driver.activeEvents})`,
  );
  edits.replaceStatement(taking, `${guarded}\nelse\n\t${edits.lines(gives)}`);
  edits.remove(gives);
};

const looksBefore = (driver: DriverFile, taking: SyntaxNode): boolean =>
  taking.prevSibling !== null && new RegExp(`^\\w+=${driver.perfIrq};$`).test(driver.tight(taking.prevSibling));
