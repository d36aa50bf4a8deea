import type { Detail } from '../findings/rows.ts';
import type { Asked, ProvedIn, Question } from '../reach/index.ts';
import type { DriverChoice } from './driver-asked.ts';
import type { InC } from './reach-in-c.ts';

/** What was asked of models, and what came out. */
export interface ReachTold {
  readonly question: Question;
  readonly driver: DriverChoice;
  readonly asked: Asked;
  readonly detail: Detail;
  /** The file in which the path is, if it was written. */
  readonly output: string | undefined;
  /** The proofs for any number of events: one of each scope, or none. */
  readonly proved: readonly ProvedIn[];
  /** Set where C was asked. */
  readonly inC?: InC;
}

/** What was asked of a log, and after how many facts it was answered. */
export interface AlongTold {
  readonly question: Question;
  readonly log: string;
  readonly facts: number;
  readonly isTorn: boolean;
  readonly answers: readonly number[];
}

const SCHEMA = 'hartproof.reach/1';

/** So many places or scopes are named. */
const SHOWN = 20;

/** What a person wants to hear: the path; or that there is none, in so many scopes and states, and why. */
export async function reachText(told: ReachTold): Promise<string> {
  const { cutShort, whyNot } = await import('../reach/index.ts');
  const { question, driver, asked, output, proved } = told;
  const { searches, reached, without } = asked;
  const cut = cutShort(asked);
  const lines: string[] = [];
  if (reached !== undefined) {
    const { model, environment, answer } = reached;
    const path = `${cut.length > 0 ? 'a path' : 'a shortest path'} has ${count(answer.log.length, 'fact')}`;
    lines.push(
      `${found(question)}: ${path} (${model.name}, ${environment}, ${driver.name}).`,
      '',
      await steps(told),
      '',
    );
  } else {
    const states = searches.reduce((sum, { answer }) => sum + answer.covered.states, 0);
    const where = `${count(searches.length, 'scope')} of ${driver.name} (${count(states, 'state')})`;
    if (cut.length > 0)
      lines.push(`Bounded: nothing was found in ${where}, not all of which were searched to their ends.`);
    else lines.push(`${notFound(question)} in ${where}.`, ...(await provedLines(proved)), ...whyNot(searches));
  }
  lines.push(...cut.slice(0, SHOWN).map(({ scope, reason }) => `Cut short in ${scope}: ${reason}.`));
  if (cut.length > SHOWN) lines.push(`And in ${count(cut.length - SHOWN, 'scope')} more.`);
  if (without > 0)
    lines.push(`${count(without, 'scope')} more ${without === 1 ? 'does' : 'do'} not have what the question names.`);
  if (output !== undefined && reached) lines.push(`The path is in ${output}: hartproof explore ${output}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

async function steps({ asked: { reached }, driver: { machine }, detail, inC }: ReachTold): Promise<string> {
  const { model, environment, answer } = reached!;
  if (answer.log.length === 0) return '  It is so before anything happens.';
  const { compose } = await import('../../models/index.ts');
  const { rowsOf } = await import('../findings/rows.ts');
  const { traceOf } = await import('../findings/trace.ts');
  const { stepsTable } = await import('../reports/terminal/table.ts');
  const { log } = answer;
  const trace = inC?.traceOf(model, environment, log) ?? traceOf(compose(model.scope, environment, machine), log);
  const rows = rowsOf(trace, { detail });
  return stepsTable(rows.map((row) => ({ ...row, violates: false })));
}

/** That it is so for any number of events too. */
async function provedLines(proved: readonly ProvedIn[]): Promise<string[]> {
  const [first] = proved;
  if (first === undefined) return [];
  const { anyText } = await import('../audit/texts.ts');
  const scopes = proved.map(({ model, environment }) => `${model.name}, ${environment}`);
  return [`Proved for ${anyText(first.proof)}, too, of the kinds that there are in ${scopes.join('; ')}.`];
}

/** The same for a script. */
export async function reachJson({ question, driver, asked, proved }: ReachTold): Promise<string> {
  const { cutShort, whyNot } = await import('../reach/index.ts');
  const { proofJson } = await import('../audit/texts.ts');
  const { reached, searches, without } = asked;
  const cut = cutShort(asked);
  return json(question, {
    answer: reached ? 'reached' : cut.length > 0 ? 'bounded' : 'unreachable',
    driver: driver.name,
    ...(reached && { model: reached.model.name, environment: reached.environment, log: reached.answer.log }),
    ...(!reached && cut.length === 0 && { why: whyNot(searches) }),
    ...(proved.length > 0 && {
      proved: proved.map(({ model, environment, proof }) => ({ model: model.name, environment, ...proofJson(proof) })),
    }),
    searches: searches.map(({ model, environment, answer: { kind, covered } }) => ({
      ...{ model: model.name, environment, answer: kind, states: covered.states },
    })),
    cutShort: cut,
    without,
  });
}

/** Where in a log it was so. */
export function alongText({ question, log, facts, isTorn, answers }: AlongTold): string {
  const all = `${log} (${count(facts, 'fact')})`;
  const torn = isTorn ? ['The end of the log is torn off: what came after these facts is not known.'] : [];
  if (answers.length === 0) return `${[`${notFound(question)} in ${all}.`, ...torn].join('\n')}\n`;
  const places = `${answers.slice(0, SHOWN).join(', ')}${answers.length > SHOWN ? ', …' : ''}`;
  const lines = [
    `${found(question)} ${count(answers.length, 'time')} in ${all}: after fact ${places}.`,
    `hartproof replay ${log} --at ${answers[0]} tells how the first came about.`,
    ...torn,
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for a script. */
export const alongJson = ({ question, ...told }: AlongTold): string => json(question, told);

const json = ({ text, kind }: Question, told: object): string =>
  `${JSON.stringify({ schema: SCHEMA, question: text, kind, ...told }, null, 2)}\n`;

const found = ({ kind }: Question): string => (kind === 'never' ? 'Violated' : 'Reached');
const notFound = ({ kind }: Question): string => (kind === 'never' ? 'Holds' : 'Not reachable');
const count = (number: number, of: string): string => `${number.toLocaleString('en')} ${of}${number === 1 ? '' : 's'}`;
