import type { CommandRow, Kind, OptionRow, Values } from './table.ts';

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** A completion of fish: `hartproof completions fish | source`. */
export function fishScript(rows: readonly CommandRow[], values: Values): string {
  return `# fish completion for hartproof: hartproof completions fish | source
function __hartproof_findings
  hartproof completions --findings --tokens 2>/dev/null
end
complete -c hartproof -f
${rows.flatMap((row) => linesOf(row, rows, values)).join('\n')}
`;
}

/** When a command is the one that is typed. */
function conditionOf(name: string, rows: readonly CommandRow[]): string {
  if (name === '') return quoted('__fish_use_subcommand');
  const typed = name
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
  const others = rows.filter((row) => row.name.startsWith(`${name} `)).map((row) => row.name.slice(name.length + 1));
  return quoted(others.length === 0 ? typed : `${typed}; and not __fish_seen_subcommand_from ${others.join(' ')}`);
}

function linesOf(row: CommandRow, rows: readonly CommandRow[], values: Values): string[] {
  const { name, options, kinds, subcommands } = row;
  const head = `complete -c hartproof -n ${conditionOf(name, rows)}`;
  return [
    ...subcommands.map((word) => {
      const about = rows.find((one) => one.name === (name === '' ? word : `${name} ${word}`))!.about;
      return `${head} -a ${word} -d ${quoted(about)}`;
    }),
    ...options.map((option) => `${head} ${optionText(option, values)}`),
    ...kinds.map((kind) => `${head} ${kindText(kind, values)}`),
  ];
}

/** The arguments of one kind. */
function kindText(kind: Kind, values: Values): string {
  if (kind === 'file' || kind === 'directory') return '-F';
  return `-a ${quoted(kind === 'finding' ? '(__hartproof_findings)' : (values[kind] ?? []).join(' '))}`;
}

function optionText({ flags, about, takesValue, kind }: OptionRow, values: Values): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = !takesValue
    ? ''
    : kind === undefined
      ? ' -x'
      : kind === 'file' || kind === 'directory'
        ? ' -r -F'
        : ` -x ${kindText(kind, values)}`;
  return `${names.join(' ')}${value} -d ${quoted(about)}`;
}
