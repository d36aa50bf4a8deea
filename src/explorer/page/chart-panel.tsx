import { useEffect, useRef, useState } from 'preact/hooks';
import { dotOf } from '../../diagrams/dot.ts';
import { chartAt, lastStepOf } from '../session/charts.ts';
import { partName, placeText, sourceText } from '../session/parts.ts';
import { draw } from './drawing.ts';
import { chosen, shown, shownIn } from './machine-shown.ts';
import { MachineTabs } from './machine-tabs.tsx';
import { Panel } from './panel.tsx';
import { MachinesSwitch, machinesShown, RoomView, roomNow } from './room.tsx';
import { pictured, view, world } from './store.ts';
import { TOOLS, usePanning, useSized, Zoomed, Zooming } from './zoom.tsx';

/** The machines: the statechart of one of them, or the room in which all of them stand. */
export function ChartPanel() {
  return machinesShown.value === 'room' ? (
    <Panel name="machines" tools={<MachinesSwitch />}>
      <RoomView svg={roomNow()} />
    </Panel>
  ) : (
    <StatechartPanel />
  );
}

function StatechartPanel() {
  const { system } = world.value;
  const part = shown.value;
  const { timeline, at, moment } = view.value;
  const name = partName(system.parts[part]!);
  const taking = at === 0 ? [] : system.participants(timeline.facts[at - 1]!);
  const last = lastStepOf(timeline, part, at);
  const source = sourceText(moment.state[part]!);
  return (
    <Panel
      name="machines"
      tools={
        <>
          <label title="show the machine that acts (f)">
            <input
              type="checkbox"
              checked={chosen.value === undefined}
              onChange={({ currentTarget }) => {
                chosen.value = currentTarget.checked ? undefined : name;
              }}
            />{' '}
            follow
          </label>
          <MachinesSwitch />
        </>
      }
    >
      <MachineTabs part={part} taking={taking} />
      <p class="caption line">
        {name} is {source === undefined ? 'in' : 'at'}{' '}
        <code>{source ?? (placeText(moment.state[part]!) || 'its only state')}</code>
        {last !== undefined && ` after fact ${last.at.toLocaleString('en')}`}
      </p>
      <Statechart />
    </Panel>
  );
}

const zooming = new Zooming();

/** The statechart of the machine that is shown, where it is. */
function Statechart() {
  const { timeline, at } = pictured.value;
  const part = shownIn(pictured.value);
  const [svg, setSvg] = useState('');
  const dot = dotOf(chartAt(timeline, part, at));
  useEffect(() => {
    let isOld = false;
    draw(dot).then(
      (drawn) => isOld || setSvg(drawn),
      (error) => isOld || setSvg(`<p class="note">The chart cannot be drawn: ${(error as Error).message}</p>`),
    );
    return () => {
      isOld = true;
    };
  }, [dot]);
  return <Picture svg={svg} name={partName(timeline.world.system.parts[part]!)} />;
}

function Picture({ svg, name }: { svg: string; name: string }) {
  const label = `statechart of the ${name}`;
  // Of another event it is another picture, though it looks the same.
  const labelled = svg.replace('<svg ', `<svg aria-label="${label}" `).replace(/<title>[^<]*<\/title>\n?/g, '');
  const figure = useRef<HTMLElement>(null);
  usePanning(figure, zooming, labelled);
  useSized(figure, zooming, labelled);
  useEffect(() => {
    const box = figure.current;
    if (box === null) return;
    const watch = new ResizeObserver(() => bringIntoView(box));
    watch.observe(box);
    return () => watch.disconnect();
  }, [labelled]);
  // The picture is drawn here, from machines that are part of the page.
  return (
    <Zoomed zooming={zooming} of="chart" name={name} svg={() => svg}>
      <figure
        ref={figure}
        id="chart"
        class="scrolls"
        role="tabpanel"
        aria-label={label}
        tabIndex={0}
        dangerouslySetInnerHTML={{ __html: labelled }}
      />
    </Zoomed>
  );
}

/** How far what is written at an arrow reaches to its sides, in pixels, as a rule. */
const BESIDE = 80;

/** Scrolls a chart until what is lit can be seen, with what is written at it: it is what a person looks for. */
function bringIntoView(figure: HTMLElement): void {
  const nodes = [...figure.querySelectorAll('.node [stroke-width="2"]')];
  const lit = nodes.length > 0 ? nodes : [...figure.querySelectorAll('.edge [stroke-width="2.2"]')];
  if (lit.length === 0) return;
  const places = lit.map((one) => one.getBoundingClientRect());
  const top = Math.min(...places.map((place) => place.top));
  const bottom = Math.max(...places.map((place) => place.bottom));
  const left = Math.min(...places.map((place) => place.left)) - (nodes.length > 0 ? 0 : BESIDE);
  const right = Math.max(...places.map((place) => place.right)) + (nodes.length > 0 ? 0 : BESIDE);
  const box = figure.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom - TOOLS) figure.scrollTop += top - box.top - box.height / 3;
  if (left < box.left || right > box.right) figure.scrollLeft += (left + right - box.left - box.right) / 2;
}
