import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fileName } from '../../audit/texts.ts';
import { range } from '../../findings/rows.ts';
import type { CodeLine } from '../session/code.ts';
import { doneAtLine, hasText, linesShown, placeNow } from './code-shown.ts';
import { told } from './finding.ts';
import { Panel } from './panel.tsx';

/** The driver's own C, with the line lit that runs. */
export function CodePanel() {
  const now = placeNow.value;
  const { lines } = linesShown.value;
  return (
    <Panel
      name="code"
      tools={
        !hasText() && (
          <span
            class="note"
            title="hartproof explore --source FILE.c shows the text of the driver; without it, the lines say what the facts do there"
          >
            its text: --source FILE.c
          </span>
        )
      }
    >
      <p class="caption line">
        {now === undefined ? (
          nothingText()
        ) : (
          <>
            <code>{now.place.function}</code>, {fileName(now.place)}:{range(now.place.lines)}
            {now.ago > 0 && `, ${now.ago === 1 ? 'one step' : `${now.ago} steps`} ago`}
          </>
        )}
      </p>
      <Listing
        lines={lines}
        first={now?.place.lines[0]}
        last={now?.place.lines[1]}
        ago={now?.ago ?? 0}
        does={doneAtLine.value}
      />
    </Panel>
  );
}

const nothingText = (): string =>
  told.value === undefined || told.value.at === 0
    ? 'Nothing of the driver has run yet.'
    : 'The report names no line for this step.';

interface ListingProps {
  readonly lines: readonly CodeLine[];
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly ago: number;
  /** What the first of them says now, where it is another thing than at first. */
  readonly does: string | undefined;
}

function Listing({ lines, first = 0, last = -1, ago, does }: ListingProps) {
  const box = useRef<HTMLDivElement>(null);
  // Drawn once: a step only lights another line.
  const at = does === undefined ? undefined : first;
  const drawn = useMemo(
    () => lines.map((line) => <Line key={line.number} line={line.number === at ? { ...line, text: does! } : line} />),
    [lines, at, does],
  );
  useEffect(() => {
    const listing = box.current;
    if (listing === null) return;
    for (const lit of listing.querySelectorAll('[aria-current]')) lit.removeAttribute('aria-current');
    const lit = [...listing.querySelectorAll<HTMLElement>('[data-line]')].filter(
      ({ dataset }) => Number(dataset.line) >= first && Number(dataset.line) <= last,
    );
    for (const line of lit) line.setAttribute('aria-current', ago === 0 ? 'step' : 'location');
    const watch = new ResizeObserver(() => bringIntoView(listing, lit));
    watch.observe(listing);
    return () => watch.disconnect();
  }, [lines, first, last, ago]);
  return (
    <div ref={box} class="scrolls listing" tabIndex={0} role="group" aria-label="the C of the driver">
      {lines.length === 0 && <p class="note">The lines that the log comes by are told here.</p>}
      {drawn}
    </div>
  );
}

const Line = ({ line: { number, text, heads, gap } }: { line: CodeLine }) => (
  <>
    {heads !== undefined && <div class="heads">{heads}</div>}
    <div class={gap ? 'gap' : ''} data-line={number}>
      <span class="number">{number}</span>
      <code>{text}</code>
    </div>
  </>
);

/** Scrolls the panel, and not the page, until the lines can be seen with what is around them. */
function bringIntoView(box: HTMLElement, lines: readonly HTMLElement[]): void {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return;
  const frame = box.getBoundingClientRect();
  const top = first.getBoundingClientRect().top - frame.top;
  const bottom = last.getBoundingClientRect().bottom - frame.top;
  if (top < 0 || bottom > box.clientHeight) box.scrollTop += top - box.clientHeight / 3;
}
