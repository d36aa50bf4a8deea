import type { System } from './compose/index.ts';
import type { AnyFact } from './vocabulary.ts';

/**
 * A log as a sequence diagram in Mermaid: a lifeline for each machine that takes part, an arrow from who initiates a fact to
 * each other who takes part.
 *
 * @param note What is said at the end, over all: what a counterexample violates, for one.
 * @experimental
 */
export function sequenceDiagram<F extends AnyFact, R extends string>(
  system: System<F, R>,
  log: readonly F[],
  note?: string,
): string {
  const involved = [...new Set(log.flatMap((fact) => system.participants(fact)))].sort((a, b) => a - b);
  const lines = involved.map((part) => `participant p${part} as ${plain(nameOf(system, part))}`);
  for (const fact of log) {
    const [from, ...others] = system.participants(fact);
    for (const to of others.length === 0 ? [from] : others)
      lines.push(`p${from}->>p${to}: ${plain(labelOf(system, fact))}`);
  }
  const [first] = involved;
  if (note !== undefined && first !== undefined) {
    const over = involved.length === 1 ? `p${first}` : `p${first},p${involved.at(-1)}`;
    lines.push(`Note over ${over}: ${plain(note)}`);
  }
  return ['sequenceDiagram', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function nameOf<F extends AnyFact, R extends string>({ parts, vocabulary }: System<F, R>, part: number): string {
  const { role, index } = parts[part]!;
  return vocabulary.roles[role]!.indexedBy === undefined ? role : `${role} ${index}`;
}

/** The type of a fact, and its data; whom it is of is where the arrow is. */
function labelOf<F extends AnyFact, R extends string>({ vocabulary }: System<F, R>, fact: F): string {
  const data = Object.entries(fact).filter(([field]) => field !== 'type' && !vocabulary.selectors.includes(field));
  const said = data.map(([field, value]) => `${field} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [fact.type, ...(said.length === 0 ? [] : [`(${said.join(', ')})`])].join(' ');
}

/** Text that Mermaid takes for text. */
const plain = (text: string): string => text.replace(/[#;<>\n\r]/g, (sign) => `#${sign.codePointAt(0)};`);
