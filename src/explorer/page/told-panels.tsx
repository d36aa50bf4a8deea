import { useEffect, useRef } from 'preact/hooks';
import { machineRoom } from '../../diagrams/machine-room.ts';
import { valuesAfter } from '../session/found.ts';
import { tell, told } from './finding.ts';
import { Panel } from './panel.tsx';
import { RoomView, roomWidth } from './room.tsx';
import { ValueRow } from './state-panel.tsx';

/** The steps of a finding, as its report tells them. */
export function ToldLog() {
  const { finding, at } = told.value!;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <Panel name="log">
      <div
        ref={list}
        class="rows told"
        role="listbox"
        tabIndex={0}
        aria-label="the log, step by step"
        aria-activedescendant={`fact-${at}`}
      >
        {[START, ...finding.steps].map(({ who, what, violates }, number) => (
          <div
            key={number}
            id={`fact-${number}`}
            role="option"
            class={number > at ? 'ahead' : ''}
            aria-selected={number === at}
            onClick={() => tell(number)}
          >
            <span class="number">{number}</span>
            <span class="what" title={what}>
              {who === '' ? what : `${who}: ${what}`}
            </span>
            {violates && (
              <span class="breaks" title={finding.ending}>
                ✗<span class="hidden"> {finding.ending}</span>
              </span>
            )}
          </div>
        ))}
      </div>
    </Panel>
  );
}

const START = { who: '', what: 'the start', violates: false } as const;

/** The machine room, as far as its steps say what they change. */
export function ToldRoom() {
  const { finding, at } = told.value!;
  const values = valuesAfter(finding, at);
  const changed = values.flatMap(({ name, value, before }) => (value === before ? [] : [name]));
  return (
    <Panel name="machines">
      {values.length === 0 ? (
        <p class="note">The report does not say what its steps change.</p>
      ) : (
        <RoomView
          svg={machineRoom(new Map(values.map(({ name, value }) => [name, value])), new Set(changed), roomWidth.value)}
        />
      )}
    </Panel>
  );
}

/** What its steps have changed so far. */
export function ToldState() {
  const { finding, at } = told.value!;
  const values = valuesAfter(finding, at);
  return (
    <Panel name="state">
      <div class="scrolls" tabIndex={0} role="group" aria-label="what the steps change">
        {values.length === 0 && <p class="note">The report does not say what its steps change.</p>}
        <table>
          <tbody>
            {values.map(({ name, value, before }) => (
              <ValueRow key={name} name={name} value={value} before={before} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
