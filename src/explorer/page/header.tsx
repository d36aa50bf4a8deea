import { useEffect, useRef } from 'preact/hooks';
import type { Subject } from '../../replay/subject.ts';
import { driverNames, driverOf } from '../session/drivers.ts';
import { environmentIn, modelInfoOf } from '../session/world.ts';
import { copyLink, isCopied } from './copy-link.ts';
import { findings, found, told } from './finding.ts';
import { isHidden, layout, type PanelName, restore, TITLES, toggleHidden } from './layout.ts';
import { openFinding } from './open-finding.ts';
import { openFile } from './opening.ts';
import { QuestionBox } from './question-box.tsx';
import { judgeAgain } from './recording.ts';
import { explore, jump, notice, opened, selectedProperty, view, world } from './store.ts';

/** Explores the present subject with something changed; a raw trace is judged by what is chosen. */
function change(changed: Partial<Subject>): void {
  const { trace, undecided, ...present } = world.value.subject;
  if (changed.model === undefined && judgeAgain({ ...present, ...changed })) return;
  const subject = { ...present, ...(changed.model === undefined && trace && { trace }), ...changed };
  const { models } = driverOf(subject);
  // A port has models of its own.
  const model = trace || models.some(({ name }) => name === subject.model) ? subject.model : models[0]!.name;
  opened.value = undefined;
  selectedProperty.value = undefined;
  notice.value = undefined;
  const asked = { ...subject, model };
  explore({ ...asked, environment: environmentIn(modelInfoOf(asked), asked.environment) });
}

export function Header() {
  return (
    <header class="top">
      <h1>
        Hartproof <span>explorer</span>
      </h1>
      <SubjectChoices />
      <Steps />
      <div class="actions">
        <input
          id="file"
          type="file"
          accept=".jsonl,.json,.txt"
          class="hidden"
          tabIndex={-1}
          aria-label="a log or a kernel's trace to open"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void openFile(file);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          title="open a log or a kernel's trace (o), or drop it on the page"
          onClick={() => document.getElementById('file')!.click()}
        >
          Open
        </button>
        <button type="button" class="copies" title="copy the link to where you are (y)" onClick={() => void copyLink()}>
          {isCopied.value ? 'Copied' : 'Copy link'}
        </button>
        <PanelMenu />
        <button
          type="button"
          title="the keys (?)"
          onClick={() => (document.getElementById('help') as HTMLDialogElement).showModal()}
        >
          Keys
        </button>
      </div>
      {told.value === undefined && (
        <>
          <p class="asks">{world.value.model.asks}</p>
          <QuestionBox />
        </>
      )}
    </header>
  );
}

/** What is explored: a finding, or a model in an environment with a driver. */
function SubjectChoices() {
  const { model, subject } = world.value;
  const known = findings.value?.findings ?? [];
  return (
    <div class="subject">
      {known.length > 0 && (
        <Choice
          label="finding"
          value={found.value?.token ?? ''}
          among={[...(found.value === undefined ? [''] : []), ...known.map(({ token }) => token)]}
          textOf={(token) => [token, known.find((one) => one.token === token)?.rule.id].filter(Boolean).join(' ')}
          onChange={(token) => void openFinding(token)}
        />
      )}
      {told.value !== undefined ? (
        <span class="note">
          {findings.value?.driver}, {told.value.finding.scope}
        </span>
      ) : (
        <>
          <Choice
            label="model"
            value={subject.model}
            among={[
              ...(subject.trace === undefined ? [] : [model.name]),
              ...driverOf(subject).models.map(({ name }) => name),
            ]}
            onChange={(name) => change({ model: name })}
          />
          <Choice
            label="environment"
            value={subject.environment}
            among={model.environments}
            onChange={(environment) => change({ environment })}
          />
          <Choice
            label="driver"
            value={subject.driver}
            among={driverNames()}
            onChange={(driver) => change({ driver })}
          />
          {subject.wordBits !== undefined && <span class="note">{subject.wordBits} bits</span>}
        </>
      )}
    </div>
  );
}

/** Which panels are shown. */
function PanelMenu() {
  const { hidden } = layout.value;
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeElsewhere = ({ target }: Event): void => {
      if (!menu.current!.contains(target as Node)) menu.current!.open = false;
    };
    addEventListener('pointerdown', closeElsewhere);
    addEventListener('focusin', closeElsewhere);
    return () => {
      removeEventListener('pointerdown', closeElsewhere);
      removeEventListener('focusin', closeElsewhere);
    };
  }, []);
  return (
    <details
      ref={menu}
      class="menu"
      onKeyDown={({ key }) => {
        if (key !== 'Escape') return;
        menu.current!.open = false;
        menu.current!.querySelector('summary')!.focus();
      }}
    >
      <summary title="which panels are shown">Panels{hidden.length > 0 && `: ${hidden.length} hidden`}</summary>
      <div>
        {(Object.keys(TITLES) as PanelName[]).map((name) => (
          <label key={name}>
            <input type="checkbox" checked={!isHidden(name)} onChange={() => toggleHidden(name)} /> {TITLES[name]}
          </label>
        ))}
        <button type="button" onClick={restore}>
          As they were made
        </button>
      </div>
    </details>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly among: readonly string[];
  readonly textOf?: (value: string) => string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, among, textOf = (name) => name, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>{' '}
      <select class={label} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {among.map((name) => (
          <option key={name} value={name}>
            {textOf(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Steps() {
  const { at, length, folded, isDone } = whereInLog();
  return (
    <div class="steps" role="group" aria-label="position in the log">
      <StepButton label="to the start (g)" sign="first" to={0} isOff={at === 0} />
      <StepButton label="one fact back (k)" sign="back" to={at - 1} isOff={at === 0} />
      <label>
        <span class="hidden">position in the log</span>
        <input
          type="number"
          min={0}
          max={length}
          value={at}
          style={{ width: `${String(length).length + 4}ch` }}
          onChange={({ currentTarget }) => jump(Number(currentTarget.value))}
        />
      </label>
      <span class="of">of {length.toLocaleString('en')}</span>
      <StepButton label="one fact further (j)" sign="on" to={at + 1} isOff={at >= folded} />
      <StepButton label="to the end (G)" sign="last" to={length} isOff={at >= folded} />
      {!isDone && <progress max={length} value={folded} aria-label="folding the log" />}
    </div>
  );
}

function whereInLog() {
  const { value: finding } = told;
  if (finding !== undefined) return { ...finding, folded: finding.length, isDone: true };
  const { timeline, at, folded, isDone } = view.value;
  return { at, length: timeline.facts.length, folded, isDone };
}

/** The signs on the buttons, drawn: not every font has them. */
const SIGNS = {
  first: 'M3 2v12M13 2v12L5 8z',
  back: 'M11.5 2v12L3.5 8z',
  on: 'M4.5 2v12l8-6z',
  last: 'M13 2v12M3 2v12l8-6z',
} as const;

interface StepButtonProps {
  readonly label: string;
  readonly sign: keyof typeof SIGNS;
  readonly to: number;
  readonly isOff: boolean;
}

function StepButton({ label, sign, to, isOff }: StepButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} disabled={isOff} onClick={() => jump(to)}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        <path d={SIGNS[sign]} fill="currentColor" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
      </svg>
    </button>
  );
}
