import { useEffect, useRef, useState } from 'preact/hooks';
import { dotOf } from '../../diagrams/dot.ts';
import { chartAt, lastStepOf } from '../session/charts.ts';
import { factLabel } from '../session/fact-label.ts';
import { partName, placeText, sourceText } from '../session/parts.ts';
import { draw } from './drawing.ts';
import { chosen, shown } from './machine-shown.ts';
import { MachineTabs } from './machine-tabs.tsx';
import { Panel } from './panel.tsx';
import { MachinesSwitch, machinesShown, RoomView, roomNow, roomZoom } from './room.tsx';
import { savePicture } from './save.ts';
import { view, world } from './store.ts';
import { usePanning, useSized, Zooming, ZoomTools } from './zoom.tsx';

/** The machines: the statechart of one of them, or the room in which all of them stand. */
export function ChartPanel() {
  return machinesShown.value === 'room' ? <RoomPanel /> : <StatechartPanel />;
}

function RoomPanel() {
  const svg = roomNow();
  return (
    <Panel
      name="machines"
      tools={
        <>
          <MachinesSwitch />
          <ZoomTools zooming={roomZoom} of="machine room" />
          <button type="button" onClick={() => savePicture('machine-room', svg)} title="save the picture as SVG">
            SVG
          </button>
        </>
      }
    >
      <RoomView svg={svg} />
    </Panel>
  );
}

function StatechartPanel() {
  const { system } = world.value;
  const part = shown.value;
  const { timeline, at, moment } = view.value;
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
  const name = partName(system.parts[part]!);
  const taking = at === 0 ? [] : system.participants(timeline.facts[at - 1]!);
  const last = lastStepOf(timeline, part, at);
  return (
    <Panel
      name="machines"
      tools={
        <>
          <MachinesSwitch />
          <ZoomTools zooming={zooming} of="chart" />
          <button type="button" onClick={() => savePicture(name, svg)} title="save the picture as SVG">
            SVG
          </button>
        </>
      }
    >
      <div class="tabbar">
        <MachineTabs part={part} taking={taking} />
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
      </div>
      <p class="caption line">
        {name} is {sourceText(moment.state[part]!) === undefined ? 'in' : 'at'}{' '}
        <code>{sourceText(moment.state[part]!) ?? (placeText(moment.state[part]!) || 'its only state')}</code>
        {last !== undefined && (
          <>
            {' '}
            after fact {last.at}, <code>{factLabel(last.fact)}</code>
          </>
        )}
      </p>
      <Picture svg={svg} label={`statechart of the ${name}`} />
    </Panel>
  );
}

const zooming = new Zooming();

function Picture({ svg, label }: { svg: string; label: string }) {
  const figure = useRef<HTMLElement>(null);
  usePanning(figure, zooming, svg);
  useSized(figure, zooming, svg);
  useEffect(() => {
    // What is lit is what a person looks for.
    const lit =
      figure.current?.querySelector('.node [stroke-width="2"]') ??
      figure.current?.querySelector('.edge [stroke-width="2.2"]');
    const box = figure.current?.getBoundingClientRect();
    const place = lit?.getBoundingClientRect();
    if (figure.current === null || box === undefined || place === undefined) return;
    if (place.top < box.top || place.bottom > box.bottom)
      figure.current.scrollTop += place.top - box.top - box.height / 3;
    if (place.left < box.left || place.right > box.right)
      figure.current.scrollLeft += place.left - box.left - box.width / 3;
  }, [svg]);
  const labelled = svg.replace('<svg ', `<svg aria-label="${label}" `).replace(/<title>[^<]*<\/title>\n?/g, '');
  // The picture is drawn here, from machines that are part of the page.
  return (
    <figure
      ref={figure}
      id="chart"
      class="scrolls"
      role="tabpanel"
      aria-label={label}
      tabIndex={0}
      dangerouslySetInnerHTML={{ __html: labelled }}
    />
  );
}
