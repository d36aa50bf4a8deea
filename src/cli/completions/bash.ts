import type { CommandRow, Kind, OptionRow, Values } from './table.ts';

/** What bash runs to complete words of one kind. */
export function wordsIn(kinds: readonly Kind[], values: Values, current = '$cur'): string {
  const names = kinds.flatMap((kind) => values[kind] ?? []);
  const found = kinds.includes('finding') ? ' $(_hartproof_findings)' : '';
  return `$(compgen -W "${names.join(' ')}${found}" -- "${current}")`;
}

const fileFlag = (kinds: readonly Kind[]): string | undefined =>
  kinds.includes('file') ? '-f' : kinds.includes('directory') ? '-d' : undefined;

/** A completion of bash: `source <(hartproof completions bash)`. */
export function bashScript(rows: readonly CommandRow[], values: Values): string {
  return `# bash completion for hartproof: source <(hartproof completions bash)
_hartproof_findings() { hartproof completions --findings 2>/dev/null; }
_hartproof() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  # A name of a finding is three words to bash: hp : 3f9a1c.
  [[ $cur == : ]] && cur="" && prev="\${COMP_WORDS[COMP_CWORD-2]}"
  [[ $prev == : ]] && prev="\${COMP_WORDS[COMP_CWORD-3]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
${rows
  .filter(({ name }) => name !== '')
  .map(({ name }) => `      "${name.includes(' ') ? '' : ' '}${name}") command="${name}" ;;`)
  .join('\n')}
    esac
  done
  COMPREPLY=()
  case "$command" in
${rows.map((row) => branch(row, values)).join('\n')}
  esac
}
complete -o filenames -F _hartproof hartproof
`;
}

function branch({ name, options, kinds, subcommands }: CommandRow, values: Values): string {
  const all = options.flatMap(({ flags }) => flags);
  const files = fileFlag(kinds);
  const rest =
    subcommands.length > 0
      ? `COMPREPLY=($(compgen -W "${subcommands.join(' ')}" -- "$cur"))`
      : `COMPREPLY=(${wordsIn(kinds, values)}${files === undefined ? '' : ` $(compgen ${files} -- "$cur")`})`;
  return `    "${name}")
      case "$prev" in
${options
  .filter(({ takesValue }) => takesValue)
  .map((option) => `        ${valueBranch(option, values)}`)
  .join('\n')}
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "${all.join(' ')}" -- "$cur")); else ${rest}; fi ;;`;
}

function valueBranch({ flags, kind }: OptionRow, values: Values): string {
  const files = kind === undefined ? undefined : fileFlag([kind]);
  const reply =
    kind === undefined
      ? ''
      : files === undefined
        ? `COMPREPLY=(${wordsIn([kind], values)}); `
        : `COMPREPLY=($(compgen ${files} -- "$cur")); `;
  return `${flags.join('|')}) ${reply}return ;;`;
}
