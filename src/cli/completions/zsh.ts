import type { CommandRow, Kind, OptionRow, Values } from './table.ts';

/** A text in single quotes, as zsh's `_describe` and `_arguments` take it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What of a text means something to `_arguments`, escaped. */
const plain = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

/** A completion of zsh: `source <(hartproof completions zsh)`, after compinit. */
export function zshScript(rows: readonly CommandRow[], values: Values): string {
  const top = rows.filter(({ name }) => name !== '' && !name.includes(' '));
  return `#compdef hartproof
# zsh completion for hartproof: source <(hartproof completions zsh), after compinit
_hartproof_findings() {
  local -a found
  found=(\${(f)"$(hartproof completions --findings --tokens 2>/dev/null)"})
  compadd -a found
}
${kindFunctions(values)}
${rows
  .filter(({ name }) => name !== '')
  .map((row) => commandFunction(row, rows))
  .join('\n')}
${dispatcher(
  '_hartproof',
  top.map(({ name, about }) => quoted(`${name}:${plain(about)}`)),
)}
compdef _hartproof hartproof
`;
}

const functionOf = (name: string): string => `_hartproof_${name.replaceAll(' ', '_')}`;

/** A function that completes the name of a command, and what follows it by the function of that command. */
const dispatcher = (name: string, described: readonly string[]): string => `${name}() {
  local -a commands
  commands=(
${described.map((one) => `    ${one}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  (( $+functions[${name}_$command] )) && ${name}_$command
}`;

/** What completes words of one kind. */
function actionOf(kind: Kind): string {
  switch (kind) {
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'finding':
      return '_hartproof_findings';
    default:
      return `_hartproof_kind_${kind}`;
  }
}

const kindFunctions = (values: Values): string =>
  Object.entries(values)
    .map(([kind, names]) => `_hartproof_kind_${kind}() { compadd -- ${names.map(quoted).join(' ')} }`)
    .join('\n');

function commandFunction({ name, options, kinds, subcommands }: CommandRow, rows: readonly CommandRow[]): string {
  if (subcommands.length > 0) {
    const described = rows
      .filter((row) => row.name.startsWith(`${name} `))
      .map((row) => quoted(`${row.name.slice(name.length + 1)}:${plain(row.about)}`));
    return dispatcher(functionOf(name), described);
  }
  const args =
    kinds.length === 0
      ? []
      : [quoted(`*: :${kinds.length === 1 ? actionOf(kinds[0]!) : `{${kinds.map(actionOf).join('; ')}}`}`)];
  return `${functionOf(name)}() {
  _arguments -s ${[...options.map(optionSpec), ...args].join(' \\\n    ')}
}`;
}

function optionSpec({ flags, about, takesValue, kind }: OptionRow): string {
  const value = takesValue ? `:value:${kind === undefined ? ' ' : actionOf(kind)}` : '';
  return flags.map((flag) => quoted(`*${flag}[${plain(about)}]${value}`)).join(' ');
}
