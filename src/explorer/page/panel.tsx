import type { ComponentChildren } from 'preact';
import {
  enlarged,
  layout,
  moveBefore,
  moveBy,
  type PanelName,
  TITLES,
  toggleEnlarged,
  toggleHidden,
} from './layout.ts';

interface PanelProps {
  readonly name: PanelName;
  /** Beside the title: what is to be done with the panel. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What is dragged is one of our panels. */
export const KIND = 'text/x-hartproof-panel';

/** The arrow keys on a title: how far they move its panel. */
const MOVES: Readonly<Record<string, readonly [columns: number, places: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One part of the page, with a title that names it: it can be enlarged, hidden, and moved by its title. */
export function Panel({ name, tools, children }: PanelProps) {
  const isLarge = enlarged.value === name;
  return (
    <section
      class={`panel ${name}`}
      id={name}
      aria-labelledby={`${name}-title`}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes(KIND)) event.preventDefault();
      }}
      onDrop={(event) => dropOn(event, name)}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys on its title do the same, and z */}
      <header
        draggable
        onDragStart={(event) => event.dataTransfer?.setData(KIND, name)}
        onDblClick={({ target, currentTarget }) => {
          if (target === currentTarget || (target as HTMLElement).closest('h2') !== null) toggleEnlarged(name);
        }}
      >
        <h2 id={`${name}-title`}>
          <button
            type="button"
            class="mover"
            title="drag it, or use the arrow keys, to move the panel; twice to enlarge it (z)"
            onKeyDown={(event) => moveByKey(event, name)}
          >
            {TITLES[name]}
          </button>
        </h2>
        {tools}
        <span class="windowing">
          <Sign
            label={isLarge ? `${TITLES[name]}: back to its place (z)` : `${TITLES[name]}: enlarge (z)`}
            path={isLarge ? 'M6 2v4H2M10 14v-4h4' : 'M9 2h5v5M7 14H2V9'}
            onClick={() => toggleEnlarged(name)}
          />
          <Sign
            label={`${TITLES[name]}: hide (x)`}
            path="M3.5 3.5l9 9M12.5 3.5l-9 9"
            onClick={() => toggleHidden(name)}
          />
        </span>
      </header>
      {children}
    </section>
  );
}

function Sign({ label, path, onClick }: { label: string; path: string; onClick: () => void }) {
  return (
    <button type="button" class="sign" aria-label={label} title={label} onClick={onClick}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        <path d={path} fill="none" stroke="currentColor" stroke-width="2" />
      </svg>
    </button>
  );
}

function moveByKey(event: KeyboardEvent, name: PanelName): void {
  const move = MOVES[event.key];
  if (move === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  moveBy(name, ...move);
  // It may be another element now.
  setTimeout(() => document.querySelector<HTMLElement>(`#${name} .mover`)?.focus());
}

function dropOn(event: DragEvent, name: PanelName): void {
  const dropped = event.dataTransfer?.getData(KIND) as PanelName | undefined;
  if (!dropped) return;
  event.preventDefault();
  const { columns } = layout.value;
  const to = columns.findIndex((column) => column.includes(name));
  const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const isBelow = event.clientY > top + height / 2;
  const others = columns[to]!.filter((one) => one !== dropped);
  moveBefore(dropped, to, isBelow ? others[others.indexOf(name) + 1] : name);
}
