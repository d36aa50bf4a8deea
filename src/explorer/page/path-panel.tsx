import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { sequenceDiagram } from '../../diagrams/sequence.ts';
import { svgOfSequence } from '../../diagrams/sequence-svg.ts';
import { windowBefore } from '../session/sequence-window.ts';
import { DecisionsView } from './decisions.tsx';
import { DifferenceView } from './difference.tsx';
import { byCalls } from './log-panel.tsx';
import { Panel } from './panel.tsx';
import { pictured } from './store.ts';
import { usePanning, Zoomed, Zooming } from './zoom.tsx';

/** How many facts a sequence diagram shows at first. */
const SHORT = 60;
const size = signal(SHORT);

const zooming = new Zooming();

/** What the panel shows. */
export const showing = signal<'sequence' | 'difference' | 'decisions'>('sequence');

/** The path so far as a sequence diagram; or what is different from the mark. */
export function PathPanel() {
  const which = showing.value;
  return (
    <Panel
      name="path"
      tools={
        <div class="switch" role="group" aria-label="what is shown of the path">
          {(['sequence', 'difference', 'decisions'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={which === one}
              onClick={() => {
                showing.value = one;
              }}
            >
              {one}
            </button>
          ))}
        </div>
      }
    >
      {which === 'sequence' ? <Sequence /> : which === 'difference' ? <DifferenceView /> : <DecisionsView />}
    </Panel>
  );
}

function picture() {
  const { timeline, at } = pictured.value;
  const shown = windowBefore(timeline.facts, at, size.value);
  const broken = timeline.firstViolatedAt(at);
  const end = broken.length === 0 ? {} : ({ breaks: 'state', property: broken } as const);
  const { facts, first, calls } = shown;
  const numberOf = (index: number): number | undefined => (index < calls ? undefined : first + index - calls);
  const sequence = sequenceDiagram(facts, { ...end, numberOf, everyFact: !byCalls.value });
  // The heads of the lanes stay in sight.
  return { ...shown, sequence, svg: svgOfSequence(sequence, Number.POSITIVE_INFINITY) };
}

function Sequence() {
  const { sequence, svg, first, calls } = picture();
  const { at } = pictured.value;
  const figure = useRef<HTMLElement>(null);
  const { value: zoom } = zooming.zoom;
  usePanning(figure, zooming, svg);
  useEffect(() => {
    const box = figure.current;
    if (box === null) return;
    const fit = (): void => {
      const { width, height } = box.querySelector('.steps-drawn svg') === null ? NOTHING : sizeOf(box);
      const scale = zooming.scaleIn(box, width, height, svg);
      zooming.scale.value = scale;
      box.style.setProperty('--zoom', scale.toFixed(3));
      // The last step is what a person looks at.
      box.scrollTop = box.scrollHeight;
      const { left, right } = box.getBoundingClientRect();
      const last = [...box.querySelectorAll('.steps-drawn .step')].at(-1)?.lastElementChild?.getBoundingClientRect();
      if (last !== undefined && (last.left < left || last.right > right))
        box.scrollLeft += (last.left + last.right - left - right) / 2;
    };
    const watch = new ResizeObserver(fit);
    watch.observe(box);
    return () => watch.disconnect();
  }, [svg, zoom]);
  if (at === 0)
    return (
      <figure class="scrolls" ref={figure}>
        <p class="note">Nothing happened yet. Take one of the next facts.</p>
      </figure>
    );
  return (
    <>
      {first > 1 && (
        <p class="caption">
          facts {first.toLocaleString('en')} to {at.toLocaleString('en')}
          {calls > 0 && `, after the ${calls === 1 ? 'call' : `${calls} calls`} in flight since before`}{' '}
          <button
            type="button"
            onClick={() => {
              size.value *= 4;
            }}
          >
            more
          </button>
        </p>
      )}
      <Zoomed zooming={zooming} of="sequence" name="sequence" svg={() => svgOfSequence(sequence)}>
        <figure
          ref={figure}
          class="scrolls sequence"
          tabIndex={0}
          role="group"
          aria-label="sequence diagram of the path so far"
        >
          <div class="lanes" aria-hidden="true" dangerouslySetInnerHTML={{ __html: lanes(svg) }} />
          <div class="steps-drawn" dangerouslySetInnerHTML={{ __html: labelled(svg) }} />
        </figure>
      </Zoomed>
    </>
  );
}

const NOTHING = { width: 1, height: 1 } as const;

function sizeOf(box: HTMLElement): { width: number; height: number } {
  const { width, height } = box.querySelector<SVGSVGElement>('.steps-drawn svg')!;
  return { width: width.baseVal.value, height: height.baseVal.value };
}

const labelled = (svg: string): string =>
  svg.replace(/<title>[^<]*<\/title>\n?/, '').replace('<svg ', '<svg aria-label="sequence of facts" ');

/** The picture once more, of which only the names of the lanes are seen: they stay where the rest scrolls. */
const lanes = (svg: string): string =>
  svg.replace(/<defs>.*<\/defs>/, '').replace(/<g class="step"[^>]*>.*<\/g>\n/g, '');
