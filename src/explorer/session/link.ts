import type { Subject } from '../../replay/subject.ts';

/** All that an address says: what is explored, the paths that were taken, and where one is. */
export interface Link {
  readonly subject: Subject;
  /** The branches, each as its choices: see `choices.ts`. */
  readonly logs: readonly string[];
  /** Which of them is the present one. */
  readonly on: number;
  /** The position in it; its end, if left out. */
  readonly at?: number;
  /** The property that is looked at. */
  readonly property?: string;
  /** A log that lies beside the page: its file name. */
  readonly file?: string;
  /** What describes a driver and lies beside the page: its file name. */
  readonly port?: string;
  /** The finding whose log it is, among those that lie beside the page. */
  readonly finding?: string;
  /** Whether the C of the driver lies beside the page. */
  readonly code?: string;
  /** The version of the page that wrote it. */
  readonly version?: string;
}

/** What follows the `#` of an address. */
export function writeLink(link: Link): string {
  const { subject, logs, on, at, property, file, port, finding, code, version } = link;
  const fields: [string, string][] = [
    ...(version === undefined ? [] : ([['version', version]] as [string, string][])),
    ['model', subject.model],
    ['environment', subject.environment],
    ['driver', subject.driver],
  ];
  if (subject.wordBits !== undefined) fields.push(['width', String(subject.wordBits)]);
  if (port !== undefined) fields.push(['port', port]);
  if (code !== undefined) fields.push(['code', code]);
  if (finding !== undefined) fields.push(['finding', finding]);
  if (file !== undefined) fields.push(['file', file]);
  for (const log of logs) fields.push(['log', log]);
  if (on !== 0) fields.push(['on', String(on)]);
  if (at !== undefined) fields.push(['at', String(at)]);
  if (property !== undefined) fields.push(['property', property]);
  return new URLSearchParams(fields).toString();
}

/** Reads what {@link writeLink} wrote; what is missing or makes no sense is taken from `otherwise`, or left out. */
export function readLink(text: string, otherwise: Subject): Link {
  const fields = fieldsOf(text.replace(/^#/, ''));
  const width = whole(fields.get('width'));
  const at = whole(fields.get('at'));
  const property = fields.get('property');
  const logs = fields.getAll('log');
  return {
    subject: {
      model: fields.get('model') ?? otherwise.model,
      environment: fields.get('environment') ?? otherwise.environment,
      driver: fields.get('driver') ?? otherwise.driver,
      ...(width !== undefined && width >= 2 && width <= 64 && { wordBits: width }),
    },
    logs,
    on: Math.min(whole(fields.get('on')) ?? 0, Math.max(0, logs.length - 1)),
    ...(at !== undefined && { at }),
    ...(property !== null && { property }),
    ...beside(fields, 'file'),
    ...beside(fields, 'port'),
    ...beside(fields, 'code'),
    ...named(fields, 'finding', /^[^\p{Cc}]{0,300}$/u),
    ...named(fields, 'version', /^[\w.+-]{1,40}$/),
  };
}

/** The fields of an address; the bare name of a finding is one. */
const fieldsOf = (text: string): URLSearchParams =>
  text.startsWith('hp:') ? new URLSearchParams({ finding: text }) : new URLSearchParams(text);

/** Nothing but a file beside the page. */
const beside = <Name extends string>(fields: URLSearchParams, name: Name) => named(fields, name, /^[\w-][\w.-]*$/);

function named<Name extends string>(
  fields: URLSearchParams,
  name: Name,
  is: RegExp,
): { readonly [N in Name]?: string } {
  const text = fields.get(name);
  return (text !== null && is.test(text) ? { [name]: text } : {}) as { readonly [N in Name]?: string };
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
