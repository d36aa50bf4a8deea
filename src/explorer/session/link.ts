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
}

/** What follows the `#` of an address. */
export function writeLink({ subject, logs, on, at, property, file, port }: Link): string {
  const fields: [string, string][] = [
    ['model', subject.model],
    ['environment', subject.environment],
    ['driver', subject.driver],
  ];
  if (subject.wordBits !== undefined) fields.push(['width', String(subject.wordBits)]);
  if (port !== undefined) fields.push(['port', port]);
  if (file !== undefined) fields.push(['file', file]);
  for (const log of logs) fields.push(['log', log]);
  if (on !== 0) fields.push(['on', String(on)]);
  if (at !== undefined) fields.push(['at', String(at)]);
  if (property !== undefined) fields.push(['property', property]);
  return new URLSearchParams(fields).toString();
}

/** Reads what {@link writeLink} wrote; what is missing or makes no sense is taken from `otherwise`, or left out. */
export function readLink(text: string, otherwise: Subject): Link {
  const fields = new URLSearchParams(text.replace(/^#/, ''));
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
  };
}

/** Nothing but a file beside the page. */
function beside<Name extends string>(fields: URLSearchParams, name: Name): { readonly [N in Name]?: string } {
  const file = fields.get(name);
  return (file !== null && /^[\w-][\w.-]*$/.test(file) ? { [name]: file } : {}) as { readonly [N in Name]?: string };
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
