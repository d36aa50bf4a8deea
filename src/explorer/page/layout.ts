import { signal } from '@preact/signals';

/** The panels, as they stand if nobody moved them: column by column, from above. */
const COLUMNS = [
  ['log', 'next'],
  ['code', 'machines', 'path'],
  ['state', 'properties'],
] as const;

export type PanelName = (typeof COLUMNS)[number][number];

/** What the panels are called. */
export const TITLES: Readonly<Record<PanelName, string>> = {
  log: 'Log',
  next: 'Next facts',
  code: 'C',
  machines: 'Machines',
  path: 'Path',
  state: 'State',
  properties: 'Properties',
};

interface Layout {
  readonly columns: readonly (readonly PanelName[])[];
  readonly hidden: readonly PanelName[];
}

const KEY = 'hartproof.layout';
/** In a low window, four panels have no room above each other that shows anything. */
const LOW = 800;
const AS_MADE: Layout = { columns: COLUMNS, hidden: innerHeight < LOW && innerWidth > 1200 ? ['path'] : [] };

/** Where the panels stand, and which of them are hidden. */
export const layout = signal<Layout>(kept());
/** The panel that fills the page. */
export const enlarged = signal<PanelName | undefined>(undefined);

export const isHidden = (name: PanelName): boolean => layout.value.hidden.includes(name);

/** Shows a panel that is hidden. */
export function show(name: PanelName): void {
  if (isHidden(name)) toggleHidden(name);
}

/** Hides a panel, or shows it again. */
export function toggleHidden(name: PanelName): void {
  const { columns, hidden } = layout.value;
  if (enlarged.value === name) enlarged.value = undefined;
  keep({ columns, hidden: hidden.includes(name) ? hidden.filter((one) => one !== name) : [...hidden, name] });
}

/** Lets a panel fill the page, or takes it back to its place. */
export function toggleEnlarged(name: PanelName): void {
  enlarged.value = enlarged.value === name ? undefined : name;
}

/** Moves a panel by columns and by places within one. */
export function moveBy(name: PanelName, columns: number, places: number): void {
  const seen = layout.value.columns.map((column) => column.filter((one) => !isHidden(one)));
  const from = layout.value.columns.findIndex((column) => column.includes(name));
  const to = Math.max(0, Math.min(seen.length - 1, from + columns));
  const place = seen[from]!.indexOf(name) + places;
  const others = seen[to]!.filter((one) => one !== name);
  moveBefore(name, to, others[Math.max(0, place)]);
}

/** Moves a panel to a column, before another one of it; without that, to its end. */
export function moveBefore(name: PanelName, column: number, before: PanelName | undefined): void {
  if (name === before) return;
  const columns = layout.value.columns.map((names) => names.filter((one) => one !== name));
  const into = columns[column]!;
  const place = before === undefined ? into.length : into.indexOf(before);
  columns[column] = into.toSpliced(place < 0 ? into.length : place, 0, name);
  keep({ ...layout.value, columns });
}

/** Puts every panel where it was made. */
export const restore = (): void => {
  enlarged.value = undefined;
  keep(AS_MADE);
};

function keep(next: Layout): void {
  layout.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing shows it as long as the page is open.
  }
}

function kept(): Layout {
  try {
    const { columns, hidden } = JSON.parse(localStorage.getItem(KEY) ?? '') as Layout;
    const names = columns.flat();
    const isWhole = columns.length === COLUMNS.length && names.length === COLUMNS.flat().length;
    if (isWhole && COLUMNS.flat().every((name) => names.includes(name))) return { columns, hidden };
  } catch {
    // Nothing was kept, or by another version.
  }
  return AS_MADE;
}
