import type { ComponentType } from 'preact';
import { factLabel } from '../session/fact-label.ts';
import { isLinkable } from './address.ts';
import { Banner } from './banner.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { CodePanel } from './code-panel.tsx';
import { isCopied } from './copy-link.ts';
import { told } from './finding.ts';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { enlarged, isHidden, layout, moveBefore, type PanelName } from './layout.ts';
import { LogPanel } from './log-panel.tsx';
import { NextPanel } from './next-panel.tsx';
import { KIND } from './panel.tsx';
import { PathPanel } from './path-panel.tsx';
import { PropertiesPanel } from './properties-panel.tsx';
import { RecordingPanel } from './recording-panel.tsx';
import { StatePanel } from './state-panel.tsx';
import { refusalText } from './stopped.ts';
import { notice, view } from './store.ts';
import { ToldLog, ToldRoom, ToldState } from './told-panels.tsx';

const PANELS: Readonly<Record<PanelName, ComponentType>> = {
  log: LogPanel,
  next: NextPanel,
  code: CodePanel,
  machines: ChartPanel,
  path: PathPanel,
  state: StatePanel,
  properties: PropertiesPanel,
};

/** What there is to see of a finding that no machines follow. */
const TOLD: { readonly [P in PanelName]?: ComponentType } = {
  log: ToldLog,
  code: CodePanel,
  machines: ToldRoom,
  state: ToldState,
};

/** The whole page. */
export function App() {
  return (
    <>
      <Header />
      <Notices />
      <Main />
      <p class="hidden" aria-live="polite">
        {isCopied.value ? 'The link is copied.' : said()}
      </p>
      <Help />
    </>
  );
}

function Main() {
  const shown = told.value === undefined ? PANELS : TOLD;
  const large = enlarged.value;
  const isShown = (name: PanelName): boolean =>
    shown[name] !== undefined && (large !== undefined && shown[large] !== undefined ? name === large : !isHidden(name));
  if (!layout.value.columns.flat().some(isShown))
    return (
      <main class="enlarged">
        <p class="note">Every panel is hidden: Panels, above, shows them again.</p>
      </main>
    );
  return (
    <main class={large === undefined ? '' : 'enlarged'}>
      {layout.value.columns.map((names, column) => {
        const seen = names.filter(isShown);
        if (seen.length === 0 && (large !== undefined || told.value !== undefined)) return null;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys on the title of a panel do the same
          <div key={column} class="column" onDragOver={(event) => event.preventDefault()} onDrop={dropIn(column)}>
            {seen.map((name) => {
              const Shown = shown[name]!;
              return <Shown key={name} />;
            })}
          </div>
        );
      })}
    </main>
  );
}

/** A panel that is dropped beside the others of a column stands at its end. */
const dropIn =
  (column: number) =>
  (event: DragEvent): void => {
    const name = event.dataTransfer?.getData(KIND) as PanelName | undefined;
    if (name && event.target === event.currentTarget) moveBefore(name, column, undefined);
  };

/** What went wrong, where the log ends against its will, and what the address lacks. */
function Notices() {
  const stop = view.value.timeline.stop;
  const texts = [
    notice.value,
    stop === null ? undefined : refusalText(view.value.timeline, stop),
    isLinkable() ? undefined : 'This log cannot be in an address: save it to keep it.',
  ].filter((text) => text !== undefined);
  return (
    <div class="notices">
      <div role="alert">
        {texts.map((text) => (
          <p key={text}>
            {text}
            {text === notice.value && <Dismiss />}
          </p>
        ))}
      </div>
      <Banner />
      <RecordingPanel />
    </div>
  );
}

/** Takes a notice away that was read. */
function Dismiss() {
  return (
    <button
      type="button"
      class="sign"
      aria-label="dismiss"
      title="dismiss"
      onClick={() => {
        notice.value = undefined;
      }}
    >
      ×
    </button>
  );
}

/** The present step, for who does not see it. */
function said(): string {
  if (told.value !== undefined) {
    const { at, finding } = told.value;
    return at === 0 ? 'at the start' : `step ${at}: ${finding.steps[at - 1]!.what}`;
  }
  const { timeline, at } = view.value;
  if (at === 0) return 'at the start';
  const broken = timeline.firstViolatedAt(at);
  return `fact ${at}: ${factLabel(timeline.facts[at - 1]!)}${broken.length > 0 ? `; violates ${broken.join(', ')}` : ''}`;
}
