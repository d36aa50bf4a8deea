import type { SyntaxNode } from '@lezer/common';
import { NotRecognised } from '../c-file.ts';
import type { DriverFile } from '../driver-file.ts';
import { refuse } from './refuse.ts';
import type { Rule } from './rule.ts';

/** `event_init` answers what is not for it before it touches what is shared. */
export const mapsFirst: Rule = (driver) => {
  const { edits } = driver;
  const init = driver.callback('event_init');
  const name = driver.nameOf(init)!;
  const { choice, code } = driver.mapping();
  const reserving = driver.reserving();
  const failing = driver.failing();
  if (reserving.from > choice.from)
    throw new NotRecognised(name, 'it does not reserve the PMC before it maps the event');
  const undoes = new RegExp(`^if\\(${code}<0\\)\\{[^{};]*destroy\\([^{};]*;return ${code};\\}$`);
  if (!undoes.test(driver.tight(failing)))
    throw new NotRecognised(name, `if (${code} < 0) does not call destroy and return ${code}`);
  const sets = destroySet(driver);
  edits.remove({ from: driver.withComment(reserving.first).from, to: reserving.to });
  edits.remove(sets);
  edits.replaceStatement(
    failing,
    [`if (${code} < 0)\n\treturn ${code};`, edits.lines(reserving), edits.lines(sets)].join('\n\n'),
  );
};

/** A type that is refused gives the reference back. */
export const givesReferenceBack: Rule = (driver) => {
  const { edits, destroyName } = driver;
  const init = driver.callback('event_init');
  const { choice } = driver.mapping();
  if (driver.reserving().from > choice.from)
    throw new NotRecognised(driver.nameOf(init)!, 'it does not reserve the PMC before it maps the event');
  for (const leaves of driver.all(['ReturnStatement'], choice))
    edits.before(leaves, `${destroyName}(${driver.parameter(init)});`);
};

/** `event->destroy` is set only by an open that succeeds. */
export const setsDestroyLast: Rule = (driver) => {
  const { edits, destroyName } = driver;
  const failing = driver.failing();
  const sets = destroySet(driver);
  if (sets.from > failing.from)
    throw new NotRecognised(driver.nameOf(driver.callback('event_init'))!, 'it sets event->destroy last already');
  for (const call of driver.all(['CallExpression'], failing)) {
    const [callee] = [call.firstChild!];
    if (/->destroy$/.test(driver.tight(callee))) edits.replace(callee, destroyName);
  }
  edits.remove(sets);
  edits.after(failing, `\n${edits.lines(sets)}`);
};

function destroySet(driver: DriverFile): SyntaxNode {
  return driver.statement(driver.callback('event_init'), /^\w+->destroy=&?\w+;$/, 'event->destroy = …');
}

/** An event that is open keeps the one reference that it has. */
export const opensOnce: Rule = (driver) => {
  const { destroyName } = driver;
  const event = driver.parameter(driver.callback('event_init'));
  driver.guard(
    driver.reserving().first,
    `/* It is open, and has its reference. */\nif (${event}->destroy == ${destroyName})\n\treturn 0;\n`,
  );
};

/** `destroy` gives back the one reference of an open event. */
export const destroysOnce: Rule = (driver) => {
  const { destroy, destroyName } = driver;
  const event = driver.parameter(destroy);
  const [first] = driver.statements(destroy);
  driver.guard(
    driver.must(first, destroyName, 'a statement'),
    `/* It has no reference to give back. */\nif (${event}->destroy != ${destroyName})\n\treturn;\n\n${event}->destroy = NULL;`,
  );
};

/** No interrupt ever comes to take a sample. */
export const refusesSampling: Rule = (driver) => {
  const event = driver.parameter(driver.callback('event_init'));
  refuse(driver, 'There is no interrupt to take a sample.', `is_sampling_event(${event})`, 'EOPNOTSUPP');
};

/** The counters count in every mode. */
export const refusesModifiers: Rule = (driver) => {
  const init = driver.callback('event_init');
  const event = driver.parameter(init);
  const attr = driver
    .all(['InitDeclarator'], init)
    .map((one) => new RegExp(`^\\*(\\w+)=&${event}->attr$`).exec(driver.tight(one))?.[1])
    .find((pointer) => pointer !== undefined);
  const of = attr === undefined ? `${event}->attr.` : `${attr}->`;
  const flags = ['user', 'kernel', 'hv', 'idle'].map((mode) => `${of}exclude_${mode}`);
  refuse(
    driver,
    'The counters count in every mode.',
    `${flags.slice(0, 2).join(' || ')} ||\n    ${flags.slice(2).join(' || ')}`,
    'EINVAL',
  );
};

/** `add` chooses the index. */
export const leavesIndex: Rule = (driver) => {
  const init = driver.callback('event_init');
  const clears = driver.statement(init, /^\w+(->hw\.|->)idx=-1;$/, 'hw.idx = -1');
  // The comment above the assignments around it says why it is -1.
  for (let at = clears.prevSibling; at !== null; at = at.prevSibling) {
    if (/\n[\t ]*\n/.test(driver.text.slice(at.to, at.nextSibling!.from))) break;
    if (at.name === 'BlockComment' && /\bidx\b/.test(driver.written(at)) && /-1\b/.test(driver.written(at)))
      driver.edits.remove(at);
  }
  driver.edits.remove(clears);
};
