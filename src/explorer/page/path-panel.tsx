import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { sequenceDiagram } from '../../diagrams/sequence.ts';
import { svgOfSequence } from '../../diagrams/sequence-svg.ts';
import { windowBefore } from '../session/sequence-window.ts';
import { DifferenceView } from './difference.tsx';
import { Panel } from './panel.tsx';
import { savePicture } from './save.ts';
import { view } from './store.ts';

/** How many facts a sequence diagram shows at first. */
const SHORT = 60;
const size = signal(SHORT);

/** How far it shrinks where it is too wide. */
const SMALLEST = 0.75;

/** What the panel shows. */
export const showing = signal<'sequence' | 'difference'>('sequence');

/** The path so far as a sequence diagram; or what is different from the mark. */
export function PathPanel() {
  const which = showing.value;
  return (
    <Panel
      name="path"
      title="The path here"
      tools={
        <>
          <div class="switch" role="group" aria-label="what is shown of the path">
            {(['sequence', 'difference'] as const).map((one) => (
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
          {which === 'sequence' && (
            <button
              type="button"
              onClick={() => savePicture('sequence', picture().svg)}
              title="save the picture as SVG"
            >
              SVG
            </button>
          )}
        </>
      }
    >
      {which === 'sequence' ? <Sequence /> : <DifferenceView />}
    </Panel>
  );
}

function picture() {
  const { timeline, at } = view.value;
  const shown = windowBefore(timeline.facts, at, size.value);
  const broken = timeline.firstViolatedAt(at);
  const end = broken.length === 0 ? {} : ({ breaks: 'state', property: broken.join(', ') } as const);
  return { ...shown, svg: svgOfSequence(sequenceDiagram(shown.facts, end)) };
}

function Sequence() {
  const { svg, first, calls } = picture();
  const { at } = view.value;
  const figure = useRef<HTMLElement>(null);
  useEffect(() => {
    const box = figure.current!;
    const fit = (): void => {
      const width = box.querySelector('svg')?.width.baseVal.value ?? 1;
      box.style.setProperty('--zoom', Math.max(SMALLEST, Math.min(1, (box.clientWidth - 16) / width)).toFixed(3));
      // The last step is what a person looks at.
      box.scrollTop = box.scrollHeight;
      const { left, right } = box.getBoundingClientRect();
      const last = [...box.querySelectorAll('.steps-drawn .step')].at(-1)?.getBoundingClientRect();
      if (last !== undefined && (last.left < left || last.right > right))
        box.scrollLeft += (last.left + last.right - left - right) / 2;
    };
    const watch = new ResizeObserver(fit);
    watch.observe(box);
    return () => watch.disconnect();
  }, [svg]);
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
    </>
  );
}

const labelled = (svg: string): string =>
  svg.replace(/<title>[^<]*<\/title>\n?/, '').replace('<svg ', '<svg aria-label="sequence of facts" ');

/** The picture once more, of which only the names of the lanes are seen: they stay where the rest scrolls. */
const lanes = (svg: string): string => svg.replace(/<defs>.*<\/defs>/, '').replace(/<g class="step">.*<\/g>\n/g, '');
