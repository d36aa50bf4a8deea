import type { Argument, Command, Option } from 'commander';

/** What a word of a command line can be, beside a name of its own. */
export type Kind =
  | 'driver'
  | 'environment'
  | 'property'
  | 'model'
  | 'finding'
  | 'word'
  | 'shell'
  | 'file'
  | 'directory';

/** An option: its spellings, and what its value is; no kind where it has none, or nobody can say what. */
export interface OptionRow {
  readonly flags: readonly string[];
  readonly about: string;
  readonly takesValue: boolean;
  readonly kind?: Kind;
}

/** A command by its whole name (`trace import`), with what it takes. */
export interface CommandRow {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionRow[];
  readonly kinds: readonly Kind[];
  readonly subcommands: readonly string[];
}

/** What there is of the kinds whose names are known before a command runs. */
export type Values = Readonly<Partial<Record<Kind, readonly string[]>>>;

/** All commands, as they are registered: the program itself first, under the empty name. */
export function rowsOf(program: Command): CommandRow[] {
  const row = (command: Command, name: string): CommandRow => ({
    name,
    about: command.description(),
    options: [...command.options.map(optionRow), HELP],
    kinds: command.registeredArguments.flatMap(argumentKinds),
    subcommands: command.commands.map((one) => one.name()),
  });
  const below = (command: Command, path: string): CommandRow[] =>
    command.commands.flatMap((one) => {
      const name = path === '' ? one.name() : `${path} ${one.name()}`;
      return [row(one, name), ...below(one, name)];
    });
  return [row(program, ''), ...below(program, '')];
}

const HELP: OptionRow = { flags: ['-h', '--help'], about: 'say what it does, with examples', takesValue: false };

function optionRow({ short, long, flags, description, required, optional }: Option): OptionRow {
  const takesValue = required || optional;
  const kind = takesValue ? kindOf(long?.slice(2) ?? '', /[<[]([^>\].]+)/.exec(flags)?.[1] ?? '') : undefined;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    about: description,
    takesValue,
    ...(kind && { kind }),
  };
}

/** What the name of an option, or that of its value, says of the value. */
function kindOf(option: string, value: string): Kind | undefined {
  if (option === 'driver' || option === 'environment' || option === 'property') return option;
  if (option === 'until') return 'property';
  if (option === 'finding') return 'finding';
  if (/^(?:dir|directory)$/.test(value)) return 'directory';
  return /file|path|log|recording/.test(value) || option === 'paths' ? 'file' : undefined;
}

/** What an argument is, by its name. */
function argumentKinds(argument: Argument): Kind[] {
  switch (argument.name()) {
    case 'model':
      return ['model'];
    case 'model|log':
    case 'model|log|trace|finding':
      return ['model', 'finding', 'file'];
    case 'log':
      return ['finding', 'file'];
    case 'finding':
      return ['finding', 'property'];
    case 'what':
      return ['word', 'property', 'file'];
    case 'one':
    case 'other':
      return ['driver', 'file'];
    case 'name':
      return ['model'];
    case 'shell':
      return ['shell'];
    default:
      return ['file'];
  }
}
