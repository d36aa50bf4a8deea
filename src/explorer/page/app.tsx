import { factLabel } from '../session/fact-label.ts';
import { isLinkable } from './address.ts';
import { Banner } from './banner.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { LogPanel } from './log-panel.tsx';
import { NextPanel } from './next-panel.tsx';
import { PathPanel } from './path-panel.tsx';
import { PropertiesPanel } from './properties-panel.tsx';
import { StatePanel } from './state-panel.tsx';
import { refusalText } from './stopped.ts';
import { notice, view } from './store.ts';

/** The whole page. */
export function App() {
  return (
    <>
      <Header />
      <Notices />
      <main>
        <div class="column paths">
          <NextPanel />
          <LogPanel />
        </div>
        <div class="column pictures">
          <ChartPanel />
          <PathPanel />
        </div>
        <div class="column facts">
          <StatePanel />
          <PropertiesPanel />
        </div>
      </main>
      <p class="hidden" aria-live="polite">
        {said()}
      </p>
      <Help />
    </>
  );
}

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
          <p key={text}>{text}</p>
        ))}
      </div>
      <Banner />
    </div>
  );
}

/** The present step, for who does not see it. */
function said(): string {
  const { timeline, at } = view.value;
  if (at === 0) return 'at the start';
  const broken = timeline.firstViolatedAt(at);
  return `fact ${at}: ${factLabel(timeline.facts[at - 1]!)}${broken.length > 0 ? `; violates ${broken.join(', ')}` : ''}`;
}
